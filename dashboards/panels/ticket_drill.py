"""The tickets behind a number, in a drawer over the page: what each adds, worst first, and that the sums agree."""

import math
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from dashboards.drill import Drill, asked_drill, close_drill
from dashboards.exports import show_download
from dashboards.filters import Selection, describe_filters
from dashboards.formatting import format_instant, format_number, format_period, format_value, plain
from dashboards.judgement import KpiDefinition, KpiPoint
from dashboards.page import Page
from dashboards.panels.member_rows import member_name
from dashboards.queries.catalogue import known_dimensions
from dashboards.queries.kpis import kpi_frame, points_by_member, sides_of
from dashboards.queries.members import known_members
from dashboards.queries.tickets import tickets_behind
from dashboards.registry import page_file
from dashboards.tables import Column, show_table
from dashboards.url_state import shared_parameters
from dashboards.wording import n_text, null_text

#: Tickets drawn; the download has all of them.
SHOWN = 50

#: Facts whose rows are the tickets themselves, or people, so that their own number is not shown.
_WITHOUT_RECORD = ("tickets", "ticket_stages", "open_cases", "headcount")

_NAMES = {"region_id": "region", "root_cause_id": "root_cause", "case_type": "case_type", "team_id": "team"}


def show_drill(page: Page, definitions: Sequence[KpiDefinition], selection: Selection) -> None:
    """Open the drawer when the address asks for the tickets of a number that exists; else do nothing."""
    drill = asked_drill()
    definition = next((d for d in definitions if drill and d.key == drill.kpi_key), None)
    if drill is None or definition is None:
        return
    if not {dimension for dimension, _ in drill.members} <= known_dimensions(page.reader, page.scope):
        return
    figure = _figure(page, drill, selection)
    if figure is None:
        return
    drawer = st.dialog(
        page.phrases("drill.title"), width="large", position="right", icon=":material/list_alt:", on_dismiss=close_drill
    )
    drawer(_show_content)(page, definition, drill, selection, figure)


def _figure(page: Page, drill: Drill, selection: Selection) -> pd.DataFrame | None:
    """Return the mart's own row of the number, which the page shows as well; None when there is none."""
    frame = kpi_frame(
        page.reader,
        page.scope,
        (drill.kpi_key,),
        drill.slice_name,
        selection.kind,
        selection.start,
        selection.start,
        selection.filters,
    )
    own = frame[frame["slice_value"] == drill.member]
    return None if own.empty else own


def _show_content(
    page: Page, definition: KpiDefinition, drill: Drill, selection: Selection, figure: pd.DataFrame
) -> None:
    say = page.phrases
    point = points_by_member(figure)[drill.member][selection.start]
    st.markdown(f"#### {plain(definition.label)}")
    facts = [format_period(selection.start, selection.kind, say), *_member_texts(page, drill)]
    if selection.filters:
        facts.append(describe_filters(page, selection.filters))
    st.caption(plain(say("common.dot").join(facts)))
    st.metric(definition.label, format_value(point.value, definition.unit, say), label_visibility="collapsed")
    if point.value is None:
        st.caption(null_text(point, say))
    found = tickets_behind(
        page.reader,
        page.scope,
        drill.kpi_key,
        drill.slice_name,
        tuple((dimension, (member,)) for dimension, member in drill.members),
        selection.kind,
        selection.start,
        selection.filters,
    )
    _show_tickets(page, definition, drill, selection, figure, point, found)
    st.caption(plain(definition.definition))
    st.page_link(
        page_file("kpi_reference"),
        label=say("drill.definition"),
        icon=":material/menu_book:",
        query_params={**shared_parameters(), "kpi": definition.key},
    )


