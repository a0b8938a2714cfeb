"""In which stage a case was at any instant: the open one with the highest position (ruling E6, seeds/stages.csv)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from tests.reading.cases import Case
from tests.reading.contributions import Contribution, of_case
from tests.reading.events import Event
from tests.reading.records import Records
from tests.reading.response import RESPONSE_EVENTS
from tests.reading.tables import Row

#: Events that every ticket system has say nothing about stages by themselves.
_COMMON = frozenset({"created", "resolved", "closed", "reopened"})


@dataclass(frozen=True)
class Stage:
    """One row of stages.csv."""

    name: str
    starts_with: frozenset[str]
    ends_with: frozenset[str]
    position: int


def read_stages(rows: Iterable[Row]) -> list[Stage]:
    """Return the stages in the order of their position."""
    stages = [
        Stage(row["stage"], _event_types(row["starts_with"]), _event_types(row["ends_with"]), int(row["position"]))
        for row in rows
    ]
    return sorted(stages, key=lambda stage: stage.position)


def _event_types(text: str | None) -> frozenset[str]:
    return frozenset(text.split("|")) if text else frozenset()


def telling_events(stages: Sequence[Stage]) -> frozenset[str]:
    """Return the event types of which a source has to know one, so that its cases have stages (ruling B21)."""
    return frozenset().union(*(stage.starts_with | stage.ends_with for stage in stages)) - _COMMON


def hours_by_stage(
    events: Sequence[Event], created_at: datetime, stable_at: datetime, stages: Sequence[Stage]
) -> dict[str, float]:
    """Return the calendar hours of [created_at, stable_at) by stage; `events` stand in their order.

    The first stage is open from the creation. Where none is open the case is in the last one.
    """
    hours = dict.fromkeys((stage.name for stage in stages), 0.0)
    is_open = {stage.name: "created" in stage.starts_with for stage in stages}
    since = created_at
    for event in events:
        if event.at >= stable_at:
            break
        hours[_current(stages, is_open)] += (event.at - since).total_seconds() / 3600
        since = event.at
        if event.event_type in RESPONSE_EVENTS and not event.is_human_response:
            continue
        for stage in stages:
            if event.event_type in stage.starts_with:
                is_open[stage.name] = True
            elif event.event_type in stage.ends_with:
                is_open[stage.name] = False
    hours[_current(stages, is_open)] += (stable_at - since).total_seconds() / 3600
    return hours


def _current(stages: Sequence[Stage], is_open: dict[str, bool]) -> str:
    return next((stage.name for stage in reversed(stages) if is_open[stage.name]), stages[-1].name)


def stage_kpis(records: Records, case: Case, stages: Sequence[Stage]) -> Iterator[Contribution]:
    """Yield stage_hours, by stage and as the whole cycle, and stage_share by stage."""
    stable_at = case.stable_at
    if stable_at is None or not case.events or not records.has_event(case, *telling_events(stages)):
        return
    unit = case.owners.unit_at(stable_at)
    hours = hours_by_stage(case.events, case.created_at, stable_at, stages)
    cycle = sum(hours.values())
    yield of_case(case, "stage_hours", stable_at, unit, cycle, 1.0)
    for name, spent in hours.items():
        yield of_case(case, "stage_hours", stable_at, unit, spent, 1.0, stage=name)
        yield of_case(case, "stage_share", stable_at, unit, spent, cycle, counted=int(cycle > 0), stage=name)
