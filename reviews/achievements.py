"""KPI achievement of the whole company, and its trends."""

from collections.abc import Mapping
from datetime import date

from reviews import reading
from reviews.figure import Figure, KpiDefinition
from reviews.model import Achievement, Header, Trend
from reviews.period import ReviewKind, ReviewPeriod, containing
from warehouse.reading import BuildReader
from warehouse.scope import Scope

#: A trend shows a year and the same period of the year before.
TREND_PERIODS = 13


def achievements(
    reader: BuildReader, scope: Scope, known: Mapping[str, KpiDefinition], period: ReviewPeriod
) -> tuple[Achievement, ...]:
    """Return every KPI of the catalogue in its order, with the period before and the same period a year before."""
    before, year_before = period.moved(-1), period.year_before
    found = reading.figures(reader, scope, tuple(known), "total", year_before, period)
    begins = reading.first_days(reader, scope, [key for key, definition in known.items() if definition.is_accumulated])
    rows = []
    for key, definition in known.items():
        history = found[key].get("all", {})
        rows.append(
            Achievement(
                definition=definition,
                now=history.get(period.start),
                before=history.get(before.start),
                year_before=history.get(year_before.start),
                begins_in_before=_begin_inside(begins.get(key), before),
                begins_in_year_before=_begin_inside(begins.get(key), year_before),
            )
        )
    return tuple(rows)


def trends(reader: BuildReader, scope: Scope, known: Mapping[str, KpiDefinition], header: Header) -> tuple[Trend, ...]:
    """Return the trend of every KPI that has any value: 13 periods, of months where a year is reviewed."""
    last = _last_step(header)
    steps = tuple(last.moved(-back) for back in reversed(range(TREND_PERIODS)))
    found = reading.figures(reader, scope, tuple(known), "total", steps[0], last)
    rows = []
    for key, definition in known.items():
        history = found[key].get("all", {})
        valued = [start for start, figure in history.items() if figure.value is not None]
        if not valued:
            continue
        shown = tuple(step for step in steps if step.start >= min(valued))
        rows.append(Trend(definition, shown, tuple(_figure_at(history, step) for step in shown)))
    return tuple(rows)


def _last_step(header: Header) -> ReviewPeriod:
    if header.period.kind is not ReviewKind.YEAR:
        return header.period
    return containing(min(header.period.last_day, header.as_of_day), ReviewKind.MONTH)


def _figure_at(history: Mapping[date, Figure], step: ReviewPeriod) -> Figure | None:
    return history.get(step.start)


def _begin_inside(begins: date | None, earlier: ReviewPeriod) -> date | None:
    """Return the first day of the data if it comes after the earlier period began."""
    return begins if begins is not None and earlier.start < begins else None
