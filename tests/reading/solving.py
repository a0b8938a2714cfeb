"""What each case adds to the KPIs that are counted when it is solved, or when it was due (D1, D2, D6, D7, D12, F5)."""

from collections.abc import Iterator
from datetime import datetime

from tests.reading.cases import Case
from tests.reading.contributions import Contribution, of_case
from tests.reading.records import Records


def solved(records: Records, case: Case) -> Iterator[Contribution]:
    """Yield the KPIs of a stable resolution."""
    stable_at = case.stable_at
    if stable_at is None:
        return
    unit = case.owners.unit_at(stable_at)
    yield of_case(case, "tickets_resolved", stable_at, unit, 1.0, None)
    for kpi_key in ("complaint_rate", "cost_per_ticket"):
        yield of_case(case, kpi_key, stable_at, unit, 0.0, 1.0)
    yield of_case(case, "tickets_per_head", stable_at, unit, 1.0, 0.0, counted=0)
    mode = case.ticket.get("resolution_mode")
    if mode is not None:
        yield of_case(case, "remote_resolution_rate", stable_at, unit, float(mode == "remote"), 1.0)
        yield of_case(case, "self_service_share", stable_at, unit, float(mode == "self_service"), 1.0)


def due(records: Records, case: Case) -> Iterator[Contribution]:
    """Yield resolution_on_time_rate, resolution_rate and complaint_closure_rate of a case that was due by now."""
    due_at = records.due_at(case)
    if due_at is None or due_at > records.as_of or case.is_cancelled:
        return
    resolved_at = case.stable_at or case.resolutions.provisional_at
    unit = case.owners.unit_at(resolved_at or due_at)
    # solved before it was opened is solved, in a time that nobody knows (ruling B5)
    if case.stable_at is None or case.stable_at >= case.created_at:
        is_on_time = case.stable_at is not None and case.stable_at <= due_at
        yield of_case(case, "resolution_on_time_rate", due_at, unit, float(is_on_time), 1.0)
    yield of_case(case, "resolution_rate", due_at, unit, float(resolved_at is not None), 1.0)
    if case.ticket.get("case_type") == "complaint" and _knows_closure(records, case):
        closed_at = first_closed_at(case)
        # closed before it was opened is closed, at a time that nobody knows (ruling B5)
        if closed_at is None or closed_at >= case.created_at:
            is_closed = closed_at is not None and closed_at <= due_at
            yield of_case(case, "complaint_closure_rate", due_at, unit, float(is_closed), 1.0)


def first_closed_at(case: Case) -> datetime | None:
    """Return the first `closed` event of the case; the column counts where there is no event at all (ruling B17)."""
    if case.events:
        return next((event.at for event in case.own_events if event.event_type == "closed"), None)
    closed_at: datetime | None = case.ticket.get("closed_at")
    return closed_at


def _knows_closure(records: Records, case: Case) -> bool:
    return records.has_event(case, "closed") or records.has_column(case, "closed_at")


def reopening(records: Records, case: Case) -> Iterator[Contribution]:
    """Yield reopen_rate of a case whose first resolution is older than the window (ruling D12)."""
    first = case.resolutions.first
    if first is None or not case.events or not records.has_event(case, "reopened"):
        return
    if first.is_mature(records.as_of):
        unit = case.owners.unit_at(first.at)
        yield of_case(case, "reopen_rate", first.at, unit, float(first.is_reopened_in_window), 1.0)
