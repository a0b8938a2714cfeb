"""Parts: how long cases waited for them, how often they were there, how long they took (rulings E1–E3, E7)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from tests.reading.cases import Case
from tests.reading.contributions import Contribution, of_case, of_fact
from tests.reading.owners import NOBODY, Unit
from tests.reading.records import Records
from tests.reading.tables import Row, as_known
from tests.reading.work_orders import known_work_orders

_HOUR = timedelta(hours=1)
Span = tuple[datetime, datetime]


def known_lines(records: Records) -> list[Row]:
    """Return the lines requested by now, each with its work order and the ticket it belongs to."""
    orders = {row["work_order_id"]: row for row in known_work_orders(records.tables, records.context)}
    lines = []
    for row in records.rows("erp.parts_requests"):
        if records.is_visible(row["requested_at"]):
            order = orders.get(row.get("work_order_id") or "")
            ticket_id = row.get("ticket_id") or (order or {}).get("ticket_id")
            known = as_known(row, ("available_at",), records.as_of)
            lines.append(known | {"order": order, "of_ticket_id": ticket_id})
    return lines


def parts_kpis(records: Records) -> Iterator[Contribution]:
    """Yield all KPIs of parts requests."""
    lines = known_lines(records)
    by_case: dict[str, list[Row]] = defaultdict(list)
    for line in lines:
        case = records.case_of(line["of_ticket_id"])
        if case is not None:
            by_case[case.ticket_id].append(line)
        if not records.is_excluded(line["of_ticket_id"]):
            yield from _line(records, line, case)
    if lines:
        for case in records.cases:
            yield from _waits(records, case, by_case[case.ticket_id])


def _waits(records: Records, case: Case, lines: list[Row]) -> Iterator[Contribution]:
    """Yield parts_wait_hours of a case with requests, parts_wait_share of every solved case, parts_delay_rate."""
    stable_at = case.stable_at
    if stable_at is None or stable_at < case.created_at or any(_is_backwards(line) for line in lines):
        return
    unit = case.owners.unit_at(stable_at)
    waited = waiting_hours(lines, case.created_at, stable_at, records.as_of)
    hours = (stable_at - case.created_at) / _HOUR
    if lines:
        yield of_case(case, "parts_wait_hours", stable_at, unit, waited, 1.0)
    yield of_case(case, "parts_wait_share", stable_at, unit, waited, hours, counted=int(hours > 0))
    due_at = records.due_at(case)
    if case.ticket.get("case_type") == "repair" and due_at is not None:
        is_delayed = stable_at > due_at and stable_at - waited * _HOUR <= due_at
        yield of_case(case, "parts_delay_rate", stable_at, unit, float(is_delayed), 1.0)


def _is_backwards(line: Row) -> bool:
    return line["available_at"] is not None and line["available_at"] < line["requested_at"]


def waiting_hours(lines: Iterable[Row], start: datetime, end: datetime, as_of: datetime) -> float:
    """Return the hours of the union of [requested, available or as-of), clipped to [start, end) (ruling E1)."""
    waited, reached = timedelta(), start
    for opens, closes in sorted((line["requested_at"], line["available_at"] or as_of) for line in lines):
        begins, ends = max(opens, reached), min(closes, end)
        if ends > begins:
            waited += ends - begins
            reached = ends
    return waited / _HOUR


def _line(records: Records, line: Row, case: Case | None) -> Iterator[Contribution]:
    """Yield parts_fill_rate and parts_lead_time_days of one line."""
    region_id = (line["order"] or {}).get("region_id") or (case.region_id if case else None)
    product_id = (line["order"] or {}).get("product_id")
    requested_at, available_at = line["requested_at"], line["available_at"]
    if line.get("was_in_stock") is not None:
        day = records.local_date(requested_at, region_id)
        yield of_fact(
            line, case, "parts_fill_rate", day, region_id, float(line["was_in_stock"]), 1.0,
            unit=_unit(records, line, case, requested_at), product_id=product_id,
        )  # fmt: skip
    if available_at is not None and available_at >= requested_at:
        days = (available_at - requested_at) / timedelta(days=1)
        day = records.local_date(available_at, region_id)
        yield of_fact(
            line, case, "parts_lead_time_days", day, region_id, days, 1.0,
            unit=_unit(records, line, case, available_at), product_id=product_id,
        )  # fmt: skip


def _unit(records: Records, line: Row, case: Case | None, at: datetime) -> Unit:
    """Return the technician's unit where the work order names one, else the unit that owns the case then."""
    technician = (line["order"] or {}).get("employee_id")
    if technician is not None:
        return records.unit_of(technician, at)
    return case.owners.unit_at(at) if case else NOBODY
