"""Random draws, and the codes that random companies draw from."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from tests.integration.kpis.histories import END

Row = dict[str, Any]

#: R-NY, R-NIGHT and R-DAILY have calendars of their own, which end or begin within the company's life.
REGIONS = ("R-SH", "R-BJ", "R-XJ", "R-NY", "R-NIGHT", "R-DAILY", "R-NOZONE", "R-UNREGISTERED", None)
TEAMS = ("T-1", "T-2", "T-3", "T-4", "T-UNREGISTERED")
CAUSES = ("C-101", "C-102", "C-301", "C-UNREGISTERED", None)
CASE_TYPES = ("complaint", "repair", "consultation", "installation", "inspection", "return_exchange", None)
EMPLOYMENTS = ("in_house", "outsourced", None)
FIRST = datetime(2025, 8, 20, tzinfo=UTC)
#: Before the first day that the company's calendar lists.
LONG_AGO = datetime(2019, 12, 20, tzinfo=UTC)
_DAY_EDGES = (0, 16, 20)  # UTC hours at which a local day begins in Shanghai's zone, UTC, New York (summer)


def chance(random: np.random.Generator, probability: float) -> bool:
    return bool(random.random() < probability)


def pick(random: np.random.Generator, values: Any) -> Any:
    return values[int(random.integers(len(values)))]


def seconds(random: np.random.Generator, low: int, high: int) -> timedelta:
    """Return a duration of low to high seconds, high exclusive."""
    return timedelta(seconds=int(random.integers(low, high)))


def instant(random: np.random.Generator) -> datetime:
    """Return an instant of the company's life, often at an edge of days, of working hours, or in the holidays."""
    at = FIRST + timedelta(seconds=int(random.integers(int((END - FIRST).total_seconds()) - 86400)))
    kind = random.random()
    if kind < 0.1:
        edge = at.replace(hour=pick(random, _DAY_EDGES), minute=0, second=0)
        return edge + timedelta(seconds=int(random.integers(-1, 2)))
    if kind < 0.2:
        return at.replace(hour=pick(random, (1, 10, 13)), minute=0, second=0)
    if kind < 0.35:
        return datetime(2025, 9, 26, tzinfo=UTC) + timedelta(seconds=int(random.integers(16 * 86400)))
    return at


def products_of(system: str) -> tuple[str | None, ...]:
    """Return the products of a system; the last code is in no list of products."""
    return (*(f"{system}-p{number}" for number in range(4)), f"{system}-p-unregistered", None)


def customers_of(system: str) -> tuple[str | None, ...]:
    """Return the customers of a system; the last code is in no list of customers."""
    return (*(f"{system}-k{number}" for number in range(5)), f"{system}-k-unregistered", None)


def without_future(row: Row, *names: str) -> Row:
    """Return the row without instants after the end of the company's life."""
    return row | {name: None for name in names if row.get(name) and row[name] > END}
