"""Visits and parts in the life of a ticket: who is sent, what is missing, when it is repaired."""

import numpy as np

from demo import stories
from demo.clock import HOUR, MINUTE, NEVER, in_shift
from demo.columns import Columns, Flags, Floats, Ints
from demo.ownership import DEPOT, ONSITE
from demo.reference import REPAIR, Reference

NO_ACCESS_SHARE, FOLLOW_UP_SHARE = 0.03, 0.05
PARTS_SHARE = 0.9
NO_DIAGNOSIS_SHARE, PARTS_FIRST_SHARE = 0.07, 0.065
FIXED, FOLLOW_UP, NO_ACCESS, PARTS_MISSING, CANCELLED = 0, 1, 2, 3, 4


def _seconds(random: np.random.Generator, count: int, low: float, high: float) -> Ints:
    """Return uniform times in seconds, limits in hours."""
    return (HOUR * random.uniform(low, high, count)).astype(np.int64)


def _exponential(random: np.random.Generator, count: int, mean: float | Floats) -> Ints:
    return (HOUR * mean * random.exponential(1.0, count)).astype(np.int64) + MINUTE


def _set(batch: Columns, name: str, condition: Flags, instant: Ints) -> None:
    batch[name] = np.where(condition, np.minimum(instant, NEVER), NEVER)


def _trip(batch: Columns, visit: int, goes: Flags, start: Ints, slow: Floats, random: np.random.Generator) -> Ints:
    """Plan dispatched → accepted → departed → arrived; return the arrival."""
    count = len(start)
    dispatched = in_shift(start + _exponential(random, count, 5.0 * slow), random)
    accepted = dispatched + _exponential(random, count, 0.35)
    departed = in_shift(accepted + _exponential(random, count, 8.0 * slow), random)
    arrived = departed + (_seconds(random, count, 0.3, 1.4) * slow).astype(np.int64)
    for name, instant in (
        ("dispatched", dispatched),
        ("accepted", accepted),
        ("departed", departed),
        ("arrived", arrived),
    ):
        _set(batch, f"{name}{visit}", goes, instant)
    return arrived


def plan_visits(batch: Columns, cursor: Ints, slow: Floats, reference: Reference, random: np.random.Generator) -> Ints:
    """Add the steps of on-site and depot work and the first visit's outcome; return where each ticket stands then."""
    count = len(cursor)
    onsite, depot, story = batch["mode"] == ONSITE, batch["mode"] == DEPOT, batch["is_story"]
    handled = onsite | depot
    arrived = _trip(batch, 1, onsite, cursor, slow, random)
    workbench = in_shift(cursor + _exponential(random, count, 5.0 * slow), random)
    begin = np.where(onsite, arrived, np.where(story, cursor + _exponential(random, count, 1.5), workbench))

    no_access = onsite & (random.random(count) < NO_ACCESS_SHARE)
    follow_up = onsite & ~no_access & (random.random(count) < FOLLOW_UP_SHARE)
    begin1 = begin + _seconds(random, count, 0.2, 0.7)
    needs_part = handled & (batch["case_type"] == REPAIR) & ~no_access & (random.random(count) < PARTS_SHARE) | story
    request = begin1 + _seconds(random, count, 0.05, 0.3)
    in_stock, available = _supply(batch, request, slow, reference, random)
    missing = needs_part & ~in_stock
    batch["needs_part"], batch["in_stock"] = needs_part, in_stock
    diagnosed = np.where(no_access, NEVER, begin1)
    keeps_record = random.random(count) >= NO_DIAGNOSIS_SHARE
    _set(batch, "diagnosed", handled & ~no_access & keeps_record, diagnosed)
    # Some ask for the part before they have diagnosed anything: a deviation from the prescribed order.
    hasty = needs_part & (random.random(count) < PARTS_FIRST_SHARE) & ~story
    request = np.where(hasty, begin1 - 4 * MINUTE, request)
    _set(batch, "parts_requested", needs_part, request)
    _set(batch, "parts_received", needs_part, available)
    _set(batch, "wait_parts", missing, np.maximum(request, begin1) + MINUTE)
    _set(batch, "parts_over", missing, np.maximum(available, np.maximum(request, begin1) + 2 * MINUTE) + MINUTE)

    left = np.where(missing, np.maximum(request, begin1) + 10 * MINUTE, begin1 + _seconds(random, count, 0.1, 0.5))
    again = onsite & (no_access | follow_up | missing)
    start2 = np.maximum(np.where(missing, batch["parts_over"], left), left)
    # Nobody at home: the same work waits for the second visit.
    start2 = np.where(no_access, left + _seconds(random, count, 4, 20), start2)
    arrived2 = _trip(batch, 2, again, np.minimum(start2, NEVER), slow, random)
    late_diagnosis = no_access & keeps_record
    batch["diagnosed"] = np.where(late_diagnosis, arrived2 + 20 * MINUTE, batch["diagnosed"])
    labour = (HOUR * np.clip(random.gamma(3.0, 0.45, count), 0.3, 6.0)).astype(np.int64) + 25 * MINUTE
    ready = np.where(needs_part, np.maximum(available, begin1), begin1)
    ready = np.where(again, arrived2, ready)
    repaired = np.where(onsite, ready + labour, in_shift(ready + labour, random))
    verified = repaired + _seconds(random, count, 0.1, 0.4)
    repairs = handled & ((batch["case_type"] == REPAIR) | story | depot)
    _set(batch, "repaired", repairs, repaired)
    _set(batch, "verified", handled, verified)
    _set(batch, "left1", onsite, np.where(again, left, verified))
    batch["outcome1"] = np.select(
        [no_access, missing & onsite, follow_up], [NO_ACCESS, PARTS_MISSING, FOLLOW_UP], FIXED
    )
    batch["again"] = again
    batch["labour"] = labour / HOUR
    return np.where(handled, verified, cursor)


def _supply(
    batch: Columns, request: Ints, slow: Floats, reference: Reference, random: np.random.Generator
) -> tuple[Flags, Ints]:
    """Return whether the part was in stock, and when it is at the point of use.

    The depot of the story rarely has it; the faulty batteries wait for their replacement as long as the story says.
    """
    count = len(request)
    short = batch["region"] == reference.region(stories.DEPOT_REGION)
    in_stock = random.random(count) < np.where(short, stories.DEPOT_IN_STOCK_SHARE, stories.USUAL_IN_STOCK_SHARE)
    lead = np.where(short, stories.DEPOT_LEAD_HOURS, stories.USUAL_LEAD_HOURS * slow) * np.exp(
        0.5 * random.standard_normal(count) - 0.125
    )
    available = request + np.where(in_stock, random.uniform(0.05, 0.7, count) * HOUR, lead * HOUR).astype(np.int64)
    story = batch["is_story"]
    rank = np.cumsum(story) * stories.BATTERY_LONG_WAIT_SHARE + 0.5
    waits_long = np.floor(rank) > np.floor(rank - stories.BATTERY_LONG_WAIT_SHARE)
    limit = stories.BATTERY_WAIT_HOURS
    total = np.where(waits_long, random.uniform(limit + 3, limit + 90, count), random.uniform(14, limit - 24, count))
    replaced = np.maximum(batch["opened"] + (total * HOUR).astype(np.int64), request + 10 * MINUTE)
    return in_stock & ~story, np.where(story, replaced, available)
