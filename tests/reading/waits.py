"""Who was waited for: the status of the surviving ticket, and failed resolutions (rulings D3, D4, decision 11)."""

from collections.abc import Iterator
from datetime import datetime

from tests.reading.cases import Case
from tests.reading.events import Event
from tests.reading.spans import Span, rest, union

_WAITS_FOR = {"waiting_customer": "customer", "waiting_parts": "parts", "waiting_vendor": "vendor"}
#: Whose time the variants of resolution_hours leave out.
REMOVED: dict[str, frozenset[str]] = {
    "customer": frozenset(),
    "service": frozenset({"customer"}),
    "own": frozenset({"customer", "parts", "vendor"}),
}


def status_after(event: Event) -> str | None:
    """Return the status that an event gives its ticket, None where it gives none."""
    if event.status is not None:
        return event.status
    return {"reopened": "in_progress", "resolved": "resolved", "closed": "closed"}.get(event.event_type)


def served_spans(case: Case, stable_at: datetime, removed: frozenset[str]) -> list[Span]:
    """Return what is left of [creation, stable_at) without the time of those parties."""
    waits = [(start, end) for party, start, end in _waits(case, stable_at) if party in removed]
    return rest(union(waits, case.created_at, stable_at), case.created_at, stable_at)


def _waits(case: Case, stable_at: datetime) -> Iterator[tuple[str, datetime, datetime]]:
    """Yield (party, from, to); until a failed resolution is reopened the customer has the case, whatever it says."""
    for resolution in case.resolutions.all:
        if resolution.reopened_at is not None:
            yield "customer", resolution.at, resolution.reopened_at
    party: str | None = None
    since = case.created_at
    for event in case.own_events:
        after = status_after(event)
        if after is not None:
            if party is not None:
                yield party, since, event.at
            party, since = _WAITS_FOR.get(after), event.at
    if party is not None:
        yield party, since, stable_at
