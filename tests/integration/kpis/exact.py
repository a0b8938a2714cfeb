"""Rows at the exact edge of a rule that random draws hardly hit; they join a random company."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.integration.kpis.company import Company
from tests.integration.kpis.draws import Row
from tests.integration.kpis.histories import END

_SECOND, _HOUR, _DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
#: Wednesday 10 September 2025, 10:00 in Shanghai, and the midnights after it in three zones.
_START = datetime(2025, 9, 10, 2, tzinfo=UTC)
_MIDNIGHTS = {
    "R-SH": datetime(2025, 9, 10, 16, tzinfo=UTC),
    "R-XJ": datetime(2025, 9, 10, 18, tzinfo=UTC),
    "R-NY": datetime(2025, 9, 11, 4, tzinfo=UTC),
}


def add_exact_edges(company: Company) -> None:
    """Add tickets, visits and requests at exact edges to a company."""
    _repeats(company)
    _stocks(company)
    _first_contacts(company)
    _visits(company)
    _parts(company)


def _ticket(company: Company, name: str, *events: tuple[Any, ...], opened_at: datetime = _START, **columns: Any) -> str:
    ticket_id = f"{company.system}-exact-{name}"
    row: Row = {"ticket_id": ticket_id, "opened_at": opened_at, "region_id": "R-SH", "case_type": "repair", "part": 1}
    company.tickets.append(row | {"updated_at": opened_at} | columns)
    for number, (event_type, at, *extra) in enumerate([("created", opened_at), *events]):
        company.ticket_events.append({
            "ticket_id": ticket_id, "event_type": event_type, "occurred_at": at, "sequence": number,
            "actor": "agent", "part": 1, **(extra[0] if extra else {}),
        })  # fmt: skip
    return ticket_id


def _repeats(company: Company) -> None:
    """Rulings D11, D19: opened at the very resolution, at the end of a window, a second after it."""
    for days in (7, 30):
        for name, after in (("end", days * _DAY), ("after", days * _DAY + _SECOND)):
            asset_id = f"{company.system}-exact-{days}-{name}"
            solved = ("resolved", _START + _HOUR)
            _ticket(company, f"repeat-{days}-{name}", solved, asset_id=asset_id)
            opened_at = _START + _HOUR + after
            _ticket(company, f"repeated-{days}-{name}", opened_at=opened_at, asset_id=asset_id)
    same = f"{company.system}-exact-same"
    _ticket(company, "repeat-at-once", ("resolved", _START + _HOUR), asset_id=same)
    _ticket(company, "repeated-at-once", opened_at=_START + _HOUR, asset_id=same)
    old = ("resolved", END - 30 * _DAY)
    _ticket(company, "thirty-days-old", old, opened_at=END - 31 * _DAY, asset_id=same)
    young = ("resolved", END - 30 * _DAY + _SECOND)
    _ticket(company, "not-thirty-days-old", young, opened_at=END - 31 * _DAY, asset_id=same)


def _stocks(company: Company) -> None:
    """Rulings A9, D16: solved, handed over, due and reopened at midnight and a second before; due now."""
    for region_id, midnight in _MIDNIGHTS.items():
        for name, at in (("at", midnight), ("before", midnight - _SECOND)):
            _ticket(company, f"solved-{name}-{region_id}", ("resolved", at), region_id=region_id)
            moves = [("assigned", _START, {"team_id": "T-1"}), ("assigned", at, {"team_id": "T-2"})]
            _ticket(
                company, f"due-{name}-{region_id}", *moves, ("resolved", at + 3 * _DAY),
                region_id=region_id, resolution_due_at=at,
            )  # fmt: skip
    again = (("resolved", _START), ("reopened", _START + 8 * _DAY))
    _ticket(company, "open-again", *again)
    _ticket(company, "due-now", resolution_due_at=END)
    _ticket(company, "due-just-now", resolution_due_at=END - _SECOND)
    _ticket(company, "of-this-instant", opened_at=END)


def _first_contacts(company: Company) -> None:
    """Rulings D9, F6: an answer and a transfer at the instant of the resolution, one visit, called back at 72 hours."""
    solved_at = _START + 5 * _HOUR
    solved, answer = ("resolved", solved_at), ("responded", _START + _HOUR)
    _ticket(company, "one-touch", answer, solved)
    _ticket(company, "touched-when-solved", ("responded", solved_at), solved)
    _ticket(company, "moved-when-solved", answer, ("transferred", solved_at, {"team_id": "T-3"}), solved)
    _ticket(company, "only-automatic", ("responded", _START + _HOUR, {"actor": "system"}), solved)
    visited = _ticket(company, "visited", answer, solved)
    _work_order(company, "of-one-touch", ticket_id=visited, requested_at=_START, arrived_at=_START + 3 * _HOUR)
    for name, after in (("limit", 72 * _HOUR), ("late", 72 * _HOUR + _SECOND)):
        _ticket(company, f"called-{name}", answer, solved, ("callback_reached", solved_at + after))


def _work_order(company: Company, name: str, **columns: Any) -> None:
    row: Row = {"work_order_id": f"{company.system}-exact-{name}", "region_id": "R-SH", "part": 1}
    company.work_orders.append({"outcome": "fixed", "updated_at": _START} | row | columns)


def _visits(company: Company) -> None:
    """Rulings B9, C4: judged at 24 hours, arrived at 24 hours, two completed at one instant, touched when cancelled."""
    for name, requested_at in (("mature", END - _DAY), ("young", END - _DAY + _SECOND)):
        _work_order(company, f"waited-{name}", requested_at=requested_at, outcome=None)
    for name, after in (("limit", _DAY), ("late", _DAY + _SECOND), ("at-once", 0 * _DAY)):
        _work_order(company, f"arrived-{name}", requested_at=_START, arrived_at=_START + after)
    twice = _ticket(company, "two-visits")
    for number in (1, 2):
        _work_order(
            company, f"twin-{number}", ticket_id=twice, visit_number=number, completed_at=_START + _HOUR,
            outcome="fixed", has_customer_signature=number == 1,
        )  # fmt: skip
    for name, after in (("when", 0 * _HOUR), ("after", _SECOND)):
        cancelled = ("status_changed", _START + _HOUR, {"status": "cancelled"})
        ticket_id = _ticket(company, f"arrived-{name}-cancelled", cancelled, status="cancelled")
        _work_order(company, f"of-{name}", ticket_id=ticket_id, requested_at=_START, arrived_at=_START + _HOUR + after)


def _parts(company: Company) -> None:
    """Rulings E1, E7: touching, nested, from before to after the case, open, at once, backwards, after the end."""
    spans: dict[str, list[tuple[float, float | None]]] = {
        "touching": [(1, 2), (2, 3)],
        "nested": [(1, 9), (2, 3), (8, 9)],
        "wider": [(-2, 30)],
        "open": [(1, None), (2, 3)],
        "at-once": [(1, 1)],
        "backwards": [(1, 4), (3, 2)],
        "afterwards": [(12, 14)],
    }
    for name, lines in spans.items():
        ticket_id = _ticket(company, f"parts-{name}", ("resolved", _START + 10 * _HOUR))
        for number, (start, end) in enumerate(lines):
            company.parts_requests.append({
                "request_id": f"{company.system}-exact-{name}-{number}", "part_id": "seal", "ticket_id": ticket_id,
                "work_order_id": None, "requested_at": _START + start * _HOUR,
                "available_at": None if end is None else _START + end * _HOUR, "was_in_stock": True, "part": 1,
            })  # fmt: skip
