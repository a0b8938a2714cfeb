"""Visits: on site in time, fixed at the first visit, signed (rulings B5, B15, C4, D10, E4)."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

from tests.reading.contributions import Contribution, of_fact
from tests.reading.owners import Unit
from tests.reading.records import Records
from tests.reading.tables import Row
from tests.reading.work_orders import elapsed_hours, is_cancelled, known_work_orders, visit_order

_LIMIT_HOURS = 24
_FAILED_TO_VISIT = ("no_access", "cancelled")
_SIGNED_OUTCOMES = ("fixed", "follow_up_needed")


def visit_kpis(records: Records) -> Iterator[Contribution]:
    """Yield the KPIs of the visits of counted cases, of unknown tickets and of none."""
    by_case: dict[str, list[Row]] = defaultdict(list)
    for row in known_work_orders(records.tables, records.context):
        ticket_id = row.get("ticket_id")
        if records.is_excluded(ticket_id):
            continue
        yield from _onsite(records, row)
        yield from _signature(records, row)
        if ticket_id is not None:
            case = records.case_of(ticket_id)
            by_case[case.ticket_id if case else ticket_id].append(row)
    for visits in by_case.values():
        yield from _first_time_fix(records, visits)


def _onsite(records: Records, row: Row) -> Iterator[Contribution]:
    if is_cancelled(row):
        return
    requested_at, arrived_at = row["requested_at"], row["arrived_at"]
    hours = elapsed_hours(requested_at, arrived_at)
    if hours is not None:
        yield _of_visit(records, row, "onsite_response_hours", arrived_at, hours, value=hours)
    is_backwards = arrived_at is not None and hours is None
    is_mature = requested_at is not None and requested_at + timedelta(hours=_LIMIT_HOURS) <= records.as_of
    if is_mature and not is_backwards:
        is_on_time = hours is not None and hours <= _LIMIT_HOURS
        yield _of_visit(records, row, "onsite_on_time_rate", requested_at, float(is_on_time))


def _signature(records: Records, row: Row) -> Iterator[Contribution]:
    is_signed = row.get("has_customer_signature")
    if row["completed_at"] is not None and row.get("outcome") in _SIGNED_OUTCOMES and is_signed is not None:
        yield _of_visit(records, row, "signature_missing_rate", row["completed_at"], float(not is_signed))


def _first_time_fix(records: Records, visits: list[Row]) -> Iterator[Contribution]:
    """Yield the first completed visit of a case: did it fix, and did none follow (ruling D10)."""
    done = [row for row in visits if row["completed_at"] is not None and row.get("outcome") not in _FAILED_TO_VISIT]
    done.sort(key=visit_order)
    # what became of a first visit without an outcome is unknown
    if done and done[0].get("outcome") is not None:
        is_fixed = done[0]["outcome"] == "fixed" and len(done) == 1
        yield _of_visit(records, done[0], "first_time_fix_rate", done[0]["completed_at"], float(is_fixed))


def visit_unit(records: Records, row: Row, at: datetime) -> Unit:
    """Return the technician's team at that instant and the employment of the work order itself."""
    return Unit(records.unit_of(row.get("employee_id"), at).team_id, row.get("employment"))


def _of_visit(
    records: Records, row: Row, kpi_key: str, at: datetime, numerator: float, *, value: float | None = None
) -> Contribution:
    region_id = row.get("region_id")
    return of_fact(
        row, records.case_of(row.get("ticket_id")), kpi_key, records.local_date(at, region_id), region_id,
        numerator, 1.0, unit=visit_unit(records, row, at), product_id=row.get("product_id"), value=value,
    )  # fmt: skip
