"""Calendar arithmetic on period starts."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.periods import PeriodKind, code, containing, last_day, shift, year_before

days = st.dates(date(1990, 1, 1), date(2090, 1, 1))
kinds = st.sampled_from(list(PeriodKind))


@given(days, kinds)
def test_a_day_lies_in_its_period(day: date, kind: PeriodKind) -> None:
    start = containing(day, kind)
    assert start <= day <= last_day(start, kind)
    assert containing(last_day(start, kind), kind) == start
    assert containing(last_day(start, kind) + timedelta(days=1), kind) == shift(start, kind, 1)


@given(days, kinds, st.integers(-200, 200))
def test_shifting_back_and_forth_is_nothing(day: date, kind: PeriodKind, periods: int) -> None:
    start = containing(day, kind)
    assert shift(shift(start, kind, periods), kind, -periods) == start


@pytest.mark.parametrize(
    ("day", "kind", "expected"),
    [
        (date(2025, 10, 31), PeriodKind.MONTH, "2025-10"),
        (date(2025, 10, 31), PeriodKind.QUARTER, "2025-Q4"),
        (date(2025, 10, 31), PeriodKind.YEAR, "2025"),
        (date(2024, 12, 30), PeriodKind.WEEK, "2025-W01"),
        (date(2025, 10, 31), PeriodKind.DAY, "2025-10-31"),
    ],
)
def test_codes(day: date, kind: PeriodKind, expected: str) -> None:
    assert code(containing(day, kind), kind) == expected


def test_the_year_before() -> None:
    assert year_before(date(2025, 10, 1), PeriodKind.MONTH) == date(2024, 10, 1)
    assert year_before(date(2025, 10, 1), PeriodKind.QUARTER) == date(2024, 10, 1)
    assert year_before(date(2025, 10, 27), PeriodKind.WEEK) == date(2024, 10, 28)
