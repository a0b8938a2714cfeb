"""The life of each ticket as instants: one array per step, NEVER where a step does not happen."""

import numpy as np

from demo import stories
from demo.clock import DAY, HOUR, MINUTE, NEVER, in_shift, is_night
from demo.columns import Columns, Flags, Floats, Ints
from demo.ownership import DEPOT, ONSITE, SELF_SERVICE, assign_owners, choose_modes, response_seconds
from demo.people import People, Roster
from demo.reference import CHANNELS, COMPLAINT, CONSULTATION, REPAIR, Reference
from demo.visits import plan_visits

AUTO_REPLY_CHANNELS = ("chat", "email", "app", "portal")
AUTO_REPLY_SHARE = 0.5
QUEUE_SHARE = 0.45
WAIT_CUSTOMER_SHARE, WAIT_VENDOR_SHARE = 0.09, 0.03
CANCEL_BEFORE_SHARE, CANCEL_AFTER_SHARE = 0.02, 0.01
REOPEN_SHARE, LATE_REOPEN_SHARE = 0.045, 0.2
ESCALATION_SHARE, COMPLAINT_ESCALATION_SHARE = 0.02, 0.07
#: Median hours of desk work by case type, before the region's factor.
DESK_HOURS = {COMPLAINT: 15.0, REPAIR: 20.0, CONSULTATION: 1.6}
OTHER_DESK_HOURS = 20.0
#: Steps after which a ticket is over: all later ones are cut off.
STEPS = (
    "auto_reply", "assign1", "first", "ask_customer", "customer_back", "transfer", "assign2", "dispatched1",
    "accepted1", "departed1", "arrived1", "left1", "dispatched2", "accepted2", "departed2", "arrived2",
    "diagnosed", "parts_requested", "parts_received", "wait_parts", "parts_over", "ask_vendor", "vendor_back",
    "repaired", "verified", "resolved", "reopened", "answered2", "resolved2", "escalated", "call_missed",
    "call_reached", "confirmed", "praised", "closed", "closed2",
)  # fmt: skip


def hours(random: np.random.Generator, count: int, mean: float | Floats) -> Ints:
    """Return exponential waiting times in seconds, mean in hours."""
    return (HOUR * mean * random.exponential(1.0, count)).astype(np.int64) + MINUTE


def when(condition: Flags, instant: Ints) -> Ints:
    return np.where(condition, np.minimum(instant, NEVER), NEVER)


def live(batch: Columns, reference: Reference, people: People, roster: Roster, random: np.random.Generator) -> None:
    """Add owners and the instants of all STEPS to the batch, consistent with each other."""
    opened, count = batch["opened"], len(batch["opened"])
    batch["self_service_channel"] = np.full(count, CHANNELS.index("self_service"))
    batch["mode"] = choose_modes(batch, random)
    assign_owners(batch, reference, people, roster, random)
    slow = np.where(reference.is_east[batch["region"]], 0.85, np.where(reference.is_remote[batch["region"]], 1.3, 1.0))

    automatic = np.isin(batch["channel"], [CHANNELS.index(name) for name in AUTO_REPLY_CHANNELS])
    batch["auto_reply"] = when(
        automatic & (random.random(count) < AUTO_REPLY_SHARE), opened + random.integers(2, 9, count)
    )
    batch["queued"] = random.random(count) < QUEUE_SHARE
    first = opened + response_seconds(batch, reference, is_night(opened), random)
    batch["first"] = first
    batch["assign1"] = opened + 10 + ((first - opened - 12) * random.uniform(0.1, 0.8, count)).astype(np.int64)

    cursor = first
    asks = (random.random(count) < WAIT_CUSTOMER_SHARE) & ~batch["is_story"] & (batch["mode"] != SELF_SERVICE)
    batch["ask_customer"] = when(asks, cursor + hours(random, count, 0.5))
    batch["customer_back"] = when(asks, batch["ask_customer"] + hours(random, count, 14.0))
    cursor = np.where(asks, batch["customer_back"], cursor)
    moves = batch["transfers"]
    batch["transfer"] = when(moves, cursor + hours(random, count, 0.8))
    batch["assign2"] = when(moves, batch["transfer"] + hours(random, count, 0.7))
    cursor = np.where(moves, batch["assign2"], cursor)

    cursor = plan_visits(batch, cursor, slow, reference, random)
    vendor = (
        (random.random(count) < WAIT_VENDOR_SHARE)
        & ~batch["is_story"]
        & (batch["mode"] != ONSITE)
        & (batch["mode"] != SELF_SERVICE)
    )
    batch["ask_vendor"] = when(vendor, cursor + hours(random, count, 1.0))
    batch["vendor_back"] = when(vendor, batch["ask_vendor"] + hours(random, count, 22.0))
    cursor = np.where(vendor, batch["vendor_back"], cursor)
    _resolve(batch, cursor, slow, reference, random)
    _care(batch, random)
    _stop(batch, random)


