"""What each case adds to the KPIs that are counted when it is created, and to the response KPIs (C1–C8, D12, D13)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from tests.reading.cases import Case
from tests.reading.contributions import Contribution, of_case
from tests.reading.owners import NOBODY
from tests.reading.pauses import waited_seconds
from tests.reading.records import Records

RESPONSE_EVENTS = ("first_response", "responded")
_HALF_HOUR = timedelta(minutes=30)


def created(records: Records, case: Case) -> Iterator[Contribution]:
    """Yield tickets_created, transfer_rate, escalation_rate and the complaints of complaint_rate."""
    unit = case.owners.first_unit(case.created_at)
    yield of_case(case, "tickets_created", case.created_at, unit, 1.0, None)
    if records.has_event(case, "transferred"):
        transfers = [e.at for e in case.events if e.event_type == "transferred"]
        is_transferred = any(case.stable_at is None or at <= case.stable_at for at in transfers)
        yield of_case(case, "transfer_rate", case.created_at, unit, float(is_transferred), 1.0)
    if records.has_event(case, "escalated") or records.has_column(case, "is_escalated"):
        is_escalated = case.ticket.get("is_escalated") is True or any(e.event_type == "escalated" for e in case.events)
        yield of_case(case, "escalation_rate", case.created_at, unit, float(is_escalated), 1.0)


def complaint(records: Records, case: Case) -> Iterator[Contribution]:
    """Yield the complaint: charged to who owned the related case when it was solved (rulings F4, F10)."""
    if case.ticket.get("case_type") != "complaint":
        return
    related = records.case_of(case.ticket.get("related_ticket_id"))
    solved_at = related.stable_at if related else None
    unit = related.owners.unit_at(solved_at) if related and solved_at else NOBODY
    yield of_case(case, "complaint_rate", case.created_at, unit, 1.0, 0.0, counted=0)


def response(records: Records, case: Case) -> Iterator[Contribution]:
    """Yield first_response_minutes, and the rates of what was answered in time."""
    if not (records.has_event(case, *RESPONSE_EVENTS) or records.has_column(case, "first_response_at")):
        return
    answered_at = case.responded_at
    if answered_at is not None and answered_at < case.created_at:
        return
    unit = case.owners.unit_at(answered_at) if answered_at else case.owners.first_unit(case.created_at)
    if answered_at is not None:
        minutes = (answered_at - case.created_at).total_seconds() / 60
        yield of_case(case, "first_response_minutes", case.created_at, unit, minutes, 1.0, minutes)
    if answered_at is not None or records.as_of - case.created_at >= _HALF_HOUR:
        is_quick = answered_at is not None and answered_at - case.created_at <= _HALF_HOUR
        yield of_case(case, "response_within_30_min_rate", case.created_at, unit, float(is_quick), 1.0)
    is_on_time = _is_on_time(records, case, answered_at)
    if is_on_time is not None:
        yield of_case(case, "first_response_on_time_rate", case.created_at, unit, float(is_on_time), 1.0)
        if case.ticket.get("case_type") == "complaint":
            yield of_case(case, "complaint_first_response_on_time_rate", case.created_at, unit, float(is_on_time), 1.0)


def _is_on_time(records: Records, case: Case, answered_at: datetime | None) -> bool | None:
    """True within the policy's limit, None without a policy, before the limit has passed, and beyond the calendar."""
    policy = records.policy_of(case)
    if policy is None or policy.response_seconds is None:
        return None
    pauses = records.pauses(case, policy)
    until = answered_at or records.as_of
    waited = None if pauses is None else waited_seconds(case, policy, policy.response_seconds, pauses, until)
    if waited is None:
        return None
    if answered_at is None:
        return False if waited > policy.response_seconds else None
    return waited <= policy.response_seconds
