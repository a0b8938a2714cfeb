"""Periods: what is accepted, where they begin and end, what lies before."""

from datetime import date

import pytest

from reviews.period import ReviewKind, containing, parse_period
from warehouse.errors import QueryError


@pytest.mark.parametrize(
    ("text", "start", "last", "before", "year_before"),
    [
        ("2025-10", date(2025, 10, 1), date(2025, 10, 31), "2025-09", "2024-10"),
        ("2025-01", date(2025, 1, 1), date(2025, 1, 31), "2024-12", "2024-01"),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), "2024-01", "2023-02"),
        ("2025-Q4", date(2025, 10, 1), date(2025, 12, 31), "2025-Q3", "2024-Q4"),
        ("2025-q1", date(2025, 1, 1), date(2025, 3, 31), "2024-Q4", "2024-Q1"),
        ("2025", date(2025, 1, 1), date(2025, 12, 31), "2024", "2024"),
    ],
)
def test_periods(text: str, start: date, last: date, before: str, year_before: str) -> None:
    period = parse_period(text)
    assert period.code == text.upper()
    assert (period.start, period.last_day) == (start, last)
    assert period.moved(-1).code == before
    assert period.year_before.code == year_before


@pytest.mark.parametrize(
    "text", ["", "2025-13", "2025-00", "2025-Q5", "2025-1", "25-10", "2025-10-01", "oct", "2025-W44"]
)
def test_anything_else_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(QueryError, match="a month 2025-10, a quarter 2025-Q4 or a year 2025"):
        parse_period(text)


def test_a_day_lies_in_its_periods() -> None:
    codes = [containing(date(2025, 10, 31), kind).code for kind in ReviewKind]
    assert codes == ["2025-10", "2025-Q4", "2025"]
