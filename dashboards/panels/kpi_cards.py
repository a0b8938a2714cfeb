"""The wall of KPI cards: value, target, change, sparkline and caveats of every KPI, by family."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby

import pandas as pd
import streamlit as st

from dashboards import periods
from dashboards.charts.drawing import draw
from dashboards.charts.sparkline import sparkline
from dashboards.filters import Selection
from dashboards.formatting import UNKNOWN, format_period, format_value, plain
from dashboards.judgement import ChangeVerdict, KpiDefinition, KpiPoint, TargetVerdict, judge_change, judge_target
from dashboards.page import Page
from dashboards.periods import PeriodKind
from dashboards.wording import (
    CHANGE_COLOURS,
    TARGET_COLOURS,
    TARGET_ICONS,
    change_text,
    interval_text,
    n_text,
    remarks,
    verdict_text,
)

#: A sparkline shows a year and the same period of the year before.
SPARKLINE_PERIODS = 13

History = Mapping[date, KpiPoint]


def show_cards(
    page: Page, definitions: Sequence[KpiDefinition], histories: Mapping[str, History], selection: Selection
) -> None:
    """Draw one card per KPI, grouped by family in the order of the catalogue."""
    for family, members in groupby(definitions, key=lambda definition: definition.family):
        st.markdown(f"##### {plain(page.phrases.code('family', family))}")
        with st.grid(4, min_column_width=195, border=True, key=f"cards_{family}") as grid:
            for definition in members:
                with grid.cell(), st.container(gap="xsmall"):
                    _show_card(page, definition, histories.get(definition.key, {}), selection)


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
        before = history.get(periods.shift(selection.start, selection.kind, -1))
        if judge_change(point, before, definition) is ChangeVerdict.WORSE:
            worse.append(plain(definition.label))
    comma = say("common.comma")
    period = format_period(selection.start, selection.kind, say)
    judged = met + len(missed)
    lines = [say("overview.targets_met" if judged else "overview.no_targets", met=met, judged=judged, period=period)]
    if missed:
        lines.append(say("overview.targets_missed", kpis=comma.join(missed)))
    lines.append(say("overview.got_worse", kpis=comma.join(worse)) if worse else say("overview.nothing_worse"))
    if unjudged:
        lines.append(say("overview.not_judged", kpis=unjudged))
    if without_value:
        lines.append(say("overview.without_value", kpis=without_value))
    st.markdown("\n".join(f"- {line}" for line in lines))


def cards_frame(
    page: Page, definitions: Sequence[KpiDefinition], histories: Mapping[str, History], selection: Selection
) -> pd.DataFrame:
    """Return what the cards show, one row per KPI, numbers on the scale of the mart."""
    say = page.phrases
    rows = []
    for definition in definitions:
        history = histories.get(definition.key, {})
        point = history.get(selection.start)
        before = history.get(periods.shift(selection.start, selection.kind, -1))
        year_before = history.get(periods.year_before(selection.start, selection.kind))
        rows.append(
            {
                "kpi_key": definition.key,
                "kpi": definition.label,
                "period_kind": str(selection.kind),
                "period_start": selection.start,
                "unit": definition.unit,
                "value": point.value if point else None,
                "n": point.n if point else None,
                "low": point.low if point else None,
                "high": point.high if point else None,
                "target": point.target if point else None,
                "target_verdict": str(judge_target(point, definition)) if point else None,
                "value_last_period": before.value if before else None,
                "value_last_year": year_before.value if year_before else None,
                "matured_share": point.matured_share if point else None,
                "is_complete": point.is_complete if point else None,
                "remarks": say("common.semicolon").join(remarks(point, definition, say)) if point else None,
            }
        )
    return pd.DataFrame(rows)


def _show_card(page: Page, definition: KpiDefinition, history: History, selection: Selection) -> None:
    say = page.phrases
    label = plain(definition.label)
    st.markdown(f"**{label}**", help=_explanation(definition, page))
    point = history.get(selection.start)
    if point is None:
        st.metric(label, UNKNOWN, label_visibility="collapsed")
        st.caption(say("null_reason.no_rows"))
        return
    st.metric(label, format_value(point.value, definition.unit, say), label_visibility="collapsed")
    if point.value is not None:
        verdict = judge_target(point, definition)
        st.badge(verdict_text(point, definition, say), icon=TARGET_ICONS[verdict], color=TARGET_COLOURS[verdict])
        st.markdown("  \n".join(_change_lines(page, definition, history, selection)))
    if sum(other.value is not None for other in history.values()) > 1:
        chart = sparkline(
            _sparkline_frame(definition, history, selection, page), {"period": say("filter.period"), "value": label}
        )
        draw(chart, f"sparkline_{definition.key}")
    st.caption(_footnote(page, definition, point))


def _change_lines(page: Page, definition: KpiDefinition, history: History, selection: Selection) -> list[str]:
    say = page.phrases
    now = history.get(selection.start)
    earlier = {"last_period": periods.shift(selection.start, selection.kind, -1)}
    if selection.kind is not PeriodKind.YEAR:
        earlier["last_year"] = periods.year_before(selection.start, selection.kind)
    lines = []
    for name, start in earlier.items():
        before = history.get(start)
        text = change_text(now, before, definition, say)
        colour = CHANGE_COLOURS.get(judge_change(now, before, definition), "gray")
        lines.append(say(f"change.against_{name}", change=f":{colour}[{text}]"))
    return [f":small[{line}]" for line in lines]


def _sparkline_frame(definition: KpiDefinition, history: History, selection: Selection, page: Page) -> pd.DataFrame:
    starts = [periods.shift(selection.start, selection.kind, -back) for back in reversed(range(SPARKLINE_PERIODS))]
    rows = []
    for start in starts:
        point = history.get(start)
        rows.append(
            {
                "period": periods.code(start, selection.kind),
                "value": point.value if point else None,
                "value_text": format_value(point.value if point else None, definition.unit, page.phrases),
                "target": point.target if point else None,
                "is_current": start == selection.start,
            }
        )
    return pd.DataFrame(rows).astype({"value": float, "target": float})


def _footnote(page: Page, definition: KpiDefinition, point: KpiPoint) -> str:
    say = page.phrases
    facts = []
    if point.value is not None and definition.unit != "count":
        facts.append(n_text(point, say))
        if definition.has_interval and point.low is not None:
            facts.append(say("number.interval_95", interval=interval_text(point, definition, say)))
    footnote = say("common.dot").join([*facts, *remarks(point, definition, say)]) or say("number.counted")
    return footnote if facts else footnote[0].upper() + footnote[1:]


def _explanation(definition: KpiDefinition, page: Page) -> str:
    parts = [f"**{plain(definition.question)}**", plain(definition.definition)]
    if definition.caveat:
        parts.append(page.phrases("kpi.caveat", caveat=plain(definition.caveat)))
    return "\n\n".join(part for part in parts if part.strip("*"))