def _resolve(batch: Columns, cursor: Ints, slow: Floats, reference: Reference, random: np.random.Generator) -> None:
    count, opened = len(cursor), batch["opened"]
    median = np.full(count, OTHER_DESK_HOURS)
    for case_type, value in DESK_HOURS.items():
        median = np.where(batch["case_type"] == case_type, value, median)
    remote_logistics = reference.is_remote[batch["region"]] & (batch["case_type"] == COMPLAINT)
    median = (
        median
        * slow
        * np.where(remote_logistics, stories.REMOTE_SLOWNESS, 1.0)
        * np.array([0.5, 0.85, 1.0, 1.25])[batch["priority"]]
    )
    work = (HOUR * median * np.exp(0.8 * random.standard_normal(count))).astype(np.int64)
    work = np.where(batch["mode"] == SELF_SERVICE, random.integers(MINUTE, 20 * MINUTE, count), work)
    at_desk = (batch["mode"] != ONSITE) & (batch["mode"] != DEPOT)
    done = in_shift(cursor + work, random)
    done = np.where(batch["mode"] == SELF_SERVICE, cursor + work, done)
    after_repair = np.where(batch["verified"] < NEVER, batch["verified"], cursor) + random.integers(
        5 * MINUTE, 90 * MINUTE, count
    )
    batch["resolved"] = np.where(at_desk, done, np.maximum(cursor, after_repair))

    reopens = (random.random(count) < REOPEN_SHARE) & ~batch["is_story"]
    late = random.random(count) < LATE_REOPEN_SHARE
    gap = np.where(late, random.uniform(7.3, 15.0, count), random.uniform(0.1, 6.4, count)) * DAY
    batch["reopened"] = when(reopens, batch["resolved"] + gap.astype(np.int64))
    batch["answered2"] = when(reopens, batch["reopened"] + hours(random, count, 0.4))
    batch["resolved2"] = when(reopens, in_shift(batch["answered2"] + hours(random, count, 20.0), random))
    wait = random.uniform(2.0, 5.0, count)
    # complaint handlers close by hand once it is settled, the rest closes by itself after some days
    wait = np.where(batch["case_type"] == COMPLAINT, (wait - 2.0) / 24, wait)
    closed = in_shift(batch["resolved"] + (wait * DAY).astype(np.int64), random)
    batch["closed"] = when(closed < batch["reopened"], closed)
    batch["closed2"] = when(
        reopens, in_shift(batch["resolved2"] + (random.uniform(2.0, 5.0, count) * DAY).astype(np.int64), random)
    )
    share = np.where(batch["case_type"] == COMPLAINT, COMPLAINT_ESCALATION_SHARE, ESCALATION_SHARE)
    share = np.where(batch["resolved"] - opened > 4 * DAY, share * 2.5, share)
    middle = batch["first"] + ((batch["resolved"] - batch["first"]) * random.uniform(0.3, 0.9, count)).astype(np.int64)
    batch["escalated"] = when(random.random(count) < share, middle)


def _care(batch: Columns, random: np.random.Generator) -> None:
    """Calls back after the resolution; about 8 % of the calls come too late."""
    count = len(batch["opened"])
    share = np.where(batch["case_type"] == CONSULTATION, 0.05, np.where(batch["case_type"] == COMPLAINT, 0.92, 0.88))
    calls = random.random(count) < share
    delay = np.where(
        random.random(count) < 0.06, random.uniform(74, 110, count), np.minimum(random.exponential(16, count), 55)
    )
    reached = in_shift(batch["resolved"] + (delay * HOUR).astype(np.int64) + 10 * MINUTE, random)
    batch["call_reached"] = when(calls & (random.random(count) < 0.93), reached)
    earlier = batch["resolved"] + ((reached - batch["resolved"]) * 0.6).astype(np.int64)
    batch["call_missed"] = when(calls & (random.random(count) < 0.18), earlier)
    confirms = (batch["call_reached"] < NEVER) & (
        random.random(count) < np.where(batch["case_type"] == COMPLAINT, 0.8, 0.5)
    )
    batch["confirmed"] = when(confirms, batch["call_reached"] + random.integers(MINUTE, 15 * MINUTE, count))
    batch["praised"] = when(
        confirms & (random.random(count) < 0.06), batch["confirmed"] + random.integers(MINUTE, HOUR, count)
    )


def _stop(batch: Columns, random: np.random.Generator) -> None:
    """End cancelled and merged tickets: `cancelled` and `merged` are their last instants, later steps never happen."""
    count, opened = len(batch["opened"]), batch["opened"]
    ordinary = ~batch["is_story"] & ~batch["merges"] & ~batch["survives"] & (batch["deletes"] == 0)
    draw = random.random(count)
    before = ordinary & (draw < CANCEL_BEFORE_SHARE)
    after = ordinary & ~before & (draw < CANCEL_BEFORE_SHARE + CANCEL_AFTER_SHARE)
    early = batch["assign1"] + np.maximum(1, ((batch["first"] - batch["assign1"]) * 0.7).astype(np.int64))
    late = batch["first"] + hours(random, count, 6.0)
    batch["cancelled"] = np.where(before, early, when(after & (late < batch["resolved"]), late))
    batch["merged"] = when(batch["merges"], batch["assign1"] + random.integers(2 * MINUTE, 3 * HOUR, count))
    batch["deleted"] = when(batch["deletes"] > 0, opened + batch["deletes"])
    stop = np.minimum(batch["cancelled"], batch["merged"])
    for step in STEPS:
        batch[step] = np.where(batch[step] >= stop, NEVER, batch[step])
    # A repair without any later step belongs to nobody's visit statistics: visits know where they were cut off.
    batch["stop"] = stop
    batch["is_repair"] = batch["case_type"] == REPAIR
