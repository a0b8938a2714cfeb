"""The period that a review is about: a month, a quarter or a year."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from warehouse.errors import QueryError

_MONTHS_IN = {"month": 1, "quarter": 3, "year": 12}
_WRITTEN = re.compile(r"(?P<year>(?:19|20)\d\d)(?:-(?P<month>0[1-9]|1[0-2])|-Q(?P<quarter>[1-4]))?")


class ReviewKind(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True)
class ReviewPeriod:
    """A kind and the local day on which it begins."""

    kind: ReviewKind
    start: date

    @property
    def code(self) -> str:
        """`2025-10`, `2025-Q4` or `2025`."""
        if self.kind is ReviewKind.MONTH:
            return f"{self.start:%Y-%m}"
        if self.kind is ReviewKind.QUARTER:
            return f"{self.start.year}-Q{(self.start.month + 2) // 3}"
        return str(self.start.year)

    @property
    def last_day(self) -> date:
        return self.moved(1).start - timedelta(days=1)

    def moved(self, periods: int) -> "ReviewPeriod":
        """Return the period that lies so many later (earlier when negative)."""
        months = self.start.year * 12 + self.start.month - 1 + periods * _MONTHS_IN[self.kind]
        return ReviewPeriod(self.kind, date(months // 12, months % 12 + 1, 1))

    @property
    def year_before(self) -> "ReviewPeriod":
        """The same period one year earlier."""
        return self.moved(-12 // _MONTHS_IN[self.kind])


def parse_period(text: str) -> ReviewPeriod:
    """Return the period of `2025-10`, `2025-Q4` or `2025`; raises QueryError for anything else."""
    found = _WRITTEN.fullmatch(text.strip().upper())
    if found is None:
        raise QueryError(f"PERIOD is a month 2025-10, a quarter 2025-Q4 or a year 2025, not {text!r}")
    year = int(found["year"])
    if found["month"]:
        return ReviewPeriod(ReviewKind.MONTH, date(year, int(found["month"]), 1))
    if found["quarter"]:
        return ReviewPeriod(ReviewKind.QUARTER, date(year, 3 * int(found["quarter"]) - 2, 1))
    return ReviewPeriod(ReviewKind.YEAR, date(year, 1, 1))


def containing(day: date, kind: ReviewKind) -> ReviewPeriod:
    """Return the period of a kind that a day lies in."""
    months = _MONTHS_IN[kind]
    return ReviewPeriod(kind, date(day.year, (day.month - 1) // months * months + 1, 1))
