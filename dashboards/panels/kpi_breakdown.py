"""One KPI across the members of a slice: chart, table and download."""

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from dashboards import periods
from dashboards.charts import palette
from dashboards.charts.drawing import draw
from dashboards.charts.ranking import ranking
from dashboards.exports import show_download
from dashboards.filters import Selection, describe_filters
from dashboards.formatting import display_number, format_value
from dashboards.judgement import KpiDefinition, KpiPoint, is_too_few, judge_target
from dashboards.page import Page
from dashboards.queries.kpis import kpi_frame, points_by_member
from dashboards.queries.members import UNKNOWN_MEMBER, Member
from dashboards.tables import Column, show_table
from dashboards.wording import change_text, interval_text, n_text, remarks, target_text

_TOOLTIPS = ("member", "value_text", "interval_text", "target_text", "n_text", "remark")


@dataclass(frozen=True)
class Row:
    """One member in the chosen period, with the period before."""

    name: str
    code: str
    now: KpiPoint
    before: KpiPoint | None
    is_ranked: bool
    remark: str


def show_breakdown(
    page: Page, definition: KpiDefinition, selection: Selection, slice_name: str, known: dict[str, Member]
) -> None:
    """Draw chart and table of a KPI by the members of a slice, worst first, unranked members at the end."""
    say = page.phrases
    previous = periods.shift(selection.start, selection.kind, -1)
    raw = kpi_frame(
        page.reader,
        page.scope,
        (definition.key,),
        slice_name,
        selection.kind,
        previous,
        selection.start,
        selection.filters,
    )
    rows = _sorted_rows(_rows(page, definition, selection, raw, known), definition)
    if not rows:
        st.info(say("breakdown.empty"), icon=":material/bar_chart:")
        return
    valued = [row for row in rows if row.now.value is not None]
    if valued:
        titles = {name: say(f"tooltip.{name}") for name in _TOOLTIPS}
        frame = _chart_frame(page, definition, valued)
        draw(ranking(frame, titles), f"ranking_{slice_name}")
        st.caption(_legend(page, definition, frame))
    else:
        st.info(say("breakdown.no_values"), icon=":material/bar_chart:")
    _show_table(page, definition, rows, slice_name)
    show_download(
        page,
        _export_frame(definition, selection, rows, slice_name),
        f"{slice_name}_{definition.key}",
        describe_filters(page, selection.filters),
    )


def _rows(
    page: Page, definition: KpiDefinition, selection: Selection, raw: pd.DataFrame, known: dict[str, Member]
) -> list[Row]:
    say = page.phrases
    previous = periods.shift(selection.start, selection.kind, -1)
    rows = []
    for code, history in points_by_member(raw).items():
        now = history.get(selection.start)
        if now is None:
            continue
        notes = remarks(now, definition, say)
        member = known.get(code)
        if code == UNKNOWN_MEMBER:
            name = say("member.unknown")
            notes.append(say("remark.unknown_member"))
        elif member is None or not member.is_registered:
            name = member.name if member else code
            notes.append(say("remark.unregistered_member"))
        else:
            name = member.name
        is_ranked = now.value is not None and not is_too_few(now, definition) and code != UNKNOWN_MEMBER
        rows.append(Row(name, code, now, history.get(previous), is_ranked, say("common.semicolon").join(notes)))
    return _with_unique_names(rows)


def _with_unique_names(rows: list[Row]) -> list[Row]:
    names = [row.name for row in rows]
    return [
        row if names.count(row.name) == 1 else Row(**{**vars(row), "name": f"{row.name} ({row.code})"}) for row in rows
    ]


def _sorted_rows(rows: list[Row], definition: KpiDefinition) -> list[Row]:
    sign = 1 if definition.direction == "higher" else -1
    return sorted(
        rows, key=lambda row: (row.now.value is None, not row.is_ranked, sign * (row.now.value or 0.0), row.name)
    )


def _chart_frame(page: Page, definition: KpiDefinition, rows: list[Row]) -> pd.DataFrame:
    say = page.phrases
    return pd.DataFrame(
        [
            {
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


def _show_table(page: Page, definition: KpiDefinition, rows: list[Row], slice_name: str) -> None:
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
    show_table(page, frame, columns, f"table_{slice_name}", colours)


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
                "value_last_period": row.before.value if row.before else None,
                "is_ranked": row.is_ranked,
                "remark": row.remark,
            }
            for row in rows
        ]
    )


def _legend(page: Page, definition: KpiDefinition, frame: pd.DataFrame) -> str:
    say = page.phrases
    parts = [say("legend.largest_first" if definition.direction == "neutral" else "legend.worst_first")]
    if frame["low"].notna().any():
        parts.append(say("legend.whisker"))
    if frame["target"].notna().any():
        parts.append(say("legend.tick"))
    if not frame["is_ranked"].all():
        parts.append(say("legend.grey"))
    return say("common.dot").join(parts)
