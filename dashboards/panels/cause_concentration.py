"""Causes that occur in a region more often than region and cause alone would lead to expect, and which are new."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from analytics.concentration import concentration
from dashboards import periods
from dashboards.charts.drawing import draw
from dashboards.charts.lifts import lifts
from dashboards.drill import Drill, open_drill
from dashboards.exports import show_download
from dashboards.filters import Selection, describe_filters, describe_period
from dashboards.formatting import format_number
from dashboards.page import Page
from dashboards.panels.cause_pareto import KPI
from dashboards.panels.member_rows import member_name
from dashboards.queries.kpis import kpi_frame
from dashboards.queries.members import UNKNOWN_MEMBER, known_members
from dashboards.slices import split_pairs
from dashboards.tables import Column, show_table

SLICE = "region__root_cause"

#: A concentration is new when none of so many periods before had it.
PERIODS_BEFORE = 3

_MOST_DRAWN = 15


def show_concentration(page: Page, selection: Selection) -> None:
    """Draw the concentrated pairs with their lift, new ones first; a click opens the tickets of a pair."""
    say = page.phrases
    found = load_concentrations(page, selection)
    if found is None:
        st.info(say("concentration.no_pairs"), icon=":material/grid_off:")
        return
    pairs = found[found["is_concentrated"]].sort_values(["is_new", "lift"], ascending=False).reset_index(drop=True)
    if pairs.empty:
        st.markdown(say("concentration.none"))
        return
    new = int(pairs["is_new"].sum())
    st.markdown(say("concentration.found", pairs=len(pairs), new=new, before=PERIODS_BEFORE))
    frame = _texts(page, pairs)
    names = ("member", "lift_text", "interval_text", "count_text", "expected_text", "new_text")
    titles = {name: say(f"lift_tooltip.{name}") for name in names}
    draw(lifts, frame.head(_MOST_DRAWN), titles, key="lifts", on_point=_open)
    st.caption(say("concentration.legend"))
    with st.expander(say("table.open", rows=len(frame))):
        columns = (
            Column("region_name", label="slice.region"),
            Column("cause_name", label="slice.root_cause"),
            Column("new_text", label="column.is_new"),
            Column("count", kind="count", label="value_in.count"),
            Column("expected", kind="number", label="column.expected_cases"),
            Column("lift", kind="exact", label="column.lift"),
            Column("interval_text", label="column.interval"),
        )
        show_table(page, frame, columns, "concentrations", on_cell=lambda row, _: _open({"code": frame["code"][row]}))
        show_download(
            page,
            found,
            f"concentration_{selection.period_code}",
            describe_filters(page, selection.filters),
            describe_period(page, selection),
        )


def load_concentrations(page: Page, selection: Selection) -> pd.DataFrame | None:
    """Return region, root_cause, count, expected, lift, low, high, is_concentrated, is_new of the period.

    None when the period has fewer than two known regions or causes. `is_new` is whether no period of the last
    PERIODS_BEFORE had the pair concentrated.
    """
    first = periods.shift(selection.start, selection.kind, -PERIODS_BEFORE)
    raw = kpi_frame(page.reader, page.scope, (KPI,), SLICE, selection.kind, first, selection.start, selection.filters)
    counts = split_pairs(raw[raw["value"].notna()], "region", "root_cause")
    counts = counts[(counts["region"] != UNKNOWN_MEMBER) & (counts["root_cause"] != UNKNOWN_MEMBER)]
    by_period = dict(iter(counts.groupby(pd.to_datetime(counts["period_start"]).dt.date)))
    now = by_period.pop(selection.start, None)
    if now is None or now["region"].nunique() < 2 or now["root_cause"].nunique() < 2:
        return None
    earlier: set[tuple[str, str]] = set()
    for rows in by_period.values():
        earlier |= concentrated_pairs(concentration(rows, "region", "root_cause", "value"))
    found = concentration(now, "region", "root_cause", "value")
    pairs = zip(found["region"], found["root_cause"], strict=True)
    return found.assign(is_new=[pair not in earlier for pair in pairs]).assign(
        is_new=lambda frame: frame["is_new"] & frame["is_concentrated"]
    )


def concentrated_pairs(found: pd.DataFrame) -> set[tuple[str, str]]:
    """Return the pairs of region and cause that are concentrated."""
    own = found[found["is_concentrated"]]
    return set(zip(own["region"].astype(str), own["root_cause"].astype(str), strict=True))


def _texts(page: Page, pairs: pd.DataFrame) -> pd.DataFrame:
    say = page.phrases
    regions = known_members(page.reader, page.scope, say, "region")
    causes = known_members(page.reader, page.scope, say, "root_cause")
    region_names = [member_name(page, code, regions) for code in pairs["region"]]
    cause_names = [member_name(page, code, causes) for code in pairs["root_cause"]]
    times = [say("concentration.times", lift=format_number(lift, 1)) for lift in pairs["lift"]]
    return pairs.assign(
        code=pairs["region"].astype(str) + "|" + pairs["root_cause"].astype(str),
        region_name=region_names,
        cause_name=cause_names,
        member=[say("concentration.pair", region=r, cause=c) for r, c in zip(region_names, cause_names, strict=True)],
        lift_text=times,
        interval_text=[
            say("number.range", low=format_number(low, 1), high=format_number(high, 1))
            for low, high in zip(pairs["low"], pairs["high"], strict=True)
        ],
        count_text=[format_number(count) for count in pairs["count"]],
        expected_text=[format_number(expected, 1) for expected in pairs["expected"]],
        new_text=[say("concentration.new" if new else "concentration.known") for new in pairs["is_new"]],
    )


def _open(point: Mapping[str, Any]) -> None:
    open_drill(Drill(KPI, SLICE, str(point["code"])))
