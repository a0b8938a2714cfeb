"""Tickets at the exact edge of a rule, each with its own expectation in test_edges.py."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.integration.kpis.company import Company, Row
from tests.integration.kpis.histories import END, WEEK

SYSTEM = "edges"
_SHANGHAI = ZoneInfo("Asia/Shanghai")


def local(month: int, day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """An instant of 2025 on Shanghai's clock."""
    return datetime(2025, month, day, hour, minute, second, tzinfo=_SHANGHAI).astimezone(UTC)


def edge_company() -> Company:
    """Return the tickets; the event types that they lack are there too, so that the system is known to have them."""
    company = Company(SYSTEM)
    monday = local(9, 8, 10)
    second = timedelta(seconds=1)

    def add(ticket_id: str, opened_at: datetime, *events: tuple[Any, ...], **columns: Any) -> None:
        row: Row = {"ticket_id": ticket_id, "opened_at": opened_at, "region_id": "R-SH", "part": 1}
        company.tickets.append({"case_type": "inspection", "priority": "p1", "updated_at": opened_at} | row | columns)
        for number, (event_type, at, *values) in enumerate([("created", opened_at), *events]):
            event: Row = {"ticket_id": ticket_id, "event_type": event_type, "occurred_at": at, "sequence": number}
            extra = values[0] if values else {}
            company.ticket_events.append(event | {"team_id": None, "actor": "agent", "part": 1} | extra)

    def answered(ticket_id: str, case_type: str, priority: str, opened_at: datetime, at: datetime) -> None:
        add(ticket_id, opened_at, ("first_response", at), case_type=case_type, priority=priority)

    def solved(ticket_id: str, case_type: str, priority: str, opened_at: datetime, at: datetime) -> None:
        add(ticket_id, opened_at, ("resolved", at), case_type=case_type, priority=priority)

    solved_early: Row = {"ticket_id": "solved-before-opened", "opened_at": monday, "region_id": "R-SH", "part": 1}
    company.tickets.append(solved_early | {"resolved_at": monday - timedelta(hours=1), "resolution_due_at": monday})

    cancelled = monday + timedelta(hours=1)
    late = ("first_response", cancelled + timedelta(minutes=5))
    add("touched-too-late", monday, ("status_changed", cancelled, {"status": "cancelled"}), late, status="cancelled")
    early = ("arrived", cancelled - second)
    add("touched-before", monday, early, ("status_changed", cancelled, {"status": "cancelled"}), status="cancelled")

    add("stood-a-week", monday, ("resolved", END - WEEK))
    add("stood-less", monday, ("resolved", END - WEEK + second))
    add("reopened-168h", monday, ("resolved", monday), ("reopened", monday + WEEK), ("resolved", monday + 2 * WEEK))
    just_before = monday + WEEK - second
    add("reopened-before-168h", monday, ("resolved", monday), ("reopened", just_before), ("resolved", monday + WEEK))

    answered("calendar-limit", "complaint", "p1", monday, monday + timedelta(minutes=15))
    answered("calendar-late", "complaint", "p1", monday, monday + timedelta(minutes=15, seconds=1))
    # Friday 26 September 17:50 to the make-up Sunday 28 September 09:05 are 15 working minutes
    answered("make-up-limit", "return_exchange", "p1", local(9, 26, 17, 50), local(9, 28, 9, 5))
    answered("make-up-late", "return_exchange", "p1", local(9, 26, 17, 50), local(9, 28, 9, 5, 1))
    # 30 September 17:50 to 9 October 09:05: the holidays of National Day and Mid-Autumn lie between
    answered("national-limit", "return_exchange", "p1", local(9, 30, 17, 50), local(10, 9, 9, 5))
    answered("national-late", "return_exchange", "p1", local(9, 30, 17, 50), local(10, 9, 9, 5, 1))
    add("unanswered-late", END - timedelta(minutes=16), case_type="complaint")
    add("unanswered-young", END - timedelta(minutes=15), case_type="complaint")

    # nine working hours from 30 September 17:00 end on 9 October 17:00
    solved("due-kept", "return_exchange", "p2", local(9, 30, 17), local(10, 9, 17))
    solved("due-missed", "return_exchange", "p2", local(9, 30, 17), local(10, 9, 17, 0, 1))
    solved("policy-before-change", "repair", "p1", local(9, 15, 23), local(9, 16, 13))
    solved("policy-after-change", "repair", "p1", local(9, 16, 0), local(9, 16, 13))

    moves = [("transferred", monday + timedelta(hours=h), {"team_id": t}) for h, t in ((1, "T-2"), (3, "T-1"))]
    add("there-and-back", monday, ("assigned", monday, {"team_id": "T-1"}), *moves, ("resolved", local(9, 8, 14)))
    night = local(9, 8, 20)
    move = ("transferred", night + timedelta(hours=1), {"team_id": "T-2"})
    add("all-night", night, ("assigned", night, {"team_id": "T-1"}), move, ("resolved", night + timedelta(hours=4)))
    at_dusk = ("transferred", local(9, 8, 18), {"team_id": "T-2"})
    add("night-costs-nothing", local(9, 8, 17), ("assigned", local(9, 8, 17), {"team_id": "T-1"}), at_dusk,
        ("resolved", local(9, 9, 9)))  # fmt: skip
    after = ("transferred", monday + timedelta(hours=2), {"team_id": "T-2"})
    add("transferred-after", monday, ("resolved", monday + timedelta(hours=1)), after)
    return company
