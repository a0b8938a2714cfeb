"""What each case adds to the KPIs that are counted when it is created, and to the response KPIs (C1–C8, D12, D13)."""

from collections.abc import Iterator

from tests.reading.cases import Case
from tests.reading.contributions import Contribution, of_case
from tests.reading.owners import NOBODY
from tests.reading.records import Records

RESPONSE_EVENTS = ("first_response", "responded")


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
    """Yield first_response_minutes and first_response_on_time_rate."""
    if not (records.has_event(case, *RESPONSE_EVENTS) or records.has_column(case, "first_response_at")):
        return
    policy = records.policies.of(case.ticket, case.local_date(case.created_at))
    limit = policy.response_seconds if policy else None
    answered_at = case.responded_at
    if answered_at is None:
        if policy and limit is not None:
            waited = records.clocks.elapsed_seconds(policy.clock, case.created_at, records.as_of, case.region_id)
            if waited > limit:
                unit = case.owners.first_unit(case.created_at)
                yield of_case(case, "first_response_on_time_rate", case.created_at, unit, 0.0, 1.0)
        return
    if answered_at < case.created_at:
        return
    unit = case.owners.unit_at(answered_at)
    minutes = (answered_at - case.created_at).total_seconds() / 60
    yield of_case(case, "first_response_minutes", case.created_at, unit, minutes, 1.0, minutes)
    if policy and limit is not None:
        waited = records.clocks.elapsed_seconds(policy.clock, case.created_at, answered_at, case.region_id)
        yield of_case(case, "first_response_on_time_rate", case.created_at, unit, float(waited <= limit), 1.0)
