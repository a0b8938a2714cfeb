"""The filter bar that all KPI pages share: period, comparison, and the members that numbers are limited to."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

import streamlit as st

from dashboards import periods
from dashboards.formatting import format_period, plain
from dashboards.language import Phrases
from dashboards.page import Page
from dashboards.periods import REVIEW_KINDS, PeriodKind
from dashboards.queries import catalogue
from dashboards.queries.members import UNKNOWN_MEMBER, Member, known_members
from dashboards.url_state import choose_many, choose_one, choose_segment, write
from warehouse.kpi_question import Filters

#: Filters by dimension: those in the bar, and those behind "More filters".
IN_BAR = ("region", "team")
BEHIND = ("product_category", "case_type", "root_cause", "channel")


class Comparison(StrEnum):
    LAST_PERIOD = "last_period"
    LAST_YEAR = "last_year"


@dataclass(frozen=True)
class Selection:
    """What the reader asked for: a period, what it is compared with, the members that numbers are limited to."""

    kind: PeriodKind
    start: date
    filters: Filters
    comparison: Comparison = Comparison.LAST_PERIOD

    @property
    def period_code(self) -> str:
        return periods.code(self.start, self.kind)

    @property
    def before(self) -> date:
        """Start of the period that numbers are compared with."""
        if self.comparison is Comparison.LAST_YEAR:
            return periods.year_before(self.start, self.kind)
        return periods.shift(self.start, self.kind, -1)

    def without(self, *dimensions: str) -> "Selection":
        """Return the selection without the filters on these dimensions."""
        return replace(self, filters=tuple(pair for pair in self.filters if pair[0] not in dimensions))


def show_filters(page: Page) -> Selection | None:
    """Draw the filter bar; returns None, and says so, when the build has no numbers for any period."""
    say = page.phrases
    bar = st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="filter_bar")
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
    chosen = choose_one(bar, "period", say("filter.period"), labels, periods.code(newest_over.start, kind), width=122)
    comparison = _choose_comparison(page, bar, kind)
    filters = _choose_members(page, bar)
    if any(name in BEHIND for name, _ in filters):
        st.caption(say("filter.active", filters=plain(describe_filters(page, filters))))
    return Selection(kind, starts[chosen], filters, comparison)


def choose_filter(page: Page, place: st.delta_generator.DeltaGenerator, name: str) -> tuple[str, ...]:
    """Draw one filter of the bar alone, for pages that have no KPIs to limit; returns the chosen codes, () for all."""
    chosen = _choose(page, place, name, _options(page, name), 130)
    return chosen[1] if chosen else ()


def describe_filters(page: Page, filters: Filters) -> str:
    """Return the filters in words, for captions and exports: `Region: Shanghai, Beijing; Team: all`."""
    say = page.phrases
    parts = []
    for name, values in filters:
        known = known_members(page.reader, page.scope, say, name)
        names = [known[value].name if value in known else value for value in values]
        parts.append(say("filter.is", name=say(f"slice.{name}"), values=say("common.comma").join(names)))
    return say("common.semicolon").join(parts) or say("filter.none")


def describe_period(page: Page, selection: Selection) -> str:
    """Return `Oct 2025, compared with Sep 2025`."""
    return page.phrases(
        "filter.period_compared",
        period=format_period(selection.start, selection.kind, page.phrases),
        before=format_period(selection.before, selection.kind, page.phrases),
    )


def _choose_comparison(page: Page, bar: st.delta_generator.DeltaGenerator, kind: PeriodKind) -> Comparison:
    """For years both comparisons are the same one."""
    options = [Comparison.LAST_PERIOD] if kind is PeriodKind.YEAR else list(Comparison)
    labels = {str(option): page.phrases(f"compare.{option}") for option in options}
    chosen = choose_one(bar, "compare", page.phrases("filter.compare"), labels, str(options[0]), width=126)
    return Comparison(chosen)


def _choose_members(page: Page, bar: st.delta_generator.DeltaGenerator) -> Filters:
    say = page.phrases
    choices = {name: _options(page, name) for name in (*IN_BAR, *BEHIND)}
    filters = [pair for name in IN_BAR if (pair := _choose(page, bar, name, choices[name], 130))]
    behind = {name: options for name in BEHIND if (options := choices[name])}
    if not behind:
        return tuple(filters)
    active = sum(bool(st.query_params.get_all(name)) for name in behind)
    label = say("filter.more_active", active=active) if active else say("filter.more")
    with bar.popover(label, icon=":material/tune:", key="more_filters"):
        place = st.container(width=300)
        filters += [
            pair for name, options in behind.items() if (pair := _choose(page, place, name, options, "stretch"))
        ]
        st.button(
            say("filter.clear"),
            icon=":material/filter_alt_off:",
            type="tertiary",
            disabled=not filters,
            on_click=_clear,
            key="clear_filters",
        )
    return tuple(filters)


def _choose(
    page: Page, place: st.delta_generator.DeltaGenerator, name: str, options: dict[str, str], width: int | str
) -> tuple[str, tuple[str, ...]] | None:
    if not options:
        return None
    chosen = choose_many(
        place, name, page.phrases(f"slice.{name}"), options, page.phrases(f"filter.all_{name}"), width=width
    )
    return (name, chosen) if chosen else None


def _options(page: Page, name: str) -> dict[str, str]:
    """Return labels by code; none when the build cannot tell members of this dimension apart."""
    if name not in catalogue.known_dimensions(page.reader, page.scope):
        return {}
    known = known_members(page.reader, page.scope, page.phrases, name)
    if not set(known) - {UNKNOWN_MEMBER}:
        return {}
    return {code: _label(member, page.phrases) for code, member in known.items()}


def _clear() -> None:
    for name in (*IN_BAR, *BEHIND):
        write(name, None)


def _label(member: Member, phrases: Phrases) -> str:
    return member.name if member.is_registered else phrases("member.unregistered", name=member.name)
