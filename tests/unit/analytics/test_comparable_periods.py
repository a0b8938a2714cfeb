"""Comparable periods: days counted by hand on the calendar of 2025 and 2026."""

from datetime import date

import pandas as pd
import pytest

from analytics.comparable_periods import (
    Span,
    festival_twin,
    growth,
    is_near_festival,
    per_day,
    sums_within,
    working_days,
)

FESTIVALS = {2024: date(2024, 2, 10), 2025: date(2025, 1, 29), 2026: date(2026, 2, 17)}
FEBRUARY = Span(date(2026, 2, 1), date(2026, 2, 28))


def test_the_twin_of_a_month_lies_as_far_from_its_festival() -> None:
    # 1 February 2026 is 16 days before the festival, 28 February 11 days after it
    assert festival_twin(FEBRUARY, FESTIVALS) == Span(date(2025, 1, 13), date(2025, 2, 9))


def test_the_twin_may_begin_in_the_year_before_the_last() -> None:
    # 1 January 2026 is 47 days before the festival; 47 days before 29 January 2025 is 13 December 2024
    assert festival_twin(Span(date(2026, 1, 1), date(2026, 3, 31)), FESTIVALS) == Span(
        date(2024, 12, 13), date(2025, 3, 12)
    )


def test_the_twin_crosses_a_leap_day() -> None:
    assert festival_twin(Span(date(2025, 3, 1), date(2025, 3, 31)), FESTIVALS) == Span(
        date(2024, 3, 12), date(2024, 4, 11)
    )


@pytest.mark.parametrize("year", [2024, 2027])
def test_a_festival_that_is_not_listed_has_no_twin(year: int) -> None:
    assert festival_twin(Span(date(year, 2, 1), date(year, 2, 28)), FESTIVALS) is None


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2026, 2, 2), date(2026, 2, 2), True),  # 15 days before
        (date(2026, 2, 1), date(2026, 2, 1), False),
        (date(2026, 3, 13), date(2026, 3, 31), True),  # 24 days after
        (date(2026, 3, 14), date(2026, 3, 31), False),
        (date(2026, 10, 1), date(2026, 10, 31), False),
        (date(2026, 1, 1), date(2026, 12, 31), True),
    ],
)
def test_the_forty_days_of_travel(first: date, last: date, expected: bool) -> None:
    assert is_near_festival(Span(first, last), FESTIVALS) is expected


def test_working_days_are_unknown_where_the_calendar_is() -> None:
    days = pd.date_range("2026-02-09", "2026-02-15")
    calendar = pd.Series([True] * 5 + [True, False], index=days, dtype="boolean")
    assert working_days(calendar, Span(date(2026, 2, 9), date(2026, 2, 15))) == 6
    assert working_days(calendar, Span(date(2026, 2, 14), date(2026, 2, 15))) == 1
    assert working_days(calendar, Span(date(2026, 2, 9), date(2026, 2, 16))) is None
    assert working_days(calendar.where(calendar, None), Span(date(2026, 2, 9), date(2026, 2, 15))) is None


def test_sums_within_a_span_include_both_ends() -> None:
    daily = pd.DataFrame(
        {
            "slice_value": ["all", "all", "all", "repair"],
            "day": pd.to_datetime(["2026-02-01", "2026-02-28", "2026-03-01", "2026-02-10"]),
            "value": [1.0, 2.0, 4.0, 8.0],
        }
    )
    assert sums_within(daily, FEBRUARY) == {"all": 3.0, "repair": 8.0}


def test_changes_of_nothing_and_of_the_unknown_are_unknown() -> None:
    assert growth(120.0, 100.0) == pytest.approx(0.2)
    assert growth(0.0, 100.0) == -1
    assert growth(5.0, 0.0) is None
    assert growth(None, 5.0) is None
    assert growth(5.0, None) is None
    assert per_day(90.0, 18) == 5
    assert per_day(90.0, 0) is None
    assert per_day(90.0, None) is None
