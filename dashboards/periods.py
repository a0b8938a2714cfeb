"""Calendar arithmetic on period starts, and what periods are called."""

from datetime import date, timedelta
from enum import StrEnum


class PeriodKind(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


#: What the period filter offers; days and weeks are for trends only.
REVIEW_KINDS = (PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.YEAR)

_MONTHS = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.YEAR: 12}


def shift(start: date, kind: PeriodKind, periods: int) -> date:
    """Return the start of the period that lies `periods` later (earlier when negative)."""
    if kind is PeriodKind.DAY:
        return start + timedelta(days=periods)
    if kind is PeriodKind.WEEK:
        return start + timedelta(weeks=periods)
    months = start.year * 12 + start.month - 1 + periods * _MONTHS[kind]
    return date(months // 12, months % 12 + 1, 1)


def last_day(start: date, kind: PeriodKind) -> date:
    """Return the last day of the period that begins on `start`."""
    return shift(start, kind, 1) - timedelta(days=1)


def year_before(start: date, kind: PeriodKind) -> date:
    """Return the start of the same period one year earlier (52 weeks for weeks)."""
    if kind is PeriodKind.DAY:
        return start - timedelta(days=364)
    if kind is PeriodKind.WEEK:
        return start - timedelta(weeks=52)
    return shift(start, kind, {PeriodKind.MONTH: -12, PeriodKind.QUARTER: -4, PeriodKind.YEAR: -1}[kind])


def containing(day: date, kind: PeriodKind) -> date:
    """Return the start of the period that a day is in; weeks begin on Monday."""
    if kind is PeriodKind.DAY:
        return day
    if kind is PeriodKind.WEEK:
        return day - timedelta(days=day.weekday())
    if kind is PeriodKind.MONTH:
        return day.replace(day=1)
    if kind is PeriodKind.QUARTER:
        return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    return date(day.year, 1, 1)


def code(start: date, kind: PeriodKind) -> str:
    """Return the short name of a period that needs no language: `2025-10`, `2025-Q4`, `2025`, `2025-W44`, a day."""
    if kind is PeriodKind.MONTH:
        return f"{start:%Y-%m}"
    if kind is PeriodKind.QUARTER:
        return f"{start.year}-Q{(start.month + 2) // 3}"
    if kind is PeriodKind.YEAR:
        return f"{start.year}"
    if kind is PeriodKind.WEEK:
        year, week, _ = start.isocalendar()
        return f"{year}-W{week:02d}"
    return start.isoformat()
