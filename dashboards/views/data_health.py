"""Data health: can I trust these numbers?"""

import streamlit as st

from dashboards.page import Page, section, start_page
from dashboards.panels.build_report import show_builds
from dashboards.panels.case_report import show_excluded, show_unregistered
from dashboards.panels.gate_report import show_gates
from dashboards.panels.health_summary import show_health_summary
from dashboards.panels.quarantine_report import show_bad_cells, show_gone, show_quarantine
from dashboards.panels.source_report import show_reconciliation, show_sources

_PARTS = {
    "gates": show_gates,
    "sources": show_sources,
    "extracts": show_reconciliation,
    "quarantine": show_quarantine,
    "gone": show_gone,
    "bad_cells": show_bad_cells,
    "unregistered": show_unregistered,
    "excluded": show_excluded,
    "builds": show_builds,
}


def _show_page(page: Page) -> None:
    with section(page, "summary"):
        show_health_summary(page)
    for name, show in _PARTS.items():
        st.markdown(f"#### {page.phrases(f'{name}.title')}", help=page.phrases(f"{name}.help"))
        with section(page, name):
            show(page)


if (opened := start_page("data_health")) is not None:
    _show_page(opened)
