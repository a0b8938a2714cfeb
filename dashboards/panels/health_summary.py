"""The short answer of the data-health page: four facts that decide whether the numbers can be trusted."""

import pandas as pd
import streamlit as st

from dashboards.formatting import UNKNOWN, format_day, format_number
from dashboards.page import Page
from dashboards.queries import health, runs
from warehouse.operations import Gate, Verdict


def show_health_summary(page: Page) -> None:
    """Draw verdict, data horizon of tickets, rows accounted for and rows left out."""
    say = page.phrases
    with st.grid(4, min_column_width=160, border=True, key="health_summary"):
        _show_gates(page)
        _show_horizon(page)
        _show_rows(page)
        _show_left_out(page)
    st.caption(say("health.summary_note"))


def _show_gates(page: Page) -> None:
    say = page.phrases
    records = runs.last_gates(page.settings, page.scope)
    passed = sum(record.verdict is Verdict.PASSED for record in records.values())
    value = say("health.gates_value", passed=passed, gates=len(Gate)) if records else UNKNOWN
    st.metric(say("health.gates"), value)


def _show_horizon(page: Page) -> None:
    """The newest day of tickets, because every KPI rests on them."""
    sources = health.sources(page.reader, page.scope)
    days = sources.loc[sources["contract"] == health.TICKETS, "horizon_date"].dropna()
    st.metric(page.phrases("health.horizon"), format_day(pd.Timestamp(days.max()).date() if len(days) else None))


def _show_rows(page: Page) -> None:
    entries = health.extract_entries(page.reader, page.scope)
    read = int(entries["rows_read"].sum()) if not entries.empty else 0
    lost = int(entries["difference"].abs().sum()) if not entries.empty else 0
    share = format_number(100 * (1 - lost / read), 2) if read else UNKNOWN
    st.metric(page.phrases("health.rows"), page.phrases("unit.fraction", value=share) if read else UNKNOWN)


def _show_left_out(page: Page) -> None:
    groups = health.quarantine_groups(page.reader, page.scope)
    st.metric(page.phrases("health.left_out"), format_number(groups["rows"].sum() if not groups.empty else 0))
