"""The menu. Links carry the shared parameters, because Streamlit's own menu would drop them from the address."""

from itertools import groupby
from typing import Any

import streamlit as st

from dashboards.language import Phrases
from dashboards.registry import PAGES
from dashboards.url_state import shared_parameters


def current_page(phrases: Phrases) -> Any:
    """Register all pages, draw the menu and return the page that the address asks for."""
    pages = {
        entry.subject: st.Page(
            entry.file,
            title=phrases(f"pages.{entry.subject}.title"),
            icon=entry.icon,
            url_path=entry.url_path or None,
            default=entry is PAGES[0],
        )
        for entry in PAGES
    }
    current = st.navigation(list(pages.values()), position="hidden")
    with st.sidebar:
        st.markdown(f"### {phrases('app.title')}")
        st.caption(phrases("app.subtitle"))
        for section, entries in groupby(PAGES, key=lambda entry: entry.section):
            st.markdown(f"**{phrases(f'sections.{section}')}**")
            for entry in entries:
                st.page_link(pages[entry.subject], query_params=shared_parameters(), width="stretch")
    return current
