"""One KPI across the members of a slice: chart, and behind it table and downloads."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from dashboards.charts import palette
from dashboards.charts.drawing import draw
from dashboards.charts.ranking import ranking
from dashboards.drill import Drill, open_drill
from dashboards.exports import show_download
from dashboards.filters import Selection, describe_filters, describe_period
from dashboards.formatting import display_number, format_value
from dashboards.judgement import KpiDefinition, judge_target
from dashboards.page import Page
from dashboards.panels.member_rows import Row, member_rows
from dashboards.queries.kpis import kpi_frame, points_by_member
from dashboards.queries.members import known_members
from dashboards.slices import Within, pair_of
from dashboards.tables import Column, show_table
from dashboards.wording import change_text, interval_text, n_text, remarks_summary, target_text

_TOOLTIPS = ("member", "value_text", "interval_text", "target_text", "n_text", "remark")

#: Longer rankings show their worst members; the table has all.
_MOST_BARS = 34


def show_breakdown(
    page: Page,
    definition: KpiDefinition,
    selection: Selection,
    slice_name: str,
    within: Within | None = None,
    most_bars: int = _MOST_BARS,
) -> None:
    """Draw chart and table of a KPI by the members of a slice, worst first, unranked members at the end.

    With `within` only the rows of one member of another dimension count: the teams of a region, the causes of a team.
    """
    say = page.phrases
    rows = breakdown_rows(page, definition, selection, slice_name, within)
    if not rows:
        st.info(say("breakdown.empty"), icon=":material/bar_chart:")
        return
    valued = [row for row in rows if row.now.value is not None]
    name = f"{slice_name}_in_{within.dimension}" if within else slice_name

    def drill(row: Row) -> None:
        open_drill(_drill_of(definition, slice_name, row, within))

    if not valued:
        st.info(remarks_summary([row.now for row in rows], say), icon=":material/bar_chart:")
        return
    shown = valued[:most_bars]
    frame = _chart_frame(page, definition, shown)
    by_code = {row.code: row for row in rows}
    titles = {tip: say(f"tooltip.{tip}") for tip in _TOOLTIPS}

    def drill_to_point(point: Mapping[str, Any]) -> None:
        drill(by_code[str(point["code"])])

    draw(ranking, frame, titles, key=f"ranking_{name}", on_point=drill_to_point)
    st.caption(_legend(page, definition, frame, hidden=len(valued) - len(shown)))
    with st.expander(say("table.open", rows=len(rows))):
        _show_table(page, definition, rows, slice_name, f"table_{name}", drill)
        show_download(
            page,
            _export_frame(definition, selection, rows, slice_name),
            f"{name}_{definition.key}",
            describe_filters(page, selection.filters),
            describe_period(page, selection),
        )


def breakdown_rows(
    page: Page, definition: KpiDefinition, selection: Selection, slice_name: str, within: Within | None = None
) -> list[Row]:
    """Return the members of a slice in the chosen period."""
    asked = pair_of(slice_name, within.dimension) if within else slice_name
    first, last = sorted((selection.before, selection.start))
    raw = kpi_frame(page.reader, page.scope, (definition.key,), asked, selection.kind, first, last, selection.filters)
    if within:
        raw = within.rows_of(raw, asked)
    known = known_members(page.reader, page.scope, page.phrases, slice_name)
    return member_rows(page, definition, points_by_member(raw), known, selection.start, selection.before)


def _drill_of(definition: KpiDefinition, slice_name: str, row: Row, within: Within | None) -> Drill:
    if within is None:
        return Drill(definition.key, slice_name, row.code)
    pair = pair_of(slice_name, within.dimension)
    members = {slice_name: row.code, within.dimension: within.member}
    return Drill(definition.key, pair, "|".join(members[dimension] for dimension in pair.split("__")))


def _chart_frame(page: Page, definition: KpiDefinition, rows: list[Row]) -> pd.DataFrame:
    say = page.phrases
    return pd.DataFrame(
        [
            {
                "code": row.code,
                "member": row.name,
                "value": row.now.value,
                "low": row.now.low,
                "high": row.now.high,
                "target": row.now.target,
                "is_ranked": row.is_ranked,
                "value_text": format_value(row.now.value, definition.unit, say),
                "interval_text": interval_text(row.now, definition, say),
                "target_text": target_text(row.now, definition, say),
                "n_text": n_text(row.now, say),
                "remark": row.remark,
            }
            for row in rows
        ]
    ).astype({"value": float, "low": float, "high": float, "target": float})


def _show_table(page: Page, definition: KpiDefinition, rows: list[Row], slice_name: str, key: str, drill: Any) -> None:
    say = page.phrases
    has_target = any(row.now.target is not None for row in rows)
    has_interval = any(row.now.low is not None for row in rows)
    columns = [
        Column("member", label=f"slice.{slice_name}"),
        Column("value", kind="count" if definition.unit == "count" else "number", label=f"value_in.{definition.unit}"),
        *([Column("target_verdict")] if has_target else []),
        *([Column("n", kind="count")] if definition.unit != "count" else []),
        Column("change"),
        *([Column("interval")] if has_interval else []),
        *([Column("target")] if has_target else []),
        Column("remark"),
    ]
    frame = pd.DataFrame(
        [
            {
                "member": row.name,
                "value": display_number(row.now.value, definition.unit),
                "target_verdict": say(f"target_short.{judge_target(row.now, definition)}"),
                "change": change_text(row.now, row.before, definition, say),
                "n": row.now.n,
                "interval": interval_text(row.now, definition, say),
                "target": target_text(row.now, definition, say),
                "remark": row.remark,
            }
            for row in rows
        ]
    )
    colours = [palette.TEXT if row.is_ranked else palette.MUTED_TEXT for row in rows]
    show_table(page, frame, columns, key, colours, on_cell=lambda row, _: drill(rows[row]))


def _export_frame(definition: KpiDefinition, selection: Selection, rows: list[Row], slice_name: str) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "kpi_key": definition.key,
                "kpi": definition.label,
                "period_kind": str(selection.kind),
                "period_start": selection.start,
                "slice_name": slice_name,
                "slice_value": row.code,
                "member": row.name,
                "unit": definition.unit,
                "value": row.now.value,
                "n": row.now.n,
                "low": row.now.low,
                "high": row.now.high,
                "target": row.now.target,
                "compared_with": selection.before,
                "value_before": row.before.value if row.before else None,
                "is_ranked": row.is_ranked,
                "remark": row.remark,
            }
            for row in rows
        ]
    )


def _legend(page: Page, definition: KpiDefinition, frame: pd.DataFrame, hidden: int) -> str:
    say = page.phrases
    parts = [say("legend.largest_first" if definition.direction == "neutral" else "legend.worst_first")]
    if frame["low"].notna().any():
        parts.append(say("legend.whisker"))
    if frame["target"].notna().any():
        parts.append(say("legend.tick"))
    if not frame["is_ranked"].all():
        parts.append(say("legend.grey"))
    if hidden:
        parts.append(say("legend.hidden", members=hidden))
    parts.append(say("legend.click_tickets"))
    return say("common.dot").join(parts)
