"""Overview: how good is our service, and where is it off?"""

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboards import periods
from dashboards.exports import show_download
from dashboards.filters import Selection, describe_filters, describe_period, show_filters
from dashboards.formatting import format_period, plain
from dashboards.judgement import KpiDefinition
from dashboards.page import Page, section, start_page
from dashboards.panels.kpi_breakdown import show_breakdown
from dashboards.panels.kpi_cards import SPARKLINE_PERIODS, History, cards_frame, show_cards
from dashboards.panels.kpi_summary import show_summary
from dashboards.panels.kpi_trend import show_trend
from dashboards.panels.ticket_drill import show_drill
from dashboards.panels.volume_table import show_volumes, volumes_frame
from dashboards.queries.catalogue import kpi_definitions
from dashboards.queries.kpis import kpi_frame, points_by_kpi
from dashboards.queries.reviews import volumes_of
from dashboards.url_state import choose_one
from reviews.numbers import Numbers
from reviews.period import parse_period
from reviews.phrases import Phrases


def _show_page(page: Page) -> None:
    catalogue = kpi_definitions(page.reader, page.scope, page.phrases)
    selection = show_filters(page)
    if selection is None or not catalogue:
        return
    definitions = [definition for definition in catalogue if definition.is_for("total", selection.kind)]
    histories = _histories(page, definitions, selection)
    with section(page, "cards"):
        show_summary(page, definitions, histories, selection)
        show_cards(page, definitions, histories, selection)
        show_download(
            page,
            cards_frame(page, definitions, histories, selection),
            f"overview_{selection.period_code}",
            describe_filters(page, selection.filters),
            describe_period(page, selection),
        )
    definition = _choose_kpi(page, definitions, histories, selection)
    with section(page, "trend"):
        show_trend(page, definition, selection)
    period = format_period(selection.start, selection.kind, page.phrases)
    for slice_name in ("region", "team"):
        if not definition.has_slice(slice_name):
            continue
        with section(page, slice_name):
            title = page.phrases(f"breakdown.by_{slice_name}", kpi=plain(definition.label), period=period)
            st.markdown(f"#### {title}")
            show_breakdown(page, definition, selection, slice_name)
    with section(page, "volumes"):
        _show_volumes(page, selection)
    with section(page, "drill"):
        show_drill(page, catalogue, selection)


def _show_volumes(page: Page, selection: Selection) -> None:
    found = volumes_of(page.reader, page.scope, selection.period_code, selection.filters)
    if not found:
        return
    numbers = Numbers(Phrases(page.phrases.language), currency="")
    st.divider()
    st.markdown(f"#### {page.phrases('volumes.head')}")
    show_volumes(page, found, parse_period(selection.period_code), numbers)
    show_download(
        page,
        volumes_frame(found),
        f"volumes_{selection.period_code}",
        describe_filters(page, selection.filters),
        describe_period(page, selection),
    )


def _histories(page: Page, definitions: Sequence[KpiDefinition], selection: Selection) -> Mapping[str, History]:
    first = periods.shift(selection.start, selection.kind, 1 - SPARKLINE_PERIODS)
    keys = tuple(definition.key for definition in definitions)
    frame = kpi_frame(page.reader, page.scope, keys, "total", selection.kind, first, selection.start, selection.filters)
    return points_by_kpi(frame)


def _choose_kpi(
    page: Page, definitions: Sequence[KpiDefinition], histories: Mapping[str, History], selection: Selection
) -> KpiDefinition:
    by_key = {definition.key: definition for definition in definitions}
    with_target = (
        key
        for key in by_key
        if (point := histories.get(key, {}).get(selection.start)) and None not in (point.target, point.value)
    )
    st.divider()
    chosen = choose_one(
        st.container(),
        "kpi",
        page.phrases("overview.choose_kpi"),
        {key: definition.label for key, definition in by_key.items()},
        next(with_target, definitions[0].key),
        width=420,
    )
    definition = by_key[chosen]
    st.markdown(f"#### {page.phrases('trend.title', kpi=plain(definition.label))}")
    st.caption(plain(definition.definition))
    return definition


if (opened := start_page("overview")) is not None:
    with section(opened, "page"):
        _show_page(opened)
