"""Call-backs after the stable resolution, and the closed loop of complaints (rulings B17, B21, F6)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from tests.reading.cases import Case
from tests.reading.contributions import Contribution, of_case
from tests.reading.records import Records

CALLBACK_WINDOW = timedelta(hours=72)


def callbacks(records: Records, case: Case) -> Iterator[Contribution]:
    """Yield the call-back rates and complaint_closed_loop_rate of a stably resolved case with events."""
    stable_at = case.stable_at
    if stable_at is None or not case.events:
        return
    unit = case.owners.unit_at(stable_at)
    is_complaint = case.ticket.get("case_type") == "complaint"
    if records.has_event(case, "callback_attempted", "callback_reached"):
        is_attempted = _happens(case, stable_at, "callback_attempted", "callback_reached")
        yield of_case(case, "callback_attempted_rate_72h", stable_at, unit, float(is_attempted), 1.0)
    if not records.has_event(case, "callback_reached"):
        return
    is_reached = _happens(case, stable_at, "callback_reached")
    yield of_case(case, "callback_rate_72h", stable_at, unit, float(is_reached), 1.0)
    if not is_complaint:
        return
    yield of_case(case, "complaint_callback_rate_72h", stable_at, unit, float(is_reached), 1.0)
    if records.has_event(case, "closed") and records.has_event(case, "customer_confirmed"):
        is_looped = is_reached and is_closed(case) and is_confirmed(case)
        yield of_case(case, "complaint_closed_loop_rate", stable_at, unit, float(is_looped), 1.0)


def _happens(case: Case, stable_at: datetime, *event_types: str) -> bool:
    """True where one of these events lies in [stable_at, stable_at + 72 h]."""
    until = stable_at + CALLBACK_WINDOW
    return any(event.event_type in event_types and stable_at <= event.at <= until for event in case.events)


def is_closed(case: Case) -> bool:
    """True where the case was closed by now; closing is told by its own ticket (ruling D14)."""
    return any(event.event_type == "closed" for event in case.own_events)


def is_confirmed(case: Case) -> bool:
    return any(event.event_type == "customer_confirmed" for event in case.events)
