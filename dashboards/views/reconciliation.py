"""Reconciliation: do our figures agree with those of the sources, and where not, why?"""

import streamlit as st

from dashboards.formatting import format_number
from dashboards.page import Page, section, start_page
from dashboards.panels.reconciliation_causes import show_causes, show_tickets
from dashboards.panels.reconciliation_summary import VERDICTS, show_choices, show_verdicts
from dashboards.queries import reconciliation
from dashboards.queries.reconciliation import Chosen
from dashboards.url_state import choose_one


def _show_page(page: Page) -> None:
    say = page.phrases
    if not reconciliation.has_reconciliation(page.reader, page.scope):
        st.info(say("reconciliation.not_in_build"), icon=":material/balance:")
        return
    chosen = show_choices(page)
    found = reconciliation.verdicts(page.reader, page.scope, chosen)
    if found.empty:
        tickets = reconciliation.ticket_count(page.reader, page.scope, chosen)
        st.info(say("reconciliation.nothing_stated", tickets=format_number(tickets)), icon=":material/balance:")
        return
    with section(page, "summary"):
        show_verdicts(page, chosen, found)
    with section(page, "causes"):
        compared = dict(zip(found["verdict"], found["compared"], strict=True))
        _show_differences(page, chosen, compared)


def _show_differences(page: Page, chosen: Chosen, compared: dict[str, int]) -> None:
    say = page.phrases
    st.markdown(f"#### {say('reconciliation.causes_title')}", help=say("reconciliation.causes_help"))
    options = {verdict: say(f"reconciliation_verdict.{verdict}") for verdict in VERDICTS if verdict in compared}
    verdict = choose_one(
        st.container(), "verdict", say("reconciliation.choose_verdict"), options, next(iter(options)), width=420
    )
    cause = show_causes(page, chosen, verdict, compared[verdict])
    if cause is not None:
        with section(page, "tickets"):
            show_tickets(page, chosen, verdict, cause)


if (opened := start_page("reconciliation")) is not None:
    with section(opened, "page"):
        _show_page(opened)
