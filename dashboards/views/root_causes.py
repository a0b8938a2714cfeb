"""Root causes: what do the cases come from, and where does a cause gather?"""

import streamlit as st

from dashboards.drill import Drill, open_drill
from dashboards.filters import Selection, show_filters
from dashboards.formatting import format_period, plain
from dashboards.judgement import KpiDefinition
from dashboards.page import Page, section, start_page
from dashboards.panels.cause_concentration import show_concentration
from dashboards.panels.cause_pareto import (
    KPI,
    PARAMETER,
    SLICE,
    Causes,
    load_causes,
    show_cause_trend,
    show_pareto,
    show_summary,
)
from dashboards.panels.kpi_breakdown import show_breakdown
from dashboards.panels.ticket_drill import show_drill
from dashboards.queries.catalogue import kpi_definitions
from dashboards.slices import Within
from dashboards.url_state import choose_one

_BARS = 15


def _show_page(page: Page) -> None:
    definitions = kpi_definitions(page.reader, page.scope, page.phrases)
    definition = next((definition for definition in definitions if definition.key == KPI), None)
    selection = show_filters(page)
    if selection is None or definition is None:
        return
    causes = load_causes(page, selection)
    if causes is None:
        st.info(page.phrases("causes.empty"), icon=":material/troubleshoot:")
    else:
        _show_causes(page, definition, selection, causes)
    with section(page, "drill"):
        show_drill(page, definitions, selection)


def _show_causes(page: Page, definition: KpiDefinition, selection: Selection, causes: Causes) -> None:
    say = page.phrases
    names = dict(zip(causes.ranked["code"], causes.ranked["member"], strict=True))
    with section(page, "summary"):
        show_summary(page, causes, selection)
    with section(page, "pareto"):
        st.markdown(f"#### {say('causes.pareto_title')}")
        place = st.container()
        focus = choose_one(place, PARAMETER, say("causes.choose"), names, next(iter(names)), width=420)
        show_pareto(page, causes, selection, focus)
    with section(page, "cause"):
        period = format_period(selection.start, selection.kind, say)
        st.markdown(f"#### {say('causes.focus_title', cause=plain(names[focus]), period=period)}")
        _show_cause(page, definition, selection, focus)
    with section(page, "trend"):
        st.markdown(f"#### {say('causes.trend_title')}")
        show_cause_trend(page, causes, selection)
    with section(page, "concentration"):
        st.markdown(f"#### {say('concentration.title')}", help=say("concentration.help"))
        show_concentration(page, selection)


def _show_cause(page: Page, definition: KpiDefinition, selection: Selection, cause: str) -> None:
    say = page.phrases
    st.button(
        say("drill.open_kpi", kpi=plain(definition.label)),
        icon=":material/list_alt:",
        on_click=open_drill,
        args=(Drill(KPI, SLICE, cause),),
        key="drill_cause",
    )
    left, right = st.columns(2, gap="large")
    for place, slice_name in ((left, "region"), (right, "product")):
        with place, section(page, f"cause_{slice_name}"):
            st.markdown(f"##### {say(f'causes.by_{slice_name}')}")
            show_breakdown(page, definition, selection, slice_name, Within(SLICE, cause), most_bars=_BARS)


if (opened := start_page("root_causes")) is not None:
    with section(opened, "page"):
        _show_page(opened)
