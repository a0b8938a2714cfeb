"""The filter bar that all KPI pages share: period kind, period, region, team, case type."""

from dataclasses import dataclass
from datetime import date

import streamlit as st

from dashboards import periods
from dashboards.formatting import format_period
from dashboards.language import Phrases
from dashboards.page import Page
from dashboards.periods import REVIEW_KINDS, PeriodKind
from dashboards.queries import catalogue, members
from dashboards.queries.kpis import Filters
from dashboards.queries.members import Member
from dashboards.url_state import choose_many, choose_one, choose_segment


@dataclass(frozen=True)
class Selection:
    """What the reader asked for: one period, and the members that numbers are limited to (none = all)."""

    kind: PeriodKind
    start: date
    filters: Filters

    @property
    def period_code(self) -> str:
        return periods.code(self.start, self.kind)


def show_filters(page: Page) -> Selection | None:
    """Draw the filter bar; returns None, and says so, when the build has no numbers for any period."""
    say = page.phrases
    bar = st.container(horizontal=True, vertical_alignment="top", key="filter_bar")
    kind = PeriodKind(
        choose_segment(
            bar,
            "period_kind",
            say("filter.period_kind"),
            {str(kind): say(f"period_kind.{kind}") for kind in REVIEW_KINDS},
            str(PeriodKind.MONTH),
        )
    )
    available = catalogue.available_periods(page.reader, page.scope, kind)
    if not available:
        st.info(say("page.no_periods"), icon=":material/event_busy:")
        return None
    starts = {periods.code(period.start, kind): period.start for period in available}
    labels = {
        periods.code(period.start, kind): format_period(period.start, kind, say)
        if period.is_over
        else say("filter.running_period", period=format_period(period.start, kind, say))
        for period in available
    }
    newest_over = next((period for period in available if period.is_over), available[0])
    chosen = choose_one(bar, "period", say("filter.period"), labels, periods.code(newest_over.start, kind), width=150)
    filters = _choose_members(page, bar)
    return Selection(kind, starts[chosen], filters)


def describe_filters(page: Page, filters: Filters) -> str:
    """Return the filters in words, for captions and exports: `Region: Shanghai, Beijing; Team: all`."""
    say = page.phrases
    names = {
        "region": members.regions(page.reader, page.scope, say),
        "team": members.teams(page.reader, page.scope, say),
        "case_type": members.case_types(page.reader, page.scope, say),
    }
    parts = [
        say(
            "filter.is",
            name=say(f"filter.{name}"),
            values=say("common.comma").join(names[name][v].name for v in values),
        )
        for name, values in filters
    ]
    return say("common.semicolon").join(parts) or say("filter.none")


def _choose_members(page: Page, bar: st.delta_generator.DeltaGenerator) -> Filters:
    say = page.phrases
    choices = {
        "region": members.regions(page.reader, page.scope, say),
        "team": members.teams(page.reader, page.scope, say),
        "case_type": members.case_types(page.reader, page.scope, say),
    }
    filters = []
    for name, known in choices.items():
        options = {code: _label(member, say) for code, member in known.items()}
        chosen = choose_many(bar, name, say(f"filter.{name}"), options, say(f"filter.all_{name}"), width=160)
        if chosen:
            filters.append((name, chosen))
    return tuple(filters)


def _label(member: Member, phrases: Phrases) -> str:
    return member.name if member.is_registered else phrases("member.unregistered", name=member.name)
