"""KPI reference: what does each number mean?"""

from collections.abc import Sequence

import streamlit as st

from dashboards.formatting import format_number, plain
from dashboards.page import Page, section, start_page
from dashboards.panels.kpi_entry import show_entry
from dashboards.queries.reference import KpiEntry, kpi_entries, targets_in_force
from dashboards.url_state import enter_text, read_text


def _show_page(page: Page) -> None:
    say = page.phrases
    entries = kpi_entries(page.reader, page.scope, say)
    asked = read_text("kpi")
    words = enter_text(st.container(), "q", say("reference.search"), say("reference.search_hint"), width=420)
    found = matching(entries, words)
    st.caption(say("reference.found", found=format_number(len(found)), kpis=format_number(len(entries))))
    if not found:
        st.info(say("reference.none"), icon=":material/search_off:")
        return
    chosen = [entry for entry in found if entry.key == asked]
    targets = targets_in_force(page.reader, page.scope)
    for entry in chosen:
        with st.expander(_label(page, entry), expanded=True, icon=":material/push_pin:"):
            show_entry(page, entry, targets.get(entry.key, []))
    for family in dict.fromkeys(entry.family for entry in found):
        members = [entry for entry in found if entry.family == family and entry not in chosen]
        if not members:
            continue
        st.markdown(f"##### {plain(say.code('family', family))}")
        for entry in members:
            with st.expander(_label(page, entry), expanded=bool(words) and len(found) == 1):
                show_entry(page, entry, targets.get(entry.key, []))


def matching(entries: Sequence[KpiEntry], words: str) -> list[KpiEntry]:
    """Return the entries that contain all words, in the order of the catalogue."""
    asked = words.casefold().split()
    return [entry for entry in entries if all(word in entry.searchable for word in asked)]


def _label(page: Page, entry: KpiEntry) -> str:
    return page.phrases("reference.entry", label=plain(entry.label), unit=page.phrases.code("unit_name", entry.unit))


if (opened := start_page("kpi_reference")) is not None:
    with section(opened, "page"):
        _show_page(opened)
