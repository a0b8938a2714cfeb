"""Random work orders and parts requests with the edge cases of the rulings (B5, B6, B9, B12, B13, C4, D10, E1, E7)."""

from datetime import datetime, timedelta

import numpy as np

from tests.integration.kpis.draws import (
    EMPLOYMENTS,
    REGIONS,
    Row,
    chance,
    instant,
    pick,
    products_of,
    seconds,
    without_future,
)
from tests.integration.kpis.histories import Person, Ticket

_HOUR = timedelta(hours=1)
_OUTCOMES = ("fixed", "fixed", "fixed", "follow_up_needed", "no_access", "parts_missing", "cancelled", None)
_ITEMS = ("repair", "repair", "repair", "installation", "inspection", "maintenance_plan", "other", None)
_COSTS = ("labour_cost", "travel_cost", "parts_cost", "outsourced_cost")
_INSTANTS = ("requested_at", "accepted_at", "departed_at", "arrived_at", "completed_at", "updated_at")


def random_work_orders(
    system: str, tickets: list[Ticket], people: list[Person], random: np.random.Generator
) -> list[Row]:
    """Return visits for half of the tickets, for unknown tickets, and for none."""
    rows: list[Row] = []
    for ticket in tickets:
        for number in range(pick(random, (0, 0, 0, 1, 1, 2, 3))):
            opened_at = ticket.row["opened_at"] + seconds(random, -7200, 60 * 3600)
            visit = _visit(system, opened_at, people, random)
            rows.append(visit | {"ticket_id": ticket.row["ticket_id"], "visit_number": number + 1})
    for number in range(len(tickets) // 12):
        ticket_id = f"{system}-nowhere-{number}" if number % 3 == 0 else None
        rows.append(_visit(system, instant(random), people, random) | {"ticket_id": ticket_id})
    for number, row in enumerate(rows):
        row["work_order_id"] = f"{system}-w{number}"
    return [version for row in rows for version in _versions(row, random)]


def _visit(system: str, requested_at: datetime, people: list[Person], random: np.random.Generator) -> Row:
    row: Row = {
        "requested_at": requested_at if chance(random, 0.95) else None,
        "scheduled_at": requested_at + seconds(random, 0, 20 * 86400) if chance(random, 0.6) else None,
        "employee_id": pick(random, people).agent_id if chance(random, 0.85) else None,
        "region_id": pick(random, REGIONS),
        "product_id": pick(random, products_of(system)) if chance(random, 0.5) else None,
        "service_item": pick(random, _ITEMS),
        "outcome": pick(random, _OUTCOMES),
        "employment": pick(random, EMPLOYMENTS),
        "has_customer_signature": pick(random, (True, True, False, None)),
        "currency": pick(random, ("CNY", "CNY", "CNY", "CNY", "CNY", None, None, "XTS")),
        "revenue": pick(random, (None, 0, round(float(random.uniform(10, 900)), 2))),
        "part": 1,
    }
    arrived_at = None
    if chance(random, 0.8):
        exact = pick(random, (-_HOUR, 24 * _HOUR, 24 * _HOUR + timedelta(seconds=1), 0 * _HOUR))
        arrived_at = requested_at + (exact if chance(random, 0.25) else seconds(random, 600, 60 * 3600))
        row["arrived_at"] = arrived_at
        row["departed_at"] = arrived_at - seconds(random, 60, 7200)
    if chance(random, 0.75):
        row["completed_at"] = (arrived_at or requested_at) + seconds(random, 0, 6 * 3600)
    if chance(random, 0.9):
        for name in _COSTS:
            row[name] = pick(random, (None, 0, round(float(random.uniform(1, 400)), 2)))
    row["updated_at"] = (arrived_at or requested_at) + 10 * _HOUR
    return without_future(row, *_INSTANTS)


def _versions(row: Row, random: np.random.Generator) -> list[Row]:
    """The work order as it is, now and then with a version that loses: older, or landed before."""
    other = row | {"outcome": "cancelled", "labour_cost": 9999, "region_id": "R-BJ", "arrived_at": None}
    kind = random.random()
    if kind < 0.06 and row["updated_at"]:
        return [row, other | {"updated_at": row["updated_at"] - _HOUR, "part": 2}]
    if kind < 0.12:
        row["part"] = 2
        return [other | {"part": 1}, row]
    return [row]


def random_parts_requests(
    system: str, tickets: list[Ticket], work_orders: list[Row], random: np.random.Generator
) -> list[Row]:
    """Return lines of tickets, of their work orders, of both, of neither; overlapping, open, and backwards ones."""
    orders: dict[str, list[str]] = {}
    for order in work_orders:
        orders.setdefault(order["ticket_id"] or "", []).append(order["work_order_id"])
    rows: list[Row] = []
    for ticket in tickets:
        ticket_id = ticket.row["ticket_id"]
        requested_at = ticket.row["opened_at"] + seconds(random, -5 * 3600, 100 * 3600)
        for _ in range(pick(random, (0, 0, 0, 1, 2, 4))):
            of_order = pick(random, orders[ticket_id]) if ticket_id in orders and chance(random, 0.6) else None
            is_by_order = of_order is not None and chance(random, 0.5)
            rows.append(_line(requested_at, random) | {
                "ticket_id": None if is_by_order else ticket_id, "work_order_id": of_order,
            })  # fmt: skip
            requested_at += seconds(random, 0, 40 * 3600)
    loose = [*orders.get("", []), f"{system}-w-nowhere", None]
    for number in range(len(tickets) // 12):
        ticket_id = f"{system}-nowhere-p{number}" if number % 3 == 0 else None
        rows.append(_line(instant(random), random) | {
            "ticket_id": ticket_id, "work_order_id": None if ticket_id else pick(random, loose),
        })  # fmt: skip
    for number, row in enumerate(rows):
        row["request_id"] = f"{system}-q{number}"
    shown = [
        row
        for row in (without_future(row, "available_at") for row in rows)
        if row == without_future(row, "requested_at")
    ]
    return shown + [row | {"was_in_stock": True, "part": 2} for row in shown if chance(random, 0.03)]


def _line(requested_at: datetime, random: np.random.Generator) -> Row:
    later = pick(random, (-_HOUR, 0 * _HOUR, 12 * _HOUR, None, None))
    if chance(random, 0.75):
        later = seconds(random, 60, 10 * 86400)
    return {
        "part_id": pick(random, ("bearing", "display", "seal")),
        "quantity": pick(random, (1, 2, None)),
        "requested_at": requested_at,
        "available_at": None if later is None else requested_at + later,
        "was_in_stock": pick(random, (True, True, False, None)),
        "part": 1,
    }
