"""Random histories of tickets: ownership, answers, resolving and reopening, missing and wrong events."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zlib import crc32

import numpy as np

Row = dict[str, Any]

END = datetime(2025, 11, 9, 15, 30, 7, tzinfo=UTC)
WEEK = timedelta(hours=168)

#: Resolving as steps of (event type, time since the step before); days of rulings D1, D2, A5.
_PATTERNS: tuple[tuple[tuple[str, timedelta], ...], ...] = (
    (),
    (("resolved", timedelta(hours=5)),),
    (("resolved", timedelta(hours=5)), ("closed", timedelta(days=2))),
    (("closed", timedelta(hours=9)),),
    (("resolved", timedelta(hours=3)), ("reopened", timedelta(days=6)), ("resolved", timedelta(hours=7))),
    (("resolved", timedelta(hours=3)), ("reopened", timedelta(days=8)), ("resolved", timedelta(hours=7))),
    (("resolved", timedelta(hours=3)), ("reopened", WEEK), ("resolved", timedelta(hours=7))),
    (("resolved", timedelta(hours=3)), ("reopened", WEEK - timedelta(seconds=1)), ("resolved", timedelta(hours=7))),
    (("resolved", timedelta(hours=1)), ("reopened", timedelta(0)), ("resolved", timedelta(hours=1))),
    (("resolved", timedelta(hours=2)), ("resolved", timedelta(days=3)), ("reopened", timedelta(days=5))),
    (("closed", timedelta(hours=2)), ("reopened", timedelta(days=1)), ("closed", timedelta(hours=4))),
    (("reopened", timedelta(hours=2)), ("resolved", timedelta(hours=2))),
    (("resolved", timedelta(hours=2)), ("reopened", timedelta(days=1))),
    (("resolved", timedelta(hours=2)), ("callback_reached", timedelta(hours=72))),
    (("resolved", timedelta(hours=2)), ("callback_reached", timedelta(hours=72, seconds=1))),
    (("resolved", timedelta(hours=2)), ("callback_reached", timedelta(0)), ("closed", timedelta(days=1))),
    (("callback_reached", timedelta(hours=1)), ("resolved", timedelta(hours=2)), ("reopened", timedelta(days=9))),
    (("resolved", timedelta(hours=2)), ("callback_attempted", timedelta(hours=72)), ("praised", timedelta(hours=9))),
    (("resolved", timedelta(hours=2)), ("callback_attempted", timedelta(hours=72, seconds=1))),
    (
        ("customer_confirmed", timedelta(hours=1)), ("resolved", timedelta(hours=2)),
        ("callback_reached", timedelta(hours=72)), ("closed", timedelta(hours=1)),
    ),
    (
        ("resolved", timedelta(hours=2)), ("callback_reached", timedelta(hours=20)),
        ("customer_confirmed", timedelta(days=9)), ("closed", timedelta(hours=1)),
    ),
    (
        ("resolved", timedelta(hours=2)), ("closed", timedelta(hours=1)), ("callback_reached", timedelta(hours=80)),
        ("customer_confirmed", timedelta(0)), ("praised", timedelta(0)),
    ),
    (
        ("resolved", timedelta(hours=2)), ("callback_reached", timedelta(hours=20)),
        ("customer_confirmed", timedelta(hours=1)),
    ),
    (("repaired", timedelta(hours=1)), ("resolved", timedelta(hours=1)), ("diagnosed", timedelta(hours=1))),
    (
        ("resolved", timedelta(hours=3)), ("callback_reached", timedelta(hours=1)),
        ("reopened", timedelta(days=2)), ("resolved", timedelta(hours=5)), ("closed", timedelta(hours=20)),
    ),
)  # fmt: skip
#: Field work in its natural order; histories take a run of it, or the same events in disorder.
_FIELD_WORK = (
    "dispatched", "accepted", "departed", "arrived", "diagnosed", "parts_requested", "parts_received", "repaired",
    "verified", "callback_attempted",
)  # fmt: skip
_STEP_SECONDS = (0, 40, 600, 7200, 40_000, 200_000)
_STATUSES = ("in_progress", "waiting_customer", "waiting_parts", "waiting_vendor")
#: Event types that may state a status of their own: after the resolution it is the customer's time all the same.
_STATED = {
    "assigned": ("assigned", *_STATUSES),
    "parts_requested": ("waiting_parts",),
    "parts_received": ("in_progress",),
    "reopened": _STATUSES,
    "resolved": ("resolved",),
    "responded": ("in_progress", "waiting_customer"),
}


@dataclass(frozen=True)
class Person:
    """Somebody who can own tickets."""

    agent_id: str


@dataclass
class Ticket:
    """One ticket with its events."""

    row: Row
    events: list[Row] = field(default_factory=list)


@dataclass
class _Pen:
    """Writes the events of a ticket at a time that only moves on."""

    ticket: Ticket
    random: np.random.Generator
    people: list[Person]
    teams: tuple[str, ...]
    at: datetime

    def chance(self, probability: float) -> bool:
        return bool(self.random.random() < probability)

    def pick(self, values: Any) -> Any:
        return values[int(self.random.integers(len(values)))]

    def wait(self) -> None:
        step = self.pick(_STEP_SECONDS)
        self.at += timedelta(seconds=int(self.random.integers(step + 1)))

    def owner(self) -> Row:
        """A team and a person, one of them, or neither."""
        kind = self.random.random()
        team = self.pick(self.teams) if kind < 0.55 else None
        agent = self.pick(self.people).agent_id if 0.35 < kind < 0.8 else None
        return {"team_id": team, "agent_id": agent}

    def write(self, event_type: str, **values: Any) -> None:
        row = {"ticket_id": self.ticket.row["ticket_id"], "event_type": event_type, "occurred_at": self.at, "part": 1}
        if event_type in _STATED and self.chance(0.3):
            row["status"] = self.pick(_STATED[event_type])
        self.ticket.events.append(row | values)


def _stated_priority(row: Row) -> Row:
    """Return the priority that every fifth creation states, whatever the ticket's is by now."""
    number = crc32(str(row["ticket_id"]).encode())
    return {"priority": f"p{number // 5 % 4 + 1}"} if number % 5 == 0 else {}


