"""All KPIs of two members side by side: values, difference with interval, which is better."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from dashboards.difference import PairVerdict, difference, judge_pair
from dashboards.drill import Drill, open_drill
from dashboards.exports import show_download
from dashboards.filters import Selection, describe_filters, describe_period
from dashboards.formatting import UNKNOWN, format_gap, format_value, plain
from dashboards.judgement import KpiDefinition, KpiPoint
from dashboards.page import Page
from dashboards.tables import Column, show_table
from dashboards.wording import interval_text, remarks


@dataclass(frozen=True)
class Side:
    """One of the two members: its code in a slice, its name, its points by KPI."""

    code: str
    name: str
    points: Mapping[str, KpiPoint]


def show_side_by_side(
    page: Page, definitions: Sequence[KpiDefinition], slice_name: str, first: Side, second: Side, selection: Selection
) -> None:
    """Draw summary and table of two members; a click on a value opens the tickets of that side."""
    say = page.phrases
    compared = [d for d in definitions if _has_value(first, d) or _has_value(second, d)]
    if not compared:
        st.info(say("side.no_values"), icon=":material/compare_arrows:")
        return
    verdicts = Counter(judge_pair(first.points.get(d.key), second.points.get(d.key), d) for d in compared)
    st.markdown(
        say(
            "side.summary",
            first=plain(first.name),
            second=plain(second.name),
            first_better=verdicts[PairVerdict.FIRST],
            second_better=verdicts[PairVerdict.SECOND],
            unclear=verdicts[PairVerdict.UNCLEAR],
            perhaps=verdicts[PairVerdict.FIRST_PERHAPS] + verdicts[PairVerdict.SECOND_PERHAPS],
            of=len(compared),
        )
    )
    frame = pd.DataFrame([_row(page, definition, first, second) for definition in compared])
    columns = (
        Column("kpi", label="column.kpi"),
        Column("first", label="side.first"),
        Column("second", label="side.second"),
        Column("gap", label="side.difference"),
        Column("verdict", label="side.verdict"),
        Column("gap_interval", label="side.difference_interval"),
        Column("first_n", kind="count", label="side.first_n"),
        Column("second_n", kind="count", label="side.second_n"),
        Column("first_interval", label="side.first_interval"),
        Column("second_interval", label="side.second_interval"),
        Column("remark"),
    )

    def drill(row: int, column: str) -> None:
        side = second if column.startswith("second") else first
        open_drill(Drill(compared[row].key, slice_name, side.code))

    show_table(page, frame, columns, f"side_{slice_name}", most_rows=100, on_cell=drill)
    parts = [say("side.legend", first=plain(first.name), second=plain(second.name)), say("side.no_interval")]
    if len(compared) < len(definitions):
        parts.append(say("side.left_out", kpis=len(definitions) - len(compared)))
    st.caption(say.sentences(*parts, say("side.click")))
    show_download(
        page,
        frame.assign(first_name=first.name, second_name=second.name),
        f"side_by_side_{slice_name}_{selection.period_code}",
        describe_filters(page, selection.filters),
        describe_period(page, selection),
    )


def _has_value(side: Side, definition: KpiDefinition) -> bool:
    point = side.points.get(definition.key)
    return point is not None and point.value is not None


def _row(page: Page, definition: KpiDefinition, first: Side, second: Side) -> dict[str, object]:
    say = page.phrases
    one, other = first.points.get(definition.key), second.points.get(definition.key)
    apart = difference(one, other)
    verdict = judge_pair(one, other, definition)
    notes = [
        say("filter.is", name=side.name, values=note)
        for side, point in ((first, one), (second, other))
        if point is not None
        for note in remarks(point, definition, say)
    ]
    interval = UNKNOWN
    if apart is not None and apart.low is not None and apart.high is not None:
        low, high = (format_gap(bound, definition.unit, say) for bound in (apart.low, apart.high))
        interval = say("number.range", low=low, high=high)
    return {
        "kpi_key": definition.key,
        "kpi": definition.label,
        "unit": definition.unit,
        "first_value": one.value if one else None,
        "second_value": other.value if other else None,
        "first": format_value(one.value if one else None, definition.unit, say),
        "second": format_value(other.value if other else None, definition.unit, say),
        "gap": UNKNOWN if apart is None else format_gap(apart.value, definition.unit, say),
        "verdict": say(f"pair.{verdict}"),
        "gap_interval": interval,
        "first_n": one.n if one else 0,
        "second_n": other.n if other else 0,
        "first_interval": interval_text(one, definition, say) if one else UNKNOWN,
        "second_interval": interval_text(other, definition, say) if other else UNKNOWN,
        "remark": say("common.semicolon").join(notes),
    }
