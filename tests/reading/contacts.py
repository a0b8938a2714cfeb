"""First contact resolution and repeats: how often a customer had to come back (rulings D8, D9, D11, D19, D20)."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from tests.reading.cases import Case
from tests.reading.contributions import Contribution, of_case
from tests.reading.records import Records
from tests.reading.response import RESPONSE_EVENTS

_WINDOW, _ONSITE_WINDOW = timedelta(days=7), timedelta(days=30)
_REPEATS = (("repeat_rate_7d", _WINDOW), ("repeat_rate_30d", _ONSITE_WINDOW))
Identity = tuple[Any, ...]


def is_resolved_at_first_contact(case: Case, stable_at: datetime) -> bool:
    """One human public response up to the resolution, no transfer, no visit, no reopening before it (ruling D9)."""
    before = [event for event in case.events if event.at <= stable_at]
    first = case.resolutions.first
    return (
        sum(event.is_human_response for event in before) == 1
        and not any(event.event_type == "transferred" for event in before)
        and not any(row["arrived_at"] for row in case.work_orders)
        and not (first is not None and first.is_reopened_in_window)
    )


def identity_of(case: Case) -> Identity | None:
    """Return what a repeat has to share with the case: its asset, else customer, product and fault (ruling D11)."""
    ticket = case.ticket
    if ticket.get("asset_id") is not None:
        return ("asset", ticket["asset_id"])
    return _fault(case)


def _fault(case: Case) -> Identity | None:
    parts = tuple(case.ticket.get(name) for name in ("customer_id", "product_id", "root_cause_id"))
    return None if None in parts else ("fault", *parts)


class Creations:
    """When cases were created, by asset and by customer, product and fault."""

    def __init__(self, cases: list[Case]) -> None:
        self._created: dict[Identity, list[tuple[datetime, str]]] = defaultdict(list)
        for case in cases:
            asset_id = case.ticket.get("asset_id")
            for identity in (("asset", asset_id) if asset_id is not None else None, _fault(case)):
                if identity is not None:
                    self._created[identity].append((case.created_at, case.ticket_id))
        for created in self._created.values():
            created.sort()

    def is_followed(self, case: Case, after: datetime, window: timedelta) -> bool:
        """True where another case of the same identity was created in (after, after + window]."""
        identity = identity_of(case)
        created = self._created.get(identity, []) if identity else []
        later = created[bisect_right(created, after, key=lambda entry: entry[0]) :]
        return any(at <= after + window and case_id != case.ticket_id for at, case_id in later)


def contact_kpis(records: Records) -> Iterator[Contribution]:
    """Yield first contact resolution, gross and net, and the repeats."""
    creations = Creations(records.cases)
    for case in records.cases:
        stable_at = case.stable_at
        if stable_at is not None:
            yield from _first_contact(records, case, stable_at, creations)
            yield from _repeats(records, case, stable_at, creations)


def _first_contact(records: Records, case: Case, stable_at: datetime, creations: Creations) -> Iterator[Contribution]:
    """Yield the KPIs of a case with events whose source knows of responses; net once nobody can come back in time."""
    if not case.events or not records.has_event(case, *RESPONSE_EVENTS):
        return
    unit = case.owners.unit_at(stable_at)
    is_first = is_resolved_at_first_contact(case, stable_at)
    yield of_case(case, "first_contact_resolution_rate_gross", stable_at, unit, float(is_first), 1.0)
    window = _ONSITE_WINDOW if case.ticket.get("resolution_mode") == "onsite" else _WINDOW
    if _knows_repeats(records, case) and stable_at + window <= records.as_of:
        is_last = is_first and not creations.is_followed(case, stable_at, window)
        yield of_case(case, "first_contact_resolution_rate_net", stable_at, unit, float(is_last), 1.0)


def _repeats(records: Records, case: Case, stable_at: datetime, creations: Creations) -> Iterator[Contribution]:
    """Yield repeat_rate_7d and _30d of a case whose window has passed and whose source tells who came."""
    if not _knows_repeats(records, case):
        return
    for kpi_key, window in _REPEATS:
        if stable_at + window <= records.as_of:
            unit = case.owners.unit_at(stable_at)
            is_followed = creations.is_followed(case, stable_at, window)
            yield of_case(case, kpi_key, stable_at, unit, float(is_followed), 1.0)


def _knows_repeats(records: Records, case: Case) -> bool:
    return records.has_column(case, "asset_id", "customer_id")
