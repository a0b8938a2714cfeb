"""Time that nobody worked, and repairs off the prescribed order (rulings A14, B18, D15, E4, E6)."""

from collections.abc import Iterator

from tests.reading.cases import Case
from tests.reading.contributions import Contribution, of_case
from tests.reading.records import Records


def process_kpis(records: Records, case: Case) -> Iterator[Contribution]:
    """Yield handoff_idle_hours and process_deviation_rate of a stably resolved case with events."""
    if case.stable_at is not None and case.events:
        yield from _handoff(records, case)
        yield from _deviation(records, case)


def _handoff(records: Records, case: Case) -> Iterator[Contribution]:
    """Yield the working hours in which a team and no person had the case, where events name people at all."""
    stable_at = case.stable_at
    if stable_at is None or stable_at < case.created_at or not records.names_people(case):
        return
    if not records.clocks.lists(case.created_at, stable_at, case.region_id):
        return
    clock = records.clocks.working(case.region_id)
    idle = sum(clock.seconds(start, end) for start, end in case.owners.idle_spans(case.created_at, stable_at))
    yield of_case(case, "handoff_idle_hours", stable_at, case.owners.unit_at(stable_at), idle / 3600, 1.0)


def _deviation(records: Records, case: Case) -> Iterator[Contribution]:
    stable_at = case.stable_at
    if stable_at is None or case.ticket.get("case_type") != "repair" or not records.has_event(case, "diagnosed"):
        return
    if any(event.event_type == "repaired" for event in case.events):
        unit = case.owners.unit_at(stable_at)
        yield of_case(case, "process_deviation_rate", stable_at, unit, float(deviates(case)), 1.0)


def deviates(case: Case) -> bool:
    """True for a repair without a diagnosis before it, or with parts asked for before that or after the repair."""
    repaired = _first(case, "repaired")
    diagnosed, requested = _first(case, "diagnosed"), _first(case, "parts_requested")
    if repaired is None or diagnosed is None or diagnosed > repaired:
        return True
    return requested is not None and not diagnosed < requested < repaired


def _first(case: Case, event_type: str) -> int | None:
    """Return the place of the first event of a kind in the order of the events."""
    return next((place for place, event in enumerate(case.events) if event.event_type == event_type), None)