def _show_tickets(
    page: Page,
    definition: KpiDefinition,
    drill: Drill,
    selection: Selection,
    figure: pd.DataFrame,
    point: KpiPoint,
    found: pd.DataFrame,
) -> None:
    say = page.phrases
    if found.empty:
        st.info(say("drill.none"), icon=":material/list_alt:")
        return
    limits = [*_member_texts(page, drill), *([describe_filters(page, selection.filters)] if selection.filters else [])]
    st.markdown(_sums(page, definition, figure, point, found))
    ordered = worst_first(found, definition)
    shown = _named(page, ordered.head(SHOWN))
    show_table(page, shown, _columns(shown, definition), "drill_tickets", most_rows=12)
    if len(ordered) > SHOWN:
        st.caption(say("drill.first", shown=format_number(SHOWN), rows=format_number(len(ordered))))
    show_download(
        page,
        lambda: _named(page, ordered).dropna(axis="columns", how="all"),
        f"tickets_{definition.key}",
        say("common.semicolon").join(limits) or say("filter.none"),
        format_period(selection.start, selection.kind, say),
    )


def worst_first(found: pd.DataFrame, definition: KpiDefinition) -> pd.DataFrame:
    """Return the contributions so that those which pull the number in the wrong direction stand on top."""
    size = found["value"] if definition.is_percentile else found["numerator"]
    return (
        found.assign(size=size.fillna(0.0))
        .sort_values(["size", "local_date", "ticket_id"], ascending=[definition.direction == "higher", True, True])
        .drop(columns="size")
        .reset_index(drop=True)
    )


def _sums(page: Page, definition: KpiDefinition, figure: pd.DataFrame, point: KpiPoint, found: pd.DataFrame) -> str:
    """Say what the rows add up to, and whether that is the number."""
    say = page.phrases
    tickets = format_number(found["ticket_id"].nunique())
    if definition.is_percentile:
        return say("drill.distribution", rows=format_number(len(found)), tickets=tickets, n=n_text(point, say))
    numerator, denominator = found["numerator"].sum(), found["denominator"].sum()
    expected = sides_of(figure)
    texts = {
        "rows": format_number(len(found)),
        "tickets": tickets,
        "numerator": format_number(numerator, _digits(numerator)),
        "denominator": format_number(denominator, _digits(denominator)),
    }
    sums = {"numerator": numerator, **({} if expected["denominator"] is None else {"denominator": denominator})}
    agree = all(math.isclose(sums[side], expected[side] or 0.0, rel_tol=1e-9, abs_tol=1e-6) for side in sums)
    sentence = say("drill.counted" if expected["denominator"] is None else "drill.divided", **texts)
    return say.sentences(sentence, say("drill.agrees" if agree else "drill.differs"))


def _columns(shown: pd.DataFrame, definition: KpiDefinition) -> list[Column]:
    sides = ("value",) if definition.is_percentile else ("numerator", "denominator")
    return [
        Column("ticket_id"),
        Column("local_date"),
        *(Column(side, kind="exact", label=f"drill.{side}") for side in sides if shown[side].notna().any()),
        Column("opened"),
        *(Column(name, label=f"slice.{name}") for name in ("region", "team", "case_type", "root_cause")),
        *([Column("record")] if shown["record"].notna().any() else []),
    ]


def _named(page: Page, found: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with the names of their codes beside them, and the local time at which a case was opened."""
    named = without_people(found.drop(columns="case_opened_at")).assign(
        local_date=pd.to_datetime(found["local_date"]).dt.strftime("%Y-%m-%d"),
        opened=found["case_opened_at"].map(lambda at: format_instant(at, page.zone), na_action="ignore"),
    )
    for column, dimension in _NAMES.items():
        known = known_members(page.reader, page.scope, page.phrases, dimension)
        codes = named[column].astype(object).where(named[column].notna(), None)
        named[dimension] = [None if code is None else member_name(page, str(code), known) for code in codes]
    return named


def without_people(found: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with `record`, the number of the visit, response or request, instead of the ids of people."""
    record = found["fact_id"].where(~found["fact"].isin(_WITHOUT_RECORD), None)
    return found.drop(columns="fact_id").assign(record=record)


def _member_texts(page: Page, drill: Drill) -> list[str]:
    say = page.phrases
    return [
        say(
            "filter.is",
            name=say(f"slice.{dimension}"),
            values=member_name(page, member, known_members(page.reader, page.scope, say, dimension)),
        )
        for dimension, member in drill.members
    ]


def _digits(value: float) -> int:
    return 0 if float(value).is_integer() else 1
