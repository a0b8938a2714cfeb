"""Teams and sourcing: which team works better, and is outsourced work worth its price?"""

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboards.filters import Selection, show_filters
from dashboards.judgement import KpiDefinition, KpiPoint
from dashboards.page import Page, section, start_page
from dashboards.panels.member_rows import member_name
from dashboards.panels.side_by_side import Side, show_side_by_side
from dashboards.panels.sourcing import show_sourcing
from dashboards.panels.ticket_drill import show_drill
from dashboards.queries.catalogue import kpi_definitions
from dashboards.queries.kpis import kpi_frame, points_by_kpi_and_member
from dashboards.queries.members import UNKNOWN_MEMBER, known_members
from dashboards.url_state import choose_one

_SIZE = "tickets_created"


def _show_page(page: Page) -> None:
    definitions = kpi_definitions(page.reader, page.scope, page.phrases)
    selection = show_filters(page)
    if selection is None or not definitions:
        return
    with section(page, "teams"):
        st.markdown(f"#### {page.phrases('teams.title')}")
        _show_teams(
            page, [definition for definition in definitions if definition.is_for("team", selection.kind)], selection
        )
    with section(page, "sourcing"):
        st.markdown(f"#### {page.phrases('sourcing.title')}")
        show_sourcing(page, definitions, selection)
    with section(page, "drill"):
        show_drill(page, definitions, selection)


def _show_teams(page: Page, definitions: Sequence[KpiDefinition], selection: Selection) -> None:
    say = page.phrases
    keys = tuple(definition.key for definition in definitions)
    start = selection.start
    frame = kpi_frame(page.reader, page.scope, keys, "team", selection.kind, start, start, selection.filters)
    points = points_by_kpi_and_member(frame)
    known = known_members(page.reader, page.scope, say, "team")
    names = {code: known[code].name for code in known if code in points and code != UNKNOWN_MEMBER}
    names |= {code: member_name(page, code, known) for code in points if code not in known and code != UNKNOWN_MEMBER}
    if len(names) < 2:
        st.info(say("teams.too_few"), icon=":material/groups:")
        return
    largest = sorted(names, key=lambda code: (-_size(points[code]), code))
    bar = st.container(horizontal=True, vertical_alignment="bottom")
    first = choose_one(bar, "team_a", say("teams.first"), names, largest[0], width=260)
    others = {code: name for code, name in names.items() if code != first}
    second = choose_one(bar, "team_b", say("teams.second"), others, next(c for c in largest if c != first), width=260)
    sides = [Side(code, names[code], points[code]) for code in (first, second)]
    show_side_by_side(page, definitions, "team", sides[0], sides[1], selection)


def _size(points: Mapping[str, KpiPoint]) -> float:
    """Return how much a team had to do, to offer the two largest teams first."""
    point = points.get(_SIZE)
    return (point.value or 0.0) if point else max((float(other.n) for other in points.values()), default=0.0)


if (opened := start_page("teams")) is not None:
    with section(opened, "page"):
        _show_page(opened)
