"""The short answer of the overview: how many targets are met, which are missed, what got worse."""

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboards.filters import Selection
from dashboards.formatting import format_period, plain
from dashboards.judgement import ChangeVerdict, KpiDefinition, TargetVerdict, judge_change, judge_target
from dashboards.page import Page
from dashboards.panels.kpi_cards import History

#: A sentence names at most so many KPIs.
_MOST_NAMED = 8


def show_summary(
    page: Page, definitions: Sequence[KpiDefinition], histories: Mapping[str, History], selection: Selection
) -> None:
    """Say in one or two sentences where the service is off: targets missed, KPIs that got worse."""
    say = page.phrases
    met, missed, worse, without_value, unjudged = 0, [], [], 0, 0
    for definition in definitions:
        history = histories.get(definition.key, {})
        point = history.get(selection.start)
        if point is None or point.value is None:
            without_value += 1
            continue
        verdict = judge_target(point, definition)
        met += verdict is TargetVerdict.MET
        unjudged += verdict is TargetVerdict.NOT_JUDGED
        if verdict is TargetVerdict.MISSED:
            missed.append(plain(definition.label))
        before = history.get(selection.before)
        if judge_change(point, before, definition) is ChangeVerdict.WORSE:
            worse.append(plain(definition.label))
    period = format_period(selection.start, selection.kind, say)
    judged = met + len(missed)
    lines = [say("overview.targets_met" if judged else "overview.no_targets", met=met, judged=judged, period=period)]
    if missed:
        lines.append(say("overview.targets_missed", kpis=_names(page, missed)))
    against = say(f"against.{selection.comparison}")
    lines.append(
        say("overview.got_worse", kpis=_names(page, worse), against=against)
        if worse
        else say("overview.nothing_worse", against=against)
    )
    if unjudged:
        lines.append(say("overview.not_judged", kpis=unjudged))
    if without_value:
        lines.append(say("overview.without_value", kpis=without_value))
    st.markdown("\n".join(f"- {line}" for line in lines))


def _names(page: Page, labels: Sequence[str]) -> str:
    """Return the first labels of a list, and how many more there are."""
    named = page.phrases("common.comma").join(labels[:_MOST_NAMED])
    left = len(labels) - _MOST_NAMED
    return page.phrases("overview.and_more", named=named, more=left) if left > 0 else named