def random_history(row: Row, random: np.random.Generator, people: list[Person], teams: tuple[str, ...]) -> Ticket:
    """Complete a ticket's row and write its events up to END."""
    ticket = Ticket(row)
    pen = _Pen(ticket, random, people, teams, row["opened_at"])
    pen.write("created", **(pen.owner() if pen.chance(0.3) else {}), **_stated_priority(row))
    for _ in range(pen.pick((0, 1, 2, 3, 5))):
        pen.wait()
        _work(pen)
    is_cancelled = pen.chance(0.12)
    if is_cancelled:
        _cancel(pen)
    else:
        _resolve(pen, pen.pick(_PATTERNS))
    if not is_cancelled and pen.chance(0.15):
        pen.wait()
        _work(pen)
    _spoil(pen)
    _fill_columns(pen, is_cancelled=is_cancelled)
    return ticket


def _work(pen: _Pen) -> None:
    kind = pen.random.random()
    if kind < 0.22:
        pen.write("assigned", **pen.owner())
    elif kind < 0.32:
        pen.write("transferred", **pen.owner())
    elif kind < 0.38:
        _back_and_forth(pen)
    elif kind < 0.67:
        pen.write(
            pen.pick(("first_response", "responded")),
            actor=pen.pick(("agent", "agent", "agent", "system", "customer", None)),
            is_public=pen.pick((True, True, None, False)),
            **(pen.owner() if pen.chance(0.4) else {}),
        )
    elif kind < 0.84:
        _field_work(pen)
    elif kind < 0.88:
        pen.write(pen.pick(("escalated", "praised", "customer_confirmed", "callback_attempted")))
    elif kind < 0.94:
        pen.write("status_changed", status=pen.pick(_STATUSES))
    else:
        _waiting(pen)


