"""Regions: which region loses how many hours, at which stage?"""

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboards.filters import Selection, show_filters
from dashboards.formatting import format_period, plain
from dashboards.judgement import KpiDefinition
from dashboards.page import Page, section, start_page
from dashboards.panels.kpi_breakdown import breakdown_rows, show_breakdown
from dashboards.panels.member_rows import Row
from dashboards.panels.region_focus import show_region
from dashboards.panels.region_map import PARAMETER, show_region_map
from dashboards.panels.stage_losses import StageLosses, load_stage_losses, show_heat_map, show_losses, show_summary
from dashboards.panels.ticket_drill import show_drill
from dashboards.queries.catalogue import kpi_definitions
from dashboards.url_state import choose_one

_BARS_BESIDE_THE_MAP = 18

#: What the map shows at first: the first of these that the build has.
_FIRST_CHOICES = ("stage_hours", "resolution_hours_customer_calendar", "tickets_created")


def _show_page(page: Page) -> None:
    catalogue = kpi_definitions(page.reader, page.scope, page.phrases)
    selection = show_filters(page)
    if selection is None or not catalogue:
        return
    definitions = {
        definition.key: definition for definition in catalogue if definition.is_for("region", selection.kind)
    }
    losses = load_stage_losses(page, definitions, selection)
    _show_losses(page, selection, losses)
    period = format_period(selection.start, selection.kind, page.phrases)
    st.divider()
    bar = st.container(horizontal=True, vertical_alignment="bottom")
    definition = _choose_kpi(page, bar, definitions, losses)
    rows = breakdown_rows(page, definition, selection, "region")
    focus = None
    if rows:
        focus = _choose_region(page, bar, rows, losses)
    st.markdown(f"#### {page.phrases('breakdown.by_region', kpi=plain(definition.label), period=period)}")
    with section(page, "map"):
        left, right = st.columns(2, gap="large")
        with left:
            if rows:
                show_region_map(page, definition, rows, focus)
        with right:
            show_breakdown(page, definition, selection, "region", most_bars=_BARS_BESIDE_THE_MAP)
    if focus:
        with section(page, "focus"):
            name = next(row.name for row in rows if row.code == focus)
            st.markdown(f"#### {page.phrases('regions.focus_title', region=plain(name), period=period)}")
            show_region(page, definitions, definition, selection, focus, losses)
    with section(page, "drill"):
        show_drill(page, catalogue, selection)


def _show_losses(page: Page, selection: Selection, losses: StageLosses | None) -> None:
    if losses is None:
        st.info(page.phrases("regions.no_stages"), icon=":material/hourglass_disabled:")
        return
    with section(page, "summary"):
        show_summary(page, losses, selection)
    with section(page, "heat_map"):
        st.markdown(f"#### {page.phrases('regions.heat_title')}", help=page.phrases("regions.heat_help"))
        show_heat_map(page, losses)
    with section(page, "losses"):
        st.markdown(f"#### {page.phrases('regions.losses_title')}", help=page.phrases("regions.losses_help"))
        show_losses(page, losses, selection)


def _choose_kpi(
    page: Page,
    place: st.delta_generator.DeltaGenerator,
    definitions: Mapping[str, KpiDefinition],
    losses: StageLosses | None,
) -> KpiDefinition:
    choices = _FIRST_CHOICES if losses is not None else _FIRST_CHOICES[1:]
    first = next((key for key in choices if key in definitions), next(iter(definitions)))
    labels = {key: definition.label for key, definition in definitions.items()}
    chosen = choose_one(place, "kpi", page.phrases("regions.choose_kpi"), labels, first, width=340)
    return definitions[chosen]


def _choose_region(
    page: Page, place: st.delta_generator.DeltaGenerator, rows: Sequence[Row], losses: StageLosses | None
) -> str:
    """Let the reader choose the region to look at: at first the one that loses most."""
    names = {row.code: row.name for row in rows}
    by_loss = [] if losses is None else losses.frame.groupby("region")["recoverable"].sum().sort_values().index.tolist()
    worst = next((code for code in reversed(by_loss) if code in names), rows[0].code)
    return choose_one(place, PARAMETER, page.phrases("regions.choose_region"), names, worst, width=220)


if (opened := start_page("regions")) is not None:
    with section(opened, "page"):
        _show_page(opened)
