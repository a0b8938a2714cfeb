"""How long cases took until they were solved: six variants of resolution_hours (rulings B5, B17, D3–D5)."""

from collections.abc import Iterator
from datetime import datetime

from tests.reading.cases import Case
from tests.reading.contributions import Contribution, of_case
from tests.reading.owners import Unit
from tests.reading.records import Records
from tests.reading.waits import REMOVED, served_spans

_HOUR = 3600


def resolution_hours(records: Records, case: Case) -> Iterator[Contribution]:
    """Yield all variants of a stable resolution that are known; no wait is known of a case without events."""
    stable_at = case.stable_at
    if stable_at is None or stable_at < case.created_at:
        return
    knows_waits = bool(case.events) and records.states_status(case)
    knows_work = records.clocks.lists(case.created_at, stable_at, case.region_id)
    clock = records.clocks.working(case.region_id)
    shares = team_shares(case, stable_at)
    for variant, removed in REMOVED.items():
        if removed and not knows_waits:
            continue
        served = served_spans(case, stable_at, removed)
        hours = sum((end - start).total_seconds() for start, end in served) / _HOUR
        yield from _shared(case, f"resolution_hours_{variant}_calendar", stable_at, hours, shares)
        if knows_work:
            hours = sum(clock.seconds(start, end) for start, end in served) / _HOUR
            yield from _shared(case, f"resolution_hours_{variant}_working", stable_at, hours, shares)


def _shared(
    case: Case, kpi_key: str, stable_at: datetime, hours: float, shares: dict[str | None, float]
) -> Iterator[Contribution]:
    """Yield hours by teams' shares; their percentile and employment are those of the owner at the end (D5)."""
    unit = case.owners.unit_at(stable_at)
    for team, share in shares.items():
        yield of_case(case, kpi_key, stable_at, Unit(team, unit.employment), share * hours, share, counted=0)
    yield of_case(case, kpi_key, stable_at, unit, 0.0, 0.0, hours)


def team_shares(case: Case, stable_at: datetime) -> dict[str | None, float]:
    """Return each team's share of the owned time up to the stable resolution (ruling D5, decision 12).

    Working time where the calendar lists all of it and any was worked, else calendar time.
    """
    measures = [lambda start, end: (end - start).total_seconds()]
    if case.clocks.lists(case.created_at, stable_at, case.region_id):
        measures.insert(0, case.clocks.working(case.region_id).seconds)
    spans = case.owners.spans(case.created_at, stable_at)
    for measure in measures:
        held: dict[str | None, float] = {}
        for team, start, end in spans:
            held[team] = held.get(team, 0.0) + measure(start, end)
        total = sum(held.values())
        if total > 0:
            return {team: seconds / total for team, seconds in held.items()}
    return {case.owners.at(stable_at): 1.0}
