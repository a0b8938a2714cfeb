"""How often our figures agree with those that the sources state, and whether each difference has a known cause."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from dashboards.exports import show_download
from dashboards.filters import choose_filter, describe_filters
from dashboards.formatting import UNKNOWN, format_number, format_period, format_value, plain
from dashboards.page import Page
from dashboards.periods import PeriodKind, code
from dashboards.queries import reconciliation
from dashboards.queries.reconciliation import Chosen
from dashboards.url_state import choose_one

#: Every figure that a source can state, in the order of the cards.
VERDICTS = ("resolved_at", "first_response_at", "sla_met", "reopened_count", "reassigned_count")

#: A larger share of compared tickets without a known cause is a defect (definition of done of the KPI core).
MOST_UNEXPLAINED = 0.005

_ALL = "all"


def show_choices(page: Page) -> Chosen:
    """Draw the filters that mean something here: region, source system, month of opening."""
    say = page.phrases
    bar = st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="reconciliation_bar")
    regions = choose_filter(page, bar, "region")
    months = {code(month, PeriodKind.MONTH): month for month in reconciliation.months(page.reader, page.scope)}
    labels = {name: format_period(month, PeriodKind.MONTH, say) for name, month in months.items()}
    opened = choose_one(
        bar, "opened", say("reconciliation.opened"), {_ALL: say("reconciliation.all_months"), **labels}, _ALL, width=130
    )
    systems = reconciliation.systems(page.reader, page.scope)
    system = _ALL
    if len(systems) > 1:
        options = {_ALL: say("reconciliation.all_systems"), **{name: name for name in systems}}
        system = choose_one(bar, "system", say("slice.source_system"), options, _ALL, width=150)
    return Chosen(regions, None if system == _ALL else system, months.get(opened))


def describe_choices(page: Page, chosen: Chosen) -> str:
    """Return the filters in words, for exports."""
    say = page.phrases
    parts = [describe_filters(page, (("region", chosen.regions),))] if chosen.regions else []
    if chosen.system:
        parts.append(say("filter.is", name=say("slice.source_system"), values=chosen.system))
    if chosen.opened_in:
        month = format_period(chosen.opened_in, PeriodKind.MONTH, say)
        parts.append(say("filter.is", name=say("reconciliation.opened"), values=month))
    return say("common.semicolon").join(parts) or say("filter.none")


def show_verdicts(page: Page, chosen: Chosen, found: pd.DataFrame) -> None:
    """Draw one card per figure: the share on which both agree, and the share of compared tickets without a cause."""
    say = page.phrases
    tickets = reconciliation.ticket_count(page.reader, page.scope, chosen)
    by_verdict = {verdict: row.to_dict() for verdict, row in found.set_index("verdict").iterrows()}
    with st.grid(len(VERDICTS), min_column_width=150, border=True, key="reconciliation_cards") as grid:
        for verdict in VERDICTS:
            with grid.cell():
                _show_card(page, verdict, by_verdict.get(verdict), tickets)
    st.caption(say("reconciliation.cards_note", limit=format_value(MOST_UNEXPLAINED, "fraction", say)))
    show_download(page, with_shares(found), "reconciliation", describe_choices(page, chosen))


def with_shares(found: pd.DataFrame) -> pd.DataFrame:
    """Return the verdicts with the share of equal among those that both sides know, and of unexplained among all."""
    known = found["compared"] - found["own_unknown"]
    return found.assign(
        equal_share=found["equal"] / known.where(known > 0), unexplained_share=found["unexplained"] / found["compared"]
    )


def _show_card(page: Page, verdict: str, row: Mapping[Any, Any] | None, tickets: int) -> None:
    say = page.phrases
    label = plain(say(f"reconciliation_verdict.{verdict}"))
    if row is None:
        st.metric(label, UNKNOWN)
        st.caption(say("reconciliation.not_stated"))
        return
    known = row["compared"] - row["own_unknown"]
    st.metric(label, format_value(row["equal"] / known if known else None, "fraction", say))
    facts = [
        say("reconciliation.agree", equal=format_number(row["equal"]), known=format_number(known))
        if known
        else say("reconciliation.none_known"),
        say("reconciliation.stated", compared=format_number(row["compared"]), tickets=format_number(tickets)),
    ]
    if known and row["own_unknown"]:
        facts.append(say("reconciliation.own_unknown", tickets=format_number(row["own_unknown"])))
    if row["unexplained"]:
        facts.append(say("reconciliation.without_cause", tickets=format_number(row["unexplained"])))
    st.caption(say("common.dot").join(facts))
    _show_unexplained(page, row["unexplained"], row["compared"], is_known=bool(known))


def _show_unexplained(page: Page, unexplained: int, compared: int, *, is_known: bool) -> None:
    """Red beyond the limit; green only where something was compared and nothing is left open."""
    say = page.phrases
    share = unexplained / compared
    text = say("reconciliation.unexplained", share=format_value(share, "fraction", say))
    if share > MOST_UNEXPLAINED:
        st.badge(text, icon=":material/warning:", color="red")
    else:
        st.badge(text, icon=":material/check:", color="green" if is_known and unexplained == 0 else "gray")
