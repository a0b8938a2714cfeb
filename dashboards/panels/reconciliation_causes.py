"""Why our figures differ from those of the sources: the causes of one figure, and the tickets behind one cause."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from dashboards.charts.cause_bars import cause_bars
from dashboards.charts.drawing import draw
from dashboards.exports import show_download
from dashboards.formatting import UNKNOWN, format_day, format_instant, format_number, format_value, plain
from dashboards.page import Page
from dashboards.panels.member_rows import member_name
from dashboards.panels.reconciliation_summary import describe_choices
from dashboards.queries import reconciliation
from dashboards.queries.members import known_members
from dashboards.queries.reconciliation import UNEXPLAINED, Chosen
from dashboards.tables import Column, show_table
from dashboards.url_state import choose_one, write

PARAMETER = "cause"

#: Verdicts whose values are instants, and those that are yes or no.
_INSTANTS = ("resolved_at", "first_response_at")
_FLAGS = ("sla_met",)

#: Tickets drawn; the download has all.
_SHOWN = 200


def show_causes(page: Page, chosen: Chosen, verdict: str, compared: int) -> str | None:
    """Draw the causes of a figure's differences; returns the one to look at, None when there is no difference."""
    say = page.phrases
    found = reconciliation.causes(page.reader, page.scope, chosen, verdict)
    if found.empty:
        st.markdown(say("reconciliation.no_differences", compared=format_number(compared)))
        return None
    names = {code: say.code("reconciliation_cause", code) for code in found["cause"]}
    place = st.container()
    cause = choose_one(place, PARAMETER, say("reconciliation.choose_cause"), names, next(iter(names)), width=420)
    shares = [format_value(tickets / compared, "fraction", say) for tickets in found["tickets"]]
    frame = pd.DataFrame(
        {
            "code": found["cause"],
            "name": list(names.values()),
            "tickets": found["tickets"],
            "text": [
                say("reconciliation.bar", tickets=format_number(tickets), share=share)
                for tickets, share in zip(found["tickets"], shares, strict=True)
            ],
            "difference": [_difference(page, verdict, value) for value in found["median_difference"]],
            "is_unexplained": found["cause"] == UNEXPLAINED,
            "is_chosen": found["cause"] == cause,
        }
    )
    titles = {
        "name": say("reconciliation.cause"),
        "text": say("column.tickets"),
        "difference": say("reconciliation.median_difference"),
    }
    draw(cause_bars, frame, titles, key="reconciliation_causes", on_point=_choose)
    st.caption(say("reconciliation.bars_legend"))
    return cause


def show_tickets(page: Page, chosen: Chosen, verdict: str, cause: str) -> None:
    """Say how a cause is proved, and draw the tickets behind it with both values."""
    say = page.phrases
    st.markdown(f"##### {plain(say.code('reconciliation_cause', cause))}")
    st.markdown(say.code("reconciliation_proof", cause))
    found = reconciliation.differing_tickets(page.reader, page.scope, chosen, verdict, cause, _SHOWN)
    regions = known_members(page.reader, page.scope, say, "region")
    frame = pd.DataFrame(
        {
            "ticket_id": found["ticket_id"],
            "region": [member_name(page, str(code), regions) for code in found["region_id"]],
            "opened": [format_day(None if pd.isna(day) else pd.Timestamp(day).date()) for day in found["opened_date"]],
            "source_value": [_value(page, verdict, value) for value in found["source_value"]],
            "own_value": [_value(page, verdict, value) for value in found["own_value"]],
            "difference": [_difference(page, verdict, value) for value in found["difference"]],
            "source_system": found["source_system"],
        }
    )
    columns = (
        Column("ticket_id"),
        Column("source_value", label="reconciliation.source_value"),
        Column("own_value", label="reconciliation.own_value"),
        *([] if verdict in _FLAGS else [Column("difference", label="reconciliation.difference")]),
        Column("region", label="slice.region"),
        Column("opened"),
        Column("source_system"),
    )
    show_table(page, frame, columns, "reconciliation_tickets", most_rows=12)
    if len(found) == _SHOWN:
        st.caption(say("reconciliation.first", shown=format_number(_SHOWN)))
    show_download(
        page,
        lambda: reconciliation.differing_tickets(page.reader, page.scope, chosen, verdict, cause),
        f"reconciliation_{verdict}_{cause}",
        describe_choices(page, chosen),
    )


def _choose(point: Mapping[str, Any]) -> None:
    write(PARAMETER, str(point["code"]))


def _value(page: Page, verdict: str, value: Any) -> str:
    """Return a value in the form of the figure: local time, yes or no, a number; a dash for unknown."""
    if value is None or pd.isna(value):
        return UNKNOWN
    if verdict in _INSTANTS:
        return format_instant(pd.Timestamp(value).to_pydatetime(), page.zone)
    return page.phrases(f"reconciliation.{value}") if verdict in _FLAGS else str(value)


def _difference(page: Page, verdict: str, value: Any) -> str:
    """Return ours minus theirs with its sign: minutes or hours for instants, a number for counts."""
    if value is None or pd.isna(value):
        return UNKNOWN
    size = abs(float(value))
    sign = "+" if value > 0 else "−" if value < 0 else ""
    if verdict not in _INSTANTS:
        return f"{sign}{format_number(size)}"
    unit, amount = ("minutes", size / 60) if size < 7200 else ("hours", size / 3600)
    return f"{sign}{format_value(amount, unit, page.phrases)}"
