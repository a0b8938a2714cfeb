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
from dashboards.formatting import UNKNOWN, format_value, plain
from dashboards.judgement import KpiDefinition, KpiPoint, TargetVerdict, judge_change, judge_target
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

_CARDS_A_ROW = 4

History = Mapping[date, KpiPoint]


def show_cards(
    page: Page, definitions: Sequence[KpiDefinition], histories: Mapping[str, History], selection: Selection
) -> None:
    """Draw the cards by family in the order of the catalogue: the headline, and behind it the rest when opened."""
    say = page.phrases
    for family in dict.fromkeys(definition.family for definition in definitions):
        members = [definition for definition in definitions if definition.family == family]
        first = headlines(members, histories)
        rest = [definition for definition in members if definition not in first]
        st.markdown(f"##### {plain(say.code('family', family))}")
        _show_grid(page, first, histories, selection, f"cards_{family}")
        if not rest:
            continue
        label = _rest_label(page, rest, histories, selection, family)
        more = st.expander(label, key=f"more_{family}", on_change="rerun")
        if more.open:  # charts of closed expanders would cost as much as those in sight
            with more:
                _show_grid(page, rest, histories, selection, f"cards_more_{family}")


def headlines(members: Sequence[KpiDefinition], histories: Mapping[str, History]) -> list[KpiDefinition]:
    """Return the KPIs of a family to look at first: one row of those that have a target or say how much work there was.

    A family without any shows its first KPI.
    """
    first = [
        definition
        for definition in members
        if definition.key in _VOLUMES
        or any(point.target is not None for point in histories.get(definition.key, {}).values())
    ]
    return first[:_CARDS_A_ROW] or list(members[:1])


def _rest_label(
    page: Page, rest: Sequence[KpiDefinition], histories: Mapping[str, History], selection: Selection, family: str
) -> str:
    """Say how many KPIs are behind an expander, and how many of them missed their target."""
    points = {definition: histories.get(definition.key, {}).get(selection.start) for definition in rest}
    missed = sum(
        point is not None and judge_target(point, definition) is TargetVerdict.MISSED
        for definition, point in points.items()
    )
    say = page.phrases
    label = say("overview.more_of_family", kpis=len(rest), family=plain(say.code("family", family)))
    return say("overview.more_missed", label=label, missed=missed) if missed else label


def _show_grid(
    page: Page,
    definitions: Sequence[KpiDefinition],
    histories: Mapping[str, History],
    selection: Selection,
    key: str,
) -> None:
    if not definitions:
        return
    with st.grid(_CARDS_A_ROW, min_column_width=195, border=True, key=key) as grid:
        for definition in definitions:
            with grid.cell(), st.container(gap="xsmall"):
                _show_card(page, definition, histories.get(definition.key, {}), selection)


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
        draw(
            sparkline,
            _sparkline_frame(definition, history, selection, page),
            {"period": say("filter.period"), "value": label},
            key=f"sparkline_{definition.key}",
        )
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
