"""The wall of KPI cards: value, target, change, sparkline and caveats of every KPI, by family."""

from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd
import streamlit as st

from dashboards import periods
from dashboards.charts.drawing import draw
from dashboards.charts.sparkline import sparkline
from dashboards.drill import Drill, open_drill
from dashboards.filters import Selection
from dashboards.formatting import UNKNOWN, format_period, format_value, plain
from dashboards.judgement import ChangeVerdict, KpiDefinition, KpiPoint, TargetVerdict, judge_change, judge_target
from dashboards.page import Page
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

_VOLUMES = ("tickets_created", "tickets_resolved")

#: A sentence names at most so many KPIs.
_MOST_NAMED = 8

History = Mapping[date, KpiPoint]


def show_cards(
    page: Page, definitions: Sequence[KpiDefinition], histories: Mapping[str, History], selection: Selection
) -> None:
    """Draw the cards by family in the order of the catalogue: the headline, and behind it the rest when opened."""
    say = page.phrases
    for family in dict.fromkeys(definition.family for definition in definitions):
        members = [definition for definition in definitions if definition.family == family]
        first = [definition for definition in members if is_headline(definition, histories.get(definition.key, {}))]
        rest = [definition for definition in members if definition not in first]
        st.markdown(f"##### {plain(say.code('family', family))}")
        _show_grid(page, first, histories, selection, f"cards_{family}")
        if not rest:
            continue
        label = say("overview.more_of_family", kpis=len(rest), family=plain(say.code("family", family)))
        more = st.expander(label, key=f"more_{family}", on_change="rerun")
        if more.open:  # charts of closed expanders would cost as much as those in sight
            with more:
                _show_grid(page, rest, histories, selection, f"cards_more_{family}")


def is_headline(definition: KpiDefinition, history: History) -> bool:
    """Whether a KPI is among the first to look at: it has a target, or says how much work there was."""
    return definition.key in _VOLUMES or any(point.target is not None for point in history.values())


def _show_grid(
    page: Page,
    definitions: Sequence[KpiDefinition],
    histories: Mapping[str, History],
    selection: Selection,
    key: str,
) -> None:
    if not definitions:
        return
    with st.grid(4, min_column_width=195, border=True, key=key) as grid:
        for definition in definitions:
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
        st.markdown(_change_line(page, definition, history, selection))
    if sum(other.value is not None for other in history.values()) > 1:
        chart = sparkline(
            _sparkline_frame(definition, history, selection, page), {"period": say("filter.period"), "value": label}
        )
        draw(chart, f"sparkline_{definition.key}")
    st.caption(_footnote(page, definition, point))
    if point.value is not None:
        st.button(
            say("drill.open"),
            icon=":material/list_alt:",
            type="tertiary",
            key=f"drill_{definition.key}",
            on_click=open_drill,
            args=(Drill(definition.key),),
        )


def _change_line(page: Page, definition: KpiDefinition, history: History, selection: Selection) -> str:
    now, before = history.get(selection.start), history.get(selection.before)
    text = change_text(now, before, definition, page.phrases)
    colour = CHANGE_COLOURS.get(judge_change(now, before, definition), "gray")
    line = page.phrases(f"change.against_{selection.comparison}", change=f":{colour}[{text}]")
    return f":small[{line}]"


def _names(page: Page, labels: Sequence[str]) -> str:
    """Return the first labels of a list, and how many more there are."""
    named = page.phrases("common.comma").join(labels[:_MOST_NAMED])
    left = len(labels) - _MOST_NAMED
    return page.phrases("overview.and_more", named=named, more=left) if left > 0 else named


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
