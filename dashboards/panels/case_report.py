"""What counts and under which name: excluded tickets, and codes that no reference list knows."""

import pandas as pd
import streamlit as st

from dashboards.exports import show_download
from dashboards.formatting import format_number
from dashboards.page import Page
from dashboards.queries import health, members
from dashboards.tables import Column, show_table


def show_unregistered(page: Page) -> None:
    """Name the codes that occur in data and in no reference list; they count, under their own code."""
    say = page.phrases
    found = members.unregistered(page.reader, page.scope)
    if not found:
        st.markdown(say("unregistered.none"))
        return
    st.markdown(say("unregistered.total", members=format_number(len(found))))
    frame = pd.DataFrame(
        [
            {"kind": say(f"slice.{kind}"), "code": code, "where": say(f"unregistered.where_{kind}")}
            for kind, code in found
        ]
    )
    show_table(page, frame, (Column("kind"), Column("code"), Column("where")), "unregistered")
    show_download(page, frame, "unregistered", say("filter.none"))


def show_excluded(page: Page) -> None:
    """Say how many tickets are no cases, by reason."""
    say = page.phrases
    excluded = health.excluded_cases(page.reader, page.scope)
    cases = health.case_count(page.reader, page.scope)
    total = int(excluded["tickets"].sum()) if not excluded.empty else 0
    st.markdown(say("excluded.total", excluded=format_number(total), cases=format_number(cases)))
    if total == 0:
        return
    frame = excluded.assign(reason=[_exclusion(page, reason) for reason in excluded["reason"]])
    show_table(page, frame, (Column("reason"), Column("tickets", kind="count")), "excluded")
    show_download(page, excluded, "excluded", say("filter.none"))


def _exclusion(page: Page, reason: str) -> str:
    """Return the words for a reason of exclusion; reasons beyond the built-in ones are ids of the rule table."""
    words = page.phrases.code("exclusion_reason", reason)
    return page.phrases("exclusion_rule", rule=reason) if words == reason else words
