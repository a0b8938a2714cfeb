"""Judgements in words: what a card, a tooltip and a table say about a KPI value."""

from collections import Counter
from collections.abc import Sequence
from typing import Literal

from dashboards.formatting import UNKNOWN, format_change, format_interval, format_number, format_value
from dashboards.judgement import (
    ChangeVerdict,
    KpiDefinition,
    KpiPoint,
    TargetVerdict,
    is_too_few,
    judge_change,
    judge_target,
)
from dashboards.language import Phrases

_SIGNS = {"higher": "≥", "lower": "≤", "neutral": "="}

TARGET_COLOURS: dict[TargetVerdict, Literal["green", "red", "gray"]] = {
    TargetVerdict.MET: "green",
    TargetVerdict.MISSED: "red",
    TargetVerdict.NO_TARGET: "gray",
    TargetVerdict.NOT_JUDGED: "gray",
}

TARGET_ICONS = {
    TargetVerdict.MET: ":material/check_circle:",
    TargetVerdict.MISSED: ":material/cancel:",
    TargetVerdict.NO_TARGET: ":material/remove:",
    TargetVerdict.NOT_JUDGED: ":material/help:",
}

CHANGE_COLOURS = {ChangeVerdict.BETTER: "green", ChangeVerdict.WORSE: "red"}


def target_text(point: KpiPoint, definition: KpiDefinition, phrases: Phrases) -> str:
    """Return `≥ 95.0%`, or a dash when the KPI has no target here."""
    if point.target is None:
        return UNKNOWN
    return f"{_SIGNS[definition.direction]} {format_value(point.target, definition.unit, phrases)}"


def verdict_text(point: KpiPoint, definition: KpiDefinition, phrases: Phrases) -> str:
    """Return `target ≥ 95.0% met`, `no target`, …"""
    verdict = judge_target(point, definition)
    return phrases(f"target.{verdict}", target=target_text(point, definition, phrases))


def change_text(now: KpiPoint | None, before: KpiPoint | None, definition: KpiDefinition, phrases: Phrases) -> str:
    """Return `▲ +1.2 pp better`, `no comparison`, …"""
    verdict = judge_change(now, before, definition)
    word = phrases(f"change.{verdict}")
    if verdict in (ChangeVerdict.NO_COMPARISON, ChangeVerdict.SAME):
        return word
    assert now is not None and before is not None  # noqa: S101, PT018 - a comparison was made
    assert now.value is not None and before.value is not None  # noqa: S101, PT018
    arrow = "▲" if now.value > before.value else "▼"
    return f"{arrow} {format_change(now.value, before.value, definition.unit, phrases)} {word}".rstrip()


def n_text(point: KpiPoint, phrases: Phrases) -> str:
    """Return `n = 1,204`."""
    return phrases("number.n", n=format_number(point.n))


def interval_text(point: KpiPoint, definition: KpiDefinition, phrases: Phrases) -> str:
    """Return the interval in words, a dash when the KPI has none here."""
    return format_interval(point.low, point.high, definition.unit, phrases) or UNKNOWN


def null_text(point: KpiPoint, phrases: Phrases) -> str:
    """Return why there is no value; never empty."""
    return phrases.code("null_reason", point.null_reason or "unstated")


def remarks(point: KpiPoint, definition: KpiDefinition, phrases: Phrases) -> list[str]:
    """Return what to know before using a value: no value and why, incomplete, immature, too few."""
    if point.value is None:
        return [null_text(point, phrases)]
    found = []
    if point.matured_share is not None and point.matured_share < 1:
        found.append(phrases("remark.immature", share=format_number(100 * (1 - point.matured_share), 1)))
    elif not point.is_complete:
        found.append(phrases("remark.incomplete"))
    if is_too_few(point, definition):
        found.append(phrases("remark.too_few", n=point.n, minimum=definition.minimum_n))
    return found


def remarks_summary(points: Sequence[KpiPoint], phrases: Phrases) -> str:
    """Return in one sentence why none of the points has a value: their reasons, the most frequent first."""
    reasons = Counter(null_text(point, phrases) for point in points)
    return phrases.sentences(*(reason for reason, _ in reasons.most_common()))
