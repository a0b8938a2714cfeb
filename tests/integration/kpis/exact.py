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
    _half_hours(company)
    _waits(company)
    _orders(company)
    _closed_loops(company)
    _answers(company)


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


def _half_hours(company: Company) -> None:
    """response_within_30_min_rate: half an hour old without an answer, answered at its end and a second after it."""
    half = timedelta(minutes=30)
    for name, opened_at in (("old", END - half), ("young", END - half + _SECOND)):
        _ticket(company, f"half-{name}", opened_at=opened_at, case_type="complaint", priority="p4")
        _ticket(company, f"half-{name}-dropped", opened_at=opened_at, status="in_progress", priority="p4")
    for name, after in (("limit", half), ("late", half + _SECOND)):
        _ticket(company, f"half-{name}", ("first_response", _START + after))
    touched = (("responded", _START + 2 * _HOUR), ("closed", _START + 3 * _HOUR, {"status": "cancelled"}))
    _ticket(company, "half-cancelled", *touched, status="cancelled")


def _waits(company: Company) -> None:
    """Rulings D3, D4, D15, E6: waits that touch, run into the resolution, cross the night; nobody has the case."""

    def waiting(status: str, after: float) -> tuple[Any, ...]:
        return ("status_changed", _START + after * _HOUR, {"status": status})

    solved = ("resolved", _START + 30 * _HOUR)
    parties = [waiting(f"waiting_{party}", at) for party, at in (("customer", 1), ("parts", 3), ("vendor", 20))]
    for region_id in ("R-SH", "R-NY", "R-NIGHT", "R-DAILY"):
        _ticket(company, f"waits-{region_id}", *parties, waiting("in_progress", 25), solved, region_id=region_id)
        _ticket(company, f"waits-to-the-end-{region_id}", *parties, solved, region_id=region_id)
        _ticket(company, f"never-waits-{region_id}", solved, region_id=region_id)
    first = ("resolved", _START + _HOUR)
    _ticket(company, "waits-between", first, waiting("waiting_parts", 2), ("reopened", _START + 9 * _HOUR), solved)
    again = ("reopened", _START + 9 * _HOUR, {"status": "waiting_vendor"})
    _ticket(company, "waits-after", waiting("waiting_customer", 0.5), first, again, solved)
    moves = [("assigned", _START + after * _HOUR, {"team_id": "T-1"}) for after in (0, 5)]
    taken = ("transferred", _START + 2 * _HOUR, {"agent_id": f"{company.system}-a1"})
    _ticket(company, "idle", *moves, solved)
    _ticket(company, "idle-twice", moves[0], taken, moves[1], solved)
    _ticket(company, "idle-first", taken, solved, team_id="T-2")
    _ticket(company, "idle-never", taken, solved, team_id="T-2", agent_id=f"{company.system}-a2")


def _orders(company: Company) -> None:
    """Rulings A14, E2, E4: the order of a repair at one instant, parts late to the second."""
    orders = ("diagnosed parts_requested repaired", "parts_requested diagnosed repaired", "diagnosed repaired",
              "diagnosed repaired parts_requested", "repaired diagnosed", "repaired", "parts_requested repaired",
              "diagnosed parts_requested repaired parts_requested", "diagnosed repaired diagnosed")  # fmt: skip
    solved_at = _START + 10 * _HOUR
    for number, order in enumerate(orders):
        for name, step in (("at-once", 0 * _HOUR), ("in-steps", _HOUR)):
            events = [(kind, _START + place * step) for place, kind in enumerate(order.split(), start=1)]
            _ticket(company, f"order-{number}-{name}", *events, ("resolved", solved_at))
    for name, due_at in (
        ("in-time", solved_at), ("late", solved_at - _SECOND), ("by-parts", solved_at - 3 * _HOUR),
        ("by-itself", solved_at - 3 * _HOUR - _SECOND),
    ):  # fmt: skip
        ticket_id = _ticket(company, f"delayed-{name}", ("resolved", solved_at), resolution_due_at=due_at)
        _ticket(company, f"undelayed-{name}", ("resolved", solved_at), resolution_due_at=due_at)
        company.parts_requests.append({
            "request_id": f"{company.system}-exact-delayed-{name}", "part_id": "seal", "ticket_id": ticket_id,
            "work_order_id": None, "requested_at": _START + 2 * _HOUR, "available_at": _START + 5 * _HOUR,
            "was_in_stock": False, "part": 1,
        })  # fmt: skip


def _closed_loops(company: Company) -> None:
    """Ruling F6: called back, closed and confirmed, each of them missing once; attempted at 72 hours."""
    solved_at = _START + _HOUR
    steps = {
        "called": ("callback_reached", solved_at + 72 * _HOUR),
        "confirmed": ("customer_confirmed", solved_at + 20 * _DAY),
        "closed": ("closed", solved_at + 30 * _DAY),
    }
    for missing in (*steps, "nothing"):
        events = [step for name, step in steps.items() if name != missing]
        _ticket(company, f"loop-without-{missing}", ("resolved", solved_at), *events, case_type="complaint")
    for name, after in (("limit", 72 * _HOUR), ("late", 72 * _HOUR + _SECOND)):
        _ticket(company, f"attempted-{name}", ("resolved", solved_at), ("callback_attempted", solved_at + after))
    for name, days in (("remote", 7), ("onsite", 30)):
        for edge, extra in (("end", timedelta(0)), ("after", _SECOND)):
            asset_id = f"{company.system}-exact-net-{name}-{edge}"
            events = [("responded", _START), ("resolved", solved_at)]
            _ticket(company, f"net-{name}-{edge}", *events, asset_id=asset_id, resolution_mode=name)
            opened_at = solved_at + days * _DAY + extra
            _ticket(company, f"net-{name}-{edge}-again", opened_at=opened_at, asset_id=asset_id)


def _answers(company: Company) -> None:
    """Ruling E5: unanswered for 24 hours, and a second less; answered at 24 hours; praised at 90 points."""
    ticket_id = _ticket(company, "helped")
    for name, requested_at, after in (
        ("old", END - _DAY, None), ("young", END - _DAY + _SECOND, None),
        ("limit", _START, _DAY), ("late", _START, _DAY + _SECOND),
    ):  # fmt: skip
        company.collaborations.append({
            "collaboration_id": f"{company.system}-exact-{name}", "ticket_id": ticket_id, "requesting_team_id": "T-1",
            "requested_at": requested_at, "responded_at": None if after is None else requested_at + after, "part": 1,
        })  # fmt: skip
    for score in (89.5, 90):
        praised = _ticket(company, f"praised-{score}", ("resolved", _START + _HOUR))
        company.responses.append({
            "response_id": f"{company.system}-exact-{score}", "ticket_id": praised, "invited_at": _START + _HOUR,
            "responded_at": _START + 2 * _HOUR, "csat_score": score, "comment": "太慢", "part": 1,
        })  # fmt: skip
