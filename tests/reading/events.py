"""The events that count: current, not before their ticket, in the order of their sequence (rulings A14, B4)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.reading.tables import BEGINNING, Context, Row, Tables, landing_order


@dataclass(frozen=True)
class Event:
    """One valid event of a ticket."""

    ticket_id: str
    event_type: str
    at: datetime
    sequence: int | None
    status: str | None
    team_id: str | None
    agent_id: str | None
    actor: str | None
    is_public: bool | None
    priority: str | None
    landed: tuple[datetime, int]

    @property
    def order(self) -> tuple[Any, ...]:
        """Events of one instant stand in the order of their sequence, then of their landing."""
        return (self.at, self.sequence is None, self.sequence or 0, self.landed)

    @property
    def is_human_response(self) -> bool:
        return (
            self.event_type in ("first_response", "responded") and self.actor == "agent" and self.is_public is not False
        )


def valid_events(tables: Tables, tickets: dict[str, Row], context: Context) -> dict[str, list[Event]]:
    """Return the valid events by ticket; events of unknown tickets are ignored (ruling B6)."""
    by_ticket: dict[str, list[Event]] = defaultdict(list)
    for row in tables.current("crm.ticket_events"):
        ticket = tickets.get(row["ticket_id"])
        if ticket is None or row["occurred_at"] > context.as_of or row["occurred_at"] < ticket["opened_at"]:
            continue
        by_ticket[row["ticket_id"]].append(_event(row))
    return {ticket_id: _in_order(events) for ticket_id, events in by_ticket.items()}


def _in_order(events: list[Event]) -> list[Event]:
    """Walk by sequence: an event that occurred before an accepted one of lower sequence is out."""
    accepted = [event for event in events if event.sequence is None]
    newest = BEGINNING
    for event in sorted((e for e in events if e.sequence is not None), key=lambda e: (e.sequence, e.at)):
        if event.at >= newest:
            newest = event.at
            accepted.append(event)
    return sorted(accepted, key=lambda event: event.order)


def _event(row: Row) -> Event:
    sequence = row.get("sequence")
    return Event(
        ticket_id=row["ticket_id"],
        event_type=row["event_type"],
        at=row["occurred_at"],
        sequence=None if sequence is None else int(sequence),
        status=row.get("status"),
        team_id=row.get("team_id"),
        agent_id=row.get("agent_id"),
        actor=row.get("actor"),
        is_public=row.get("is_public"),
        priority=row.get("priority"),
        landed=landing_order(row),
    )
