"""Judgements in words: what a table, a tile and a sentence say about a figure."""

from reviews.figure import Figure, KpiDefinition, Member
from reviews.judgement import ChangeVerdict, is_too_few, judge_change
from reviews.model import Achievement, Header
from reviews.numbers import UNKNOWN, Numbers


def value_text(figure: Figure | None, definition: KpiDefinition, numbers: Numbers) -> str:
    """Return the value with its unit, a dash when there is none."""
    return numbers.value(figure.value if figure else None, definition.unit)


def target_text(figure: Figure | None, definition: KpiDefinition, numbers: Numbers) -> str:
    """Return `≥ 95.0%`, or a dash when the KPI has no target here."""
    if figure is None or definition.direction == "neutral":
        return UNKNOWN
    return numbers.target(figure.target, definition.direction, definition.unit)


def interval_text(figure: Figure | None, definition: KpiDefinition, numbers: Numbers) -> str:
    """Return the 95 % interval, a dash when the KPI has none here."""
    return numbers.interval(figure.low, figure.high, definition.unit) if figure else UNKNOWN


def n_text(figure: Figure | None, numbers: Numbers) -> str:
    """Return the number of facts behind a value."""
    return numbers.count(figure.n) if figure and figure.value is not None else UNKNOWN


def change_text(
    now: Figure | None,
    before: Figure | None,
    definition: KpiDefinition,
    numbers: Numbers,
    verdict: ChangeVerdict | None = None,
) -> str:
    """Return `▲ +1.2 pp, better`, `no comparison`, …; a verdict that the caller knows goes before the figures' own."""
    found = verdict or judge_change(now, before, definition)
    word = numbers.say(f"change.{found}")
    if found in (ChangeVerdict.NO_COMPARISON, ChangeVerdict.SAME):
        return word
    assert now is not None and before is not None  # noqa: S101, PT018 - a comparison was made
    assert now.value is not None and before.value is not None  # noqa: S101, PT018
    arrow = "▲" if now.value > before.value else "▼"
    change = f"{arrow} {numbers.change(now.value, before.value, definition.unit)}"
    return numbers.say("change.in_words", change=change, word=word) if word else change


def comparison_text(
    now: Figure | None,
    before: Figure | None,
    verdict: ChangeVerdict | None,
    definition: KpiDefinition,
    numbers: Numbers,
) -> str:
    """Return the earlier value and the change since then: `16.2 min (▲ +14.4%, worse)`; a dash without a value."""
    if before is None or before.value is None:
        return UNKNOWN
    change = change_text(now, before, definition, numbers, verdict)
    return numbers.say("change.with_value", before=numbers.value(before.value, definition.unit), change=change)


def null_text(figure: Figure | None, numbers: Numbers) -> str:
    """Return why there is no value; never empty."""
    if figure is None:
        return numbers.say("null_reason.no_rows")
    return numbers.say.code("null_reason", figure.null_reason or "unstated")


def remarks(row: Achievement, numbers: Numbers) -> list[str]:
    """Return what to know before using a row: no value and why, incomplete, immature, too few, data that begin late."""
    figure, say = row.now, numbers.say
    if figure is None or figure.value is None:
        return [null_text(figure, numbers)]
    found = []
    if figure.matured_share is not None and figure.matured_share < 1:
        found.append(say("remark.immature", share=numbers.share(1 - figure.matured_share)))
    elif not figure.is_complete:
        found.append(say("remark.incomplete"))
    if is_too_few(figure, row.definition):
        found.append(say("remark.too_few", n=numbers.count(figure.n), minimum=row.definition.minimum_n))
    if row.begins_in_before and row.before and row.before.value is not None:
        found.append(say("remark.begins_before", day=numbers.day(row.begins_in_before)))
    elif row.begins_in_year_before and row.year_before and row.year_before.value is not None:
        found.append(say("remark.begins_year_before", day=numbers.day(row.begins_in_year_before)))
    return found


def member_name(member: Member, numbers: Numbers) -> str:
    """Return a member's name; codes that no list knows are marked."""
    name = numbers.say.word(member.name)
    return name if member.is_registered or member.is_unknown else numbers.say("common.unregistered", name=name)


def unit_name(unit: str, numbers: Numbers) -> str:
    """Return the unit in words."""
    return numbers.currency if unit == "currency" else numbers.say.code("unit_name", unit)


def period_text(header: Header, numbers: Numbers) -> str:
    """Return the reviewed period, and that it is still running if it is."""
    period = numbers.period(header.period)
    return period if header.is_over else numbers.say("period_name.running", period=period)


def scope_text(header: Header, numbers: Numbers) -> str:
    """Return which regions the numbers are limited to."""
    if header.regions is None:
        return numbers.say("stamp.all_regions")
    names = [member_name(member, numbers) for member in header.regions]
    return numbers.say("stamp.regions", regions=numbers.say.listed(names))


def source_text(header: Header, numbers: Numbers) -> str:
    """Return the line that stands under every slide: source, build, as-of, and the limits of the numbers."""
    say = numbers.say
    source = say(
        "stamp.source",
        build=say("stamp.build", build_id=header.build_id),
        as_of=numbers.instant(header.as_of, header.zone),
        zone=header.zone,
    )
    return source if header.regions is None else say("common.semicolon").join([source, scope_text(header, numbers)])
