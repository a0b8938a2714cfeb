"""Periods made comparable for volumes (ruling G9): per working day, and matched by distance to the Spring Festival."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

#: The 40 days of Spring-Festival travel (春运), counted from the festival's first day. Away from them a match by
#: distance would only move other holidays, so none is made.
_TRAVEL_DAYS = (-15, 24)


@dataclass(frozen=True)
class Span:
    """Consecutive local days, both ends included."""

    first: date
    last: date

    def moved(self, days: int) -> "Span":
        """Return the span so many days later (earlier when negative)."""
        return Span(self.first + timedelta(days), self.last + timedelta(days))

    def meets(self, other: "Span") -> bool:
        """Whether the spans have a day in common."""
        return self.first <= other.last and other.first <= self.last


def working_days(calendar: "pd.Series[bool]", span: Span) -> int | None:
    """Return how many days of a span are worked; None when the calendar does not know one of them.

    `calendar` has one value per local day: True, False, or missing where nobody knows.
    """
    days = calendar.reindex(pd.date_range(span.first, span.last))
    return None if days.isna().any() else int(days.sum())


def festival_twin(span: Span, festivals: Mapping[int, date]) -> Span | None:
    """Return the days that lay as far from last year's Spring Festival as the days of a span lie from this year's.

    `festivals` has the first day of each year's festival. None when one of the two is not listed.
    """
    this_year, last_year = (festivals.get(year) for year in (span.first.year, span.first.year - 1))
    if this_year is None or last_year is None:
        return None
    return span.moved((last_year - this_year).days)


def is_near_festival(span: Span, festivals: Mapping[int, date]) -> bool:
    """Whether a span has a day of the 40 days of Spring-Festival travel."""
    first, last = _TRAVEL_DAYS
    return any(span.meets(Span(day + timedelta(first), day + timedelta(last))) for day in festivals.values())


def sums_within(daily: pd.DataFrame, span: Span) -> dict[str, float]:
    """Return the sums over a span by member; `daily` has slice_value, day and value."""
    inside = daily["day"].between(pd.Timestamp(span.first), pd.Timestamp(span.last))
    sums = daily[inside].groupby("slice_value")["value"].sum()
    return {str(member): float(value) for member, value in sums.items()}


def growth(now: float | None, before: float | None) -> float | None:
    """Return the change as a fraction of the earlier value; None when that is unknown or nothing."""
    return None if now is None or not before else now / before - 1


def per_day(volume: float | None, days: int | None) -> float | None:
    """Return a volume per day; None when either is unknown or there is no day."""
    return None if volume is None or not days else volume / days
