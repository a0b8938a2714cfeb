"""Work orders as known at an instant: their times, their cost in company currency (rulings A13, B12, B13, G1)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tests.reading.tables import Context, Row, Tables, as_known

INSTANTS = ("requested_at", "scheduled_at", "accepted_at", "departed_at", "arrived_at", "completed_at")
COSTS = ("labour_cost", "travel_cost", "parts_cost", "outsourced_cost")
Rates = Mapping[tuple[str, str], float]


def known_work_orders(tables: Tables, context: Context) -> list[Row]:
    """Return the current work orders, instants after the as-of instant removed; `cost_at` is the date of the line.

    What became of a visit that ends later is not known yet.
    """
    found = []
    for row in tables.current("erp.work_orders"):
        known = as_known(row, INSTANTS, context.as_of) | {"cost_at": cost_instant(row)}
        is_to_come = row.get("completed_at") is not None and known["completed_at"] is None
        found.append(known | {"outcome": None} if is_to_come else known)
    return found


def cost_instant(row: Row) -> datetime | None:
    """Return the instant of a cost line: completed, else arrived, scheduled, requested (ruling G1)."""
    return next(
        (row[name] for name in ("completed_at", "arrived_at", "scheduled_at", "requested_at") if row[name]), None
    )


def cost_of(row: Row) -> float | None:
    """Return the sum of the known components in the row's own currency, None where all four are unknown."""
    known = [float(row[name]) for name in COSTS if row.get(name) is not None]
    return sum(known) if known else None


def rate_of(row: Row, month: str, context: Context, rates: Rates) -> float | None:
    """Return what one unit of the row's currency is worth; without a currency it is the company's (ruling B12)."""
    currency = row.get("currency") or context.currency
    return 1.0 if currency == context.currency else rates.get((month, currency))


def is_cancelled(row: Row) -> bool:
    return bool(row.get("outcome") == "cancelled")


def elapsed_hours(start: datetime | None, end: datetime | None) -> float | None:
    """Return the hours between two instants, None where one is unknown or they run backwards (ruling B5)."""
    if start is None or end is None or end < start:
        return None
    return (end - start).total_seconds() / 3600


def visit_order(row: Row) -> tuple[Any, ...]:
    """Visits stand in the order of their completion, then of their number."""
    number = row.get("visit_number")
    return (row["completed_at"], number is None, number or 0, row["work_order_id"])
