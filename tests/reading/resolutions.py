"""When a case was solved: resolutions, their reopening, the stable one (rulings D1, D2, A5)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.reading.events import Event
from tests.reading.tables import Row

REOPEN_WINDOW = timedelta(hours=168)


@dataclass(frozen=True)
class Resolution:
    """One resolution and the first reopening after it."""

    at: datetime
    reopened_at: datetime | None

    @property
    def is_reopened_in_window(self) -> bool:
        return self.reopened_at is not None and self.reopened_at < self.at + REOPEN_WINDOW

    def is_mature(self, as_of: datetime) -> bool:
        return as_of >= self.at + REOPEN_WINDOW

    def is_stable(self, as_of: datetime) -> bool:
        return self.is_mature(as_of) and not self.is_reopened_in_window


@dataclass(frozen=True)
class Resolutions:
    """All resolutions of a case in order, and the two that count."""

    all: tuple[Resolution, ...]
    stable_at: datetime | None
    provisional_at: datetime | None

    @property
    def first(self) -> Resolution | None:
        return self.all[0] if self.all else None


NONE = Resolutions((), None, None)


def from_events(events: list[Event], as_of: datetime) -> Resolutions:
    """Read the resolutions of a case from its own events in order."""
    found: list[Resolution] = []
    is_pending = False
    for position, event in enumerate(events):
        if event.event_type == "reopened":
            is_pending = False
        elif event.event_type == "resolved" or (event.event_type == "closed" and not is_pending):
            is_pending = True
            later = (e.at for e in events[position + 1 :] if e.event_type == "reopened")
            found.append(Resolution(event.at, next(later, None)))
    return _judged(found, as_of)


def from_ticket(ticket: Row, as_of: datetime) -> Resolutions:
    """Read the resolution of a ticket without any event from its columns."""
    at = ticket.get("resolved_at") or ticket.get("closed_at")
    return _judged([Resolution(at, None)] if at else [], as_of)


def _judged(found: list[Resolution], as_of: datetime) -> Resolutions:
    stable = next((r.at for r in found if r.is_stable(as_of)), None)
    standing = [r.at for r in found if r.reopened_at is None]
    provisional = standing[0] if standing and stable is None else None
    return Resolutions(tuple(found), stable, provisional)
