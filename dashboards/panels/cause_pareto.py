"""Which causes make up most of the cases, and how the largest developed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from dashboards import periods
from dashboards.charts.drawing import draw
from dashboards.charts.lines import lines
from dashboards.charts.pareto import pareto
from dashboards.exports import show_download
from dashboards.filters import Selection, describe_filters, describe_period
from dashboards.formatting import UNKNOWN, axis_format, format_change, format_number, format_period, plain
from dashboards.judgement import KpiPoint
from dashboards.page import Page
from dashboards.panels.member_rows import member_name
from dashboards.queries.catalogue import known_dimensions
from dashboards.queries.kpis import kpi_frame, points_by_member
from dashboards.queries.members import UNKNOWN_MEMBER, Member, known_members
from dashboards.tables import Column, show_table
from dashboards.url_state import write

KPI = "tickets_created"
SLICE = "root_cause"
CATEGORY = "root_cause_category"
PARAMETER = "focus_cause"

_PERIODS = 13
_TOP = 5
_VITAL = 0.8
_CATEGORIES = 3

Histories = Mapping[str, Mapping[date, KpiPoint]]


@dataclass(frozen=True)
class Causes:
    """Cases by cause over the last periods, and the causes of the chosen period by size with their shares."""

    histories: Histories
    ranked: pd.DataFrame
    known: Mapping[str, Member]


def load_causes(page: Page, selection: Selection) -> Causes | None:
    """Return the causes of the period by one query, or None when it has no cases with a known cause."""
    first = periods.shift(selection.start, selection.kind, 1 - _PERIODS)
    raw = kpi_frame(page.reader, page.scope, (KPI,), SLICE, selection.kind, first, selection.start, selection.filters)
    histories = points_by_member(raw)
    known = known_members(page.reader, page.scope, page.phrases, SLICE)
    ranked = rank_causes(histories, selection.start, selection.before).assign(
        member=lambda frame: [member_name(page, code, known) for code in frame["code"]]
    )
    return Causes(histories, ranked, known) if set(ranked["code"]) - {UNKNOWN_MEMBER} else None


def rank_causes(histories: Histories, now: date, before: date) -> pd.DataFrame:
    """Return code, count, before, share, cumulative, is_vital (among the first 80 %), position; largest first."""
    rows = [
        (code, point.value, earlier.value if (earlier := history.get(before)) else None)
        for code, history in histories.items()
        if (point := history.get(now)) is not None and point.value
    ]
    frame = pd.DataFrame(rows, columns=["code", "count", "before"]).astype({"count": float, "before": float})
    frame = frame.sort_values(["count", "code"], ascending=[False, True]).reset_index(drop=True)
    share = frame["count"] / frame["count"].sum()
    cumulative = share.cumsum()
    return frame.assign(
        share=share, cumulative=cumulative, is_vital=(cumulative - share) < _VITAL - 1e-9, position=range(len(frame))
    )


def show_summary(page: Page, causes: Causes, selection: Selection) -> None:
    """Say how few causes make up most of the cases, and which one grew most."""
    say = page.phrases
    ranked = causes.ranked
    vital = ranked[ranked["is_vital"]]
    lines_ = [
        say(
            "causes.vital",
            causes=len(vital),
            of=len(ranked),
            share=format_number(100 * vital["share"].sum()),
            period=format_period(selection.start, selection.kind, say),
            largest=plain(ranked["member"].iloc[0]),
        )
    ]
    growth = (ranked["count"] - ranked["before"]).dropna()
    if not growth.empty and growth.max() > 0:
        grown = ranked.assign(growth=growth).nlargest(1, "growth").iloc[0]
        lines_.append(
            say(
                "causes.grew",
                cause=plain(grown["member"]),
                change=f"{growth.max():+,.0f}",
                against=say(f"against.{selection.comparison}"),
            )
        )
    lines_ += _categories(page, selection)
    unknown = ranked.loc[ranked["code"] == UNKNOWN_MEMBER, "share"]
    if not unknown.empty:
        lines_.append(say("causes.unknown", share=format_number(100 * unknown.iloc[0], 1)))
    st.markdown("\n".join(f"- {line}" for line in lines_))


def show_pareto(page: Page, causes: Causes, selection: Selection, focus: str | None) -> None:
    """Draw bars with the cumulative line; a click chooses the cause to look at."""
    say = page.phrases
    frame = causes.ranked.assign(
        member=_unique(causes.ranked),
        count_text=[format_number(count) for count in causes.ranked["count"]],
        share_text=[say("unit.fraction", value=format_number(100 * s, 1)) for s in causes.ranked["share"]],
        cumulative_text=[say("unit.fraction", value=format_number(100 * s, 1)) for s in causes.ranked["cumulative"]],
        change_text=[_change(page, now, before) for now, before in causes.ranked[["count", "before"]].to_numpy()],
        is_chosen=causes.ranked["code"] == focus,
    )
    names = ("member", "count_text", "share_text", "cumulative_text", "change_text")
    draw(pareto, frame, {name: say(f"cause_tooltip.{name}") for name in names}, key="pareto", on_point=_choose)
    st.caption(say("causes.pareto_legend"))
    with st.expander(say("table.open", rows=len(frame))):
        columns = (
            Column("member", label="slice.root_cause"),
            Column("count", kind="count", label="value_in.count"),
            Column("share_text", label="column.share"),
            Column("cumulative_text", label="column.cumulative"),
            Column("change_text", label="column.change"),
        )
        show_table(page, frame, columns, "causes", on_cell=lambda row, _: _choose({"code": frame["code"][row]}))
        show_download(
            page,
            frame[["code", "member", "count", "before", "share", "cumulative"]],
            f"root_causes_{selection.period_code}",
            describe_filters(page, selection.filters),
            describe_period(page, selection),
        )


def show_cause_trend(page: Page, causes: Causes, selection: Selection) -> None:
    """Draw the largest causes over the last periods."""
    say = page.phrases
    top = causes.ranked[causes.ranked["code"] != UNKNOWN_MEMBER].head(_TOP)
    rows = []
    for code, member in zip(top["code"], top["member"], strict=True):
        for back in reversed(range(_PERIODS)):
            start = periods.shift(selection.start, selection.kind, -back)
            point = causes.histories[code].get(start)
            if point is None or point.value is None:
                continue
            rows.append(
                {
                    "period": periods.code(start, selection.kind),
                    "member": member,
                    "value": point.value,
                    "is_complete": point.is_complete,
                    "value_text": format_number(point.value),
                    "period_text": format_period(start, selection.kind, say),
                }
            )
    frame = pd.DataFrame(rows).sort_values("period", kind="stable")
    titles = {name: say(f"tooltip.{name}") for name in ("member", "period_text", "value_text")}
    draw(lines, frame, top["member"].tolist(), titles, axis_format("count"), key="cause_trend")
    st.caption(say("causes.trend_legend", top=len(top)))


def _categories(page: Page, selection: Selection) -> list[str]:
    """Return a line naming the largest categories of causes with their shares of all cases, where they are known."""
    say = page.phrases
    if CATEGORY not in known_dimensions(page.reader, page.scope):
        return []
    start = selection.start
    raw = kpi_frame(page.reader, page.scope, (KPI,), CATEGORY, selection.kind, start, start, selection.filters)
    counts = raw.dropna(subset=["value"]).set_index("slice_value")["value"].astype(float)
    shares = (counts / counts.sum()).drop(UNKNOWN_MEMBER, errors="ignore").nlargest(_CATEGORIES)
    known = known_members(page.reader, page.scope, say, CATEGORY)
    named = [
        say("causes.category", category=plain(member_name(page, str(code), known)), share=format_number(100 * share))
        for code, share in shares.items()
        if share > 0
    ]
    return [say("causes.categories", categories=say("common.comma").join(named))] if named else []


def _choose(point: Mapping[str, Any]) -> None:
    write(PARAMETER, str(point["code"]))


def _change(page: Page, now: float, before: float) -> str:
    return UNKNOWN if pd.isna(before) else format_change(now, before, "count", page.phrases)


def _unique(frame: pd.DataFrame) -> list[str]:
    names = frame["member"].tolist()
    pairs = zip(frame["code"], names, strict=True)
    return [name if names.count(name) == 1 else f"{name} ({code})" for code, name in pairs]