def _field_work(pen: _Pen) -> None:
    """A run of the events of a visit, now and then in disorder."""
    start = int(pen.random.integers(len(_FIELD_WORK)))
    run = list(_FIELD_WORK[start : start + int(pen.random.integers(1, 8))])
    if pen.chance(0.2):
        pen.random.shuffle(run)
    for event_type in run:
        pen.write(event_type, actor="agent", **(pen.owner() if pen.chance(0.2) else {}))
        pen.wait()


def _waiting(pen: _Pen) -> None:
    """Waits for one party after the other, and back to work in the end, or not."""
    for _ in range(pen.pick((1, 2, 3))):
        pen.write("status_changed", status=pen.pick(_STATUSES[1:]))
        pen.wait()
    if pen.chance(0.7):
        pen.write("status_changed", status="in_progress")


def _back_and_forth(pen: _Pen) -> None:
    here, there = pen.pick(pen.teams), pen.pick(pen.teams)
    for team in (here, there, here):
        pen.write("transferred", team_id=team, agent_id=None)
        pen.wait()


def _resolve(pen: _Pen, pattern: tuple[tuple[str, timedelta], ...]) -> None:
    pen.wait()
    for event_type, after in pattern:
        pen.at += after
        pen.write(event_type, **(pen.owner() if pen.chance(0.3) else {}))


def _cancel(pen: _Pen) -> None:
    """Cancelled by an event, by closed_at, or by nothing but the last change of the row."""
    pen.at += timedelta(hours=1, seconds=11)
    kind = pen.random.random()
    if kind < 0.6:
        pen.write(pen.pick(("status_changed", "closed")), status="cancelled")
    elif kind < 0.8:
        pen.ticket.row["closed_at"] = pen.at
    pen.ticket.row["updated_at"] = pen.at


def _spoil(pen: _Pen) -> None:
    """Number the events; lose some, put some out of order, date some before the ticket, drop all."""
    events = [event for event in pen.ticket.events if event["occurred_at"] <= END]
    if not pen.chance(0.15):
        for number, event in enumerate(events):
            event["sequence"] = number * 10
        if len(events) > 2 and pen.chance(0.12):
            one, other = (int(i) for i in pen.random.permutation(len(events))[:2])
            events[one]["sequence"], events[other]["sequence"] = events[other]["sequence"], events[one]["sequence"]
    events = [event for event in events if not pen.chance(0.05)]
    if events and pen.chance(0.05):
        pen.pick(events)["occurred_at"] = pen.ticket.row["opened_at"] - timedelta(minutes=3)
    pen.ticket.events = [] if pen.chance(0.12) else events


def _fill_columns(pen: _Pen, *, is_cancelled: bool) -> None:
    """The columns of the ticket: the only evidence where there is no event, a decoy where there is one."""
    row = pen.ticket.row
    opened_at = row["opened_at"]
    row.setdefault("updated_at", pen.at if pen.chance(0.85) else None)
    row["status"] = "cancelled" if is_cancelled else pen.pick(("in_progress", "resolved", "closed", None))
    # a first answer after the cancelling is an edge of its own, see edges.py
    if pen.chance(0.6):
        row["first_response_at"] = opened_at + timedelta(seconds=int(pen.random.integers(-20, 9000)))
    # solved before it was opened, by the columns alone, is an edge of its own, see edges.py
    earliest = -2 if any(event["event_type"] == "created" for event in pen.ticket.events) else 0
    if pen.chance(0.5):
        row["resolved_at"] = opened_at + timedelta(hours=int(pen.random.integers(earliest, 300)), seconds=5)
    if not is_cancelled and pen.chance(0.3):
        row["closed_at"] = opened_at + timedelta(hours=int(pen.random.integers(1, 300)), seconds=9)
    cancelled_at = row.get("closed_at") or row["updated_at"] if is_cancelled else None
    if cancelled_at and row.get("first_response_at"):
        row["first_response_at"] = min(row["first_response_at"], cancelled_at)
    for name in ("updated_at", "first_response_at", "resolved_at", "closed_at", "deleted_at"):
        if row.get(name) and row[name] > END:
            row[name] = None
