"""Cases: surviving tickets that count, with everything of their merged tickets (rulings B7–B9, D14).

Whether a case is excluded is read from its surviving ticket; what was merged into it follows, deleted or not (B16).
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from tests.reading import resolutions
from tests.reading.clocks import Clocks
from tests.reading.events import Event, valid_events
from tests.reading.owners import Ownership, People
from tests.reading.tables import Context, Row, Seeds, Tables, as_known
from tests.reading.work_orders import known_work_orders

_INSTANTS = ("updated_at", "first_response_at", "resolved_at", "closed_at", "deleted_at")


@dataclass(frozen=True)
class Case:
    """A surviving ticket with the pooled events of its group."""

    ticket: Row
    created_at: datetime
    events: list[Event]
    own_events: list[Event]
    owners: Ownership
    clocks: Clocks
    as_of: datetime
    work_orders: list[Row] = field(default_factory=list)

    @property
    def ticket_id(self) -> str:
        return str(self.ticket["ticket_id"])

    @property
    def region_id(self) -> str | None:
        return self.ticket.get("region_id")

    def local_date(self, instant: datetime) -> date:
        return self.clocks.local_date(instant, self.region_id)

    @property
    def opening_priority(self) -> str | None:
        """The priority that the creation stated, else the ticket's: no later one moves the promise (ruling C3)."""
        stated = (event.priority for event in self.own_events if event.event_type == "created" and event.priority)
        return next(stated, None) or self.ticket.get("priority")

    @cached_property
    def cancelled_at(self) -> datetime | None:
        """When the case was cancelled, None while it is not (ruling B9)."""
        if self.ticket.get("status") != "cancelled":
            return None
        by_event = (
            event.at
            for event in self.own_events
            if event.event_type in ("status_changed", "closed") and event.status == "cancelled"
        )
        return next(by_event, None) or self.ticket["cancelled_by_columns_at"]

    @property
    def is_cancelled(self) -> bool:
        return self.ticket.get("status") == "cancelled" and (
            self.cancelled_at is None or self.cancelled_at <= self.as_of
        )

    @cached_property
    def responded_at(self) -> datetime | None:
        """First human public response: of the events if there is any, else of the ticket (ruling C1)."""
        if self.events:
            return next((event.at for event in self.events if event.is_human_response), None)
        return self.ticket.get("first_response_at")

    @property
    def is_cancelled_before_touch(self) -> bool:
        if not self.is_cancelled:
            return False
        touches = [e.at for e in self.events if e.event_type == "arrived"]
        touches += [self.responded_at] if self.responded_at else []
        touches += [row["arrived_at"] for row in self.work_orders if row["arrived_at"]]
        return not any(self.cancelled_at is None or at <= self.cancelled_at for at in touches)

    @cached_property
    def resolutions(self) -> resolutions.Resolutions:
        if self.is_cancelled:
            return resolutions.NONE
        if self.events:
            return resolutions.from_events(self.own_events, self.as_of)
        return resolutions.from_ticket(self.ticket, self.as_of)

    @property
    def stable_at(self) -> datetime | None:
        return self.resolutions.stable_at


@dataclass(frozen=True)
class CaseFile:
    """The cases that count and the excluded ones by id, and the case that each ticket belongs to."""

    cases: Mapping[str, Case]
    excluded: Mapping[str, Case]
    case_of_ticket: Mapping[str, str]


def read_cases(tables: Tables, seeds: Seeds, context: Context) -> CaseFile:
    """Build the cases that count at the as-of instant."""
    tickets = {
        row["ticket_id"]: _as_known(row, context.as_of)
        for row in tables.current("crm.tickets")
        if row["opened_at"] <= context.as_of
    }
    events = valid_events(tables, tickets, context)
    clocks = Clocks(seeds, context)
    people = People(tables.current("erp.employees"))
    work_orders: dict[str, list[Row]] = defaultdict(list)
    for row in known_work_orders(tables, context):
        work_orders[row["ticket_id"] or ""].append(row)
    survivors = {ticket_id: survivor_of(ticket_id, tickets) for ticket_id in tickets}
    groups: dict[str, list[Row]] = defaultdict(list)
    for ticket_id, ticket in tickets.items():
        groups[survivors[ticket_id]].append(ticket)
    cases = {
        survivor_id: _case(tickets[survivor_id], group, events, work_orders, clocks, people, context)
        for survivor_id, group in groups.items()
    }
    excluded = {
        case_id: case
        for case_id, case in cases.items()
        if is_excluded(case.ticket, seeds.exclusion_rules) or case.is_cancelled_before_touch
    }
    counted = {case_id: case for case_id, case in cases.items() if case_id not in excluded}
    return CaseFile(counted, excluded, survivors)


def survivor_of(ticket_id: str, tickets: Mapping[str, Row]) -> str:
    """Follow the merges to their end; a ticket whose merges run in a circle is its own case."""
    seen = [ticket_id]
    while True:
        target = tickets[seen[-1]].get("merged_into_ticket_id")
        if target is None or target not in tickets:
            return seen[-1]
        if target in seen:
            return ticket_id
        seen.append(target)


def is_excluded(ticket: Row, rules: list[Row]) -> bool:
    """True for a case that is deleted or that a rule names (rulings B7, B8)."""
    return ticket["deleted_at"] is not None or any(_matches(ticket, rule) for rule in rules)


def _matches(ticket: Row, rule: Row) -> bool:
    text: Any = ticket.get(rule["field"])
    if text is None:
        return False
    values = rule["value"].split("|")
    if rule["operator"] == "contains":
        return any(value in text for value in values)
    return text in values if rule["operator"] == "in" else bool(text == rule["value"])


def _as_known(row: Row, as_of: datetime) -> Row:
    """A ticket as of an instant: instants after it are not known yet (ruling A13)."""
    cancelled_at = row.get("closed_at") or row.get("updated_at")
    return as_known(row, _INSTANTS, as_of) | {"cancelled_by_columns_at": cancelled_at}


def _case(
    ticket: Row,
    group: list[Row],
    events: Mapping[str, list[Event]],
    work_orders: Mapping[str, list[Row]],
    clocks: Clocks,
    people: People,
    context: Context,
) -> Case:
    own = events.get(ticket["ticket_id"], [])
    pooled = [
        event
        for other in group
        for event in events.get(other["ticket_id"], [])
        if other is ticket or event.event_type not in ("resolved", "closed", "reopened")
    ]
    pooled.sort(key=lambda event: event.order)
    owners = Ownership(pooled, ticket, people, lambda at: clocks.local_date(at, None))
    created_at = min(other["opened_at"] for other in group)
    visits = [row for other in group for row in work_orders.get(other["ticket_id"], [])]
    return Case(ticket, created_at, pooled, own, owners, clocks, context.as_of, visits)
