"""Stocks: the open cases at the end of each local day, and the heads employed (rulings A9, D16, G3, G5)."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from tests.reading.cases import Case
from tests.reading.contributions import Attributes, Contribution, about_case
from tests.reading.owners import Unit
from tests.reading.records import Records
from tests.reading.tables import END_OF_TIME, as_date

_TICK = timedelta(microseconds=1)
_DAY = timedelta(days=1)


def backlog(records: Records, case: Case) -> Iterator[Contribution]:
    """Yield open_backlog, overdue_backlog and backlog_age_days of a case for each local day at whose end it is open."""
    due_at = records.due_at(case)
    spans = open_spans(case)
    about = about_case(case)
    as_of_day = case.local_date(records.as_of)
    for day in _days(case.local_date(case.created_at), as_of_day):
        ends_at = min(records.clocks.midnight_after(day, case.region_id), records.as_of)
        is_running = day == as_of_day
        # what happens at midnight belongs to the next day, what happens at the as-of instant has happened
        last = records.as_of if is_running else ends_at - _TICK
        if any(start <= last < end for start, end in spans):
            unit = case.owners.unit_at(last)
            is_overdue = due_at is not None and due_at < ends_at
            age = (ends_at - case.created_at) / _DAY
            for kpi_key, numerator, denominator in (
                ("open_backlog", 1.0, None),
                ("overdue_backlog", float(is_overdue), None),
                ("backlog_age_days", age, 1.0),
            ):
                yield Contribution(
                    kpi_key, day, about, unit, numerator, denominator, at_end=True, is_running=is_running
                )  # fmt: skip


def open_spans(case: Case) -> list[tuple[datetime, datetime]]:
    """Return the half-open spans in which a case is open: not resolved, not closed, not cancelled."""
    moves = [(case.created_at, True)]
    if case.events:
        kinds = {"resolved": False, "closed": False, "reopened": True}
        moves += [(event.at, kinds[event.event_type]) for event in case.own_events if event.event_type in kinds]
    else:
        ended = [case.ticket[name] for name in ("resolved_at", "closed_at") if case.ticket.get(name)]
        # resolved_at, else closed_at (D2); a resolution before the creation is a wrong time, yet the case is solved
        moves += [(max(ended[0], case.created_at), False)] if ended else []
    cancelled_at = (case.cancelled_at or case.created_at) if case.is_cancelled else END_OF_TIME
    until = [*(at for at, _ in moves[1:]), END_OF_TIME]
    spans = [(at, min(end, cancelled_at)) for (at, is_open), end in zip(moves, until, strict=True) if is_open]
    return [span for span in spans if span[1] > span[0]]


def heads(records: Records) -> Iterator[Contribution]:
    """Yield the heads of the KPIs per head for each local day from the first case to the as-of day."""
    first = min((case.local_date(case.created_at) for case in records.cases), default=None)
    if first is None:
        return
    keys = ("tickets_per_head", "training_hours_per_head") if has_training(records) else ("tickets_per_head",)
    for employee_id in records.people.ids:
        for day in _days(first, _last_day(records, employee_id)):
            post = records.people.post(employee_id, day) or {}
            if not is_employed(post, day):
                continue
            about = Attributes(post["_source_system"], post.get("region_id"))
            unit = Unit(post.get("team_id"), post.get("employment"))
            is_running = day == records.local_date(records.as_of, post.get("region_id"))
            for kpi_key in keys:
                yield Contribution(kpi_key, day, about, unit, 0.0, 1.0, at_end=True, is_running=is_running)


def has_training(records: Records) -> bool:
    """True where anybody's training is on record."""
    return bool(records.rows("erp.training_records"))


def is_employed(post: dict[str, object], day: date) -> bool:
    """True from the first to the last day of a person, both inclusive; an unknown one does not bound."""
    hired_on, left_on = as_date(post.get("hired_on")), as_date(post.get("left_on"))
    return (hired_on is None or hired_on <= day) and (left_on is None or day <= left_on)


def _last_day(records: Records, employee_id: str) -> date:
    company_day = records.local_date(records.as_of, None)
    post = records.people.post(employee_id, company_day) or {}
    return records.local_date(records.as_of, post.get("region_id"))


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + number * _DAY
