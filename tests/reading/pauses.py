"""The clock of a policy that stands still while the case waits for the customer (ruling C5, decision 12)."""

from collections.abc import Iterator
from datetime import datetime

from tests.reading.cases import Case
from tests.reading.policies import Policy
from tests.reading.spans import Span
from tests.reading.waits import status_after


def pauses(case: Case) -> list[Span]:
    """Return the spans of waiting_customer up to the stable resolution, else to the last closing or as-of."""
    ends_at = case.stable_at or _closed_at(case) or case.as_of
    spans = ((start, min(end, ends_at)) for start, end in _waiting(case))
    return [span for span in spans if span[1] > span[0]]


def _waiting(case: Case) -> Iterator[Span]:
    since = None
    for event in case.own_events:
        status = status_after(event)
        if status is None:
            continue
        if since is not None:
            yield since, event.at
        since = event.at if status == "waiting_customer" else None
    if since is not None:
        yield since, case.as_of


def _closed_at(case: Case) -> datetime | None:
    """Return when the case was closed for good: no wait after that is a wait of an open case."""
    closed_at = None
    for event in case.own_events:
        if event.event_type == "reopened":
            closed_at = None
        elif status_after(event) == "closed" and closed_at is None:
            closed_at = event.at
    return closed_at


def policy_due_at(case: Case, policy: Policy, limit: float, paused: list[Span]) -> datetime | None:
    """Return when the limit is used up; a pause that begins then comes too late. None beyond the calendar."""
    clocks, region_id = case.clocks, case.region_id
    since, left = case.created_at, limit
    for start, end in paused:
        ran = clocks.elapsed_seconds(policy.clock, since, start, region_id)
        if ran is None or ran >= left:
            break
        since, left = end, left - ran
    # the calendar has to list the creation too, not only where the last pause ends
    if clocks.elapsed_seconds(policy.clock, case.created_at, case.created_at, region_id) is None:
        return None
    return clocks.after(policy.clock, since, left, region_id)


def waited_seconds(
    case: Case, policy: Policy, limit: float, paused: list[Span], until: datetime
) -> float | None:  # fmt: skip
    """Return what the policy's clock shows at an instant, None where the calendar does not reach that far."""
    clocks, region_id = case.clocks, case.region_id
    if clocks.elapsed_seconds(policy.clock, case.created_at, until, region_id) is None:
        return None
    since, waited = case.created_at, 0.0
    for start, end in paused:
        if start >= until:
            break
        ran = clocks.elapsed_seconds(policy.clock, since, start, region_id) or 0.0
        if waited + ran >= limit:
            break
        since, waited = min(end, until), waited + ran
    return waited + (clocks.elapsed_seconds(policy.clock, since, until, region_id) or 0.0)
