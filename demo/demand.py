"""What customers ask for: when tickets open, where, about which product and why."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from demo import stories
from demo.causes import draw_causes
from demo.clock import DAY, MINUTE, NEVER, Window, day_weights, is_night, local_day, opening_seconds
from demo.columns import Columns, Flags, Floats, Ints
from demo.customers import Customers
from demo.products import BATTERIES, PRODUCTS, serial_prefixes
from demo.reference import CASE_TYPES, CHANNELS, COMPLAINT, CONSULTATION, INSTALLATION, REPAIR, Reference

YEARLY_GROWTH = 0.25
#: Share of each case type at the start and its yearly growth; the mix follows from both.
CASE_SHARES = {
    "complaint": (0.345, 1.27), "repair": (0.430, 1.32), "consultation": (0.195, 1.15),
    "installation": (0.020, 1.20), "inspection": (0.012, 1.20), "return_exchange": (0.013, 1.20),
}  # fmt: skip
CHANNEL_SHARES = {"hotline": 46, "chat": 18, "email": 8, "app": 16, "portal": 7, "walk_in": 5}
SELF_SERVICE_SHARE = 0.25
PRIORITY_SHARES = (0.06, 0.24, 0.50, 0.20)

REPEAT_SHARE, REPEAT_LAG_DAYS = 0.03, 9.0
COMPLAINT_RELATED_SHARE, COMPLAINT_LAG_DAYS = 0.40, 4.0
COMPLAINT_WITH_ASSET_SHARE = 0.15
#: About how many days the pool of possible parents covers.
POOL_DAYS = 60
MERGED_SHARE, CHAIN_SHARE = 0.010, 0.15
TEST_SHARE, SPAM_SHARE, DELETED_SHARE = 0.003, 0.003, 0.002
MISSING_SHARE, UNREGISTERED_SHARE = 0.025, 0.002
SUBJECT_NORMAL, SUBJECT_TEST, SUBJECT_SPAM = 0, 1, 2


@dataclass(frozen=True)
class Chunk:
    """A run of days of one month; its tickets are made together. `days` are local days, `counts` tickets per day."""

    month: int
    days: Ints
    counts: Ints
    first_number: int


@dataclass(frozen=True)
class Market:
    """What demand is drawn from."""

    reference: Reference
    customers: Customers
    window: Window

    @property
    def story_month(self) -> int:
        """Position of the last October in the window, -1 if there is none or the seeds lack the story's codes."""
        numbers = self.window.months.astype(int) % 12 + 1
        found = np.flatnonzero(numbers == stories.BATTERY_MONTH)
        is_told = (
            self.reference.cause(stories.BATTERY_CAUSE) >= 0 and self.reference.region(stories.BATTERY_REGION) >= 0
        )
        return int(found[-1]) if len(found) and is_told else -1

    @property
    def story_volume(self) -> float:
        """Extra tickets in the story's month per usual ticket of the whole company."""
        place = self.reference.region(stories.BATTERY_REGION)
        return stories.BATTERY_EXTRA_VOLUME * float(self.reference.region_weights[place]) if place >= 0 else 0.0


def plan_chunks(market: Market, seeds_dir: Path, tickets: int, random: np.random.Generator) -> list[Chunk]:
    """Return two chunks per month whose counts add up to `tickets`."""
    window = market.window
    weights = day_weights(window, seeds_dir / "working_days.csv", YEARLY_GROWTH)
    days = np.arange(len(weights)) + local_day(window.starts[:1])[0]
    month = np.searchsorted(window.starts, days * DAY, side="right") - 1
    weights = np.where(month == market.story_month, weights * (1 + market.story_volume), weights)
    counts = random.multinomial(tickets, weights / weights.sum())
    month_days = local_day(window.starts)
    half = (days - month_days[month]) >= 15
    chunks, number = [], 1
    for position in range(len(window.months)):
        for second in (False, True):
            here = (month == position) & (half == second)
            chunks.append(Chunk(position, days[here], counts[here], number))
            number += int(counts[here].sum())
    return chunks


def _weighted(shares: Floats, count: int, random: np.random.Generator) -> Ints:
    return np.searchsorted(np.cumsum(shares / shares.sum()), random.random(count), side="right").astype(np.int64)


def _case_types(month: int, count: int, random: np.random.Generator) -> Ints:
    shares = np.array([CASE_SHARES[name][0] * CASE_SHARES[name][1] ** (month / 12) for name in CASE_TYPES])
    return _weighted(shares, count, random)


def _channels(batch: Columns, random: np.random.Generator) -> Ints:
    count = len(batch["opened"])
    by_name = np.array([CHANNEL_SHARES.get(name, 0) for name in CHANNELS], dtype=float)
    channel = _weighted(by_name, count, random)
    alone = (batch["case_type"] == CONSULTATION) & (random.random(count) < SELF_SERVICE_SHARE)
    channel = np.where(alone, CHANNELS.index("self_service"), channel)
    closed_counter = is_night(batch["opened"]) & (channel == CHANNELS.index("walk_in"))
    return np.where(closed_counter, CHANNELS.index("hotline"), channel)


def _parents(pool: Columns, opened: Ints, mean_lag_days: float, random: np.random.Generator) -> Ints:
    """Return positions in the pool (sorted by resolution) of tickets resolved before, -1 where there is none.

    A day's worth of tickets shares the choice: the last ticket of an evening would otherwise be everybody's parent.
    """
    lag = (0.1 + random.exponential(mean_lag_days, len(opened))) * DAY
    newest = np.searchsorted(pool["resolved"], opened - lag.astype(np.int64), side="right") - 1
    day = max(1, len(pool["resolved"]) // POOL_DAYS)
    return np.maximum(newest - random.integers(0, day, len(opened)), -1)


def _follow(batch: Columns, pool: Columns, who: Flags, parent: Ints, names: tuple[str, ...]) -> Flags:
    """Copy attributes of the parents; returns who found one."""
    found = who & (parent >= 0)
    for name in names:
        batch[name] = np.where(found, pool[name][np.maximum(parent, 0)], batch[name])
    return found


def _merges(batch: Columns, random: np.random.Generator) -> None:
    """Turn about 1 % of the tickets into duplicates of the ticket right before them, some in chains of three."""
    count = len(batch["opened"])
    target = np.full(count, -1, dtype=np.int64)
    normal = (batch["subject"] == SUBJECT_NORMAL) & ~batch["is_story"] & (batch["deletes"] == 0)
    picked = np.flatnonzero((random.random(count) < MERGED_SHARE) & normal)
    last = -10
    for place in picked:  # one in a hundred tickets, and each depends on the one before
        if place - last < 4 or place < 3 or not normal[place - 2 : place].all():
            continue
        chain = random.random() < CHAIN_SHARE
        target[place] = place - 1
        if chain:
            target[place - 1] = place - 2
        last = int(place)
    is_duplicate = target >= 0
    source = np.where(
        is_duplicate, np.where(target[np.maximum(target, 0)] >= 0, target[np.maximum(target, 0)], target), 0
    )
    for name in ("customer", "asset", "serial", "product", "region", "case_type", "cause", "related"):
        batch[name] = np.where(is_duplicate, batch[name][source], batch[name])
    batch["merges"] = is_duplicate
    batch["survives"] = np.isin(np.arange(count), target[is_duplicate])
    batch["merged_into"] = np.where(is_duplicate, batch["number"][np.maximum(target, 0)], -1)
    batch["merge_target"] = target


def open_tickets(chunk: Chunk, market: Market, pool: Columns | None, random: np.random.Generator) -> Columns:
    """Return the requests of a chunk in the order of their opening.

    `pool` holds earlier resolved tickets, sorted by `resolved`, for repeats and complaints about a ticket.
    """
    reference = market.reference
    opened = np.concatenate(
        [opening_seconds(int(day), int(n), random) for day, n in zip(chunk.days, chunk.counts, strict=True)]
    )
    opened.sort()
    count = len(opened)
    batch: Columns = {"number": chunk.first_number + np.arange(count), "opened": opened}
    extra = market.story_volume / (1 + market.story_volume) if chunk.month == market.story_month else 0.0
    story: Flags = random.random(count) < extra
    batch["is_story"] = story

    case_type = _case_types(chunk.month, count, random)
    story_type = np.where(random.random(count) < stories.BATTERY_REPAIR_SHARE, REPAIR, COMPLAINT)
    batch["case_type"] = np.where(story, story_type, case_type)
    region = _weighted(reference.region_weights, count, random)
    region = np.where(random.random(count) < UNREGISTERED_SHARE, len(reference.regions) - 1, region)
    batch["region"] = np.where(story, reference.region(stories.BATTERY_REGION), region)
    batch["product"] = _weighted(np.array([p.weight for p in PRODUCTS]), count, random)
    batch["customer"] = market.customers.pick(batch["region"], random)
    batch["asset"] = batch["number"].copy()
    batch["serial"] = random.integers(0, len(serial_prefixes()) - 1, count)
    batch["related"] = np.full(count, -1, dtype=np.int64)
    batch["cause"] = draw_causes(batch, reference, random)

    batch["subject"] = np.select(
        [story, random.random(count) < TEST_SHARE, random.random(count) < SPAM_SHARE],
        [SUBJECT_NORMAL, SUBJECT_TEST, SUBJECT_SPAM],
        SUBJECT_NORMAL,
    )
    deletes = (random.random(count) < DELETED_SHARE) & ~story
    batch["deletes"] = np.where(deletes, random.integers(30 * MINUTE, 5 * DAY, count), 0)

    keeps_asset = np.isin(batch["case_type"], (REPAIR, INSTALLATION)) | (random.random(count) < 0.3)
    normal = ~story & (batch["subject"] == SUBJECT_NORMAL)
    place = ("customer", "product", "region")
    if pool is not None and len(pool["resolved"]):
        repeats = normal & (random.random(count) < REPEAT_SHARE)
        parent = _parents(pool, opened, REPEAT_LAG_DAYS, random)
        found = _follow(batch, pool, repeats, parent, (*place, "asset", "serial", "cause"))
        keeps_asset |= found & (batch["asset"] >= 0)
        complains = (
            normal
            & ~repeats
            & (batch["case_type"] == COMPLAINT)
            & (random.random(count) < COMPLAINT_RELATED_SHARE * 1.04)
        )
        parent = _parents(pool, opened, COMPLAINT_LAG_DAYS, random)
        found = _follow(batch, pool, complains, parent, (*place, "asset", "serial"))
        batch["related"] = np.where(found, pool["number"][np.maximum(parent, 0)], -1)
        # A complaint that moves to its parent's region takes the reasons of that region.
        batch["cause"] = np.where(found, draw_causes(batch, reference, random), batch["cause"])
        keeps_asset = np.where(found, random.random(count) < COMPLAINT_WITH_ASSET_SHARE, keeps_asset)
    batch["asset"] = np.where(keeps_asset | story, batch["asset"], -1)

    fault = story | (reference.cause(stories.BATTERY_CAUSE) == batch["cause"])
    battery = np.array(BATTERIES)[random.integers(0, len(BATTERIES), count)]
    batch["product"] = np.where(fault & ~np.isin(batch["product"], BATTERIES), battery, batch["product"])
    batch["cause"] = np.where(story, reference.cause(stories.BATTERY_CAUSE), batch["cause"])
    batch["serial"] = np.where(story, len(serial_prefixes()) - 1, batch["serial"])
    _merges(batch, random)

    batch["priority"] = _weighted(np.array(PRIORITY_SHARES), count, random)
    batch["channel"] = _channels(batch, random)
    batch["is_warranty"] = (random.random(count) < 0.62).astype(np.int64)
    return batch


def pool_of(batches: list[Columns]) -> Columns:
    """Return the resolved, ordinary tickets of earlier chunks, sorted by resolution."""
    names = ("number", "customer", "asset", "serial", "product", "region", "case_type", "cause", "resolved")
    joined = {
        name: np.concatenate([batch[name] for batch in batches]) for name in (*names, "merges", "subject", "deletes")
    }
    usable = (
        (joined["resolved"] < NEVER)
        & ~joined["merges"]
        & (joined["subject"] == SUBJECT_NORMAL)
        & (joined["deletes"] == 0)
    )
    usable &= joined["case_type"] != COMPLAINT
    order = np.flatnonzero(usable)[np.argsort(joined["resolved"][usable], kind="stable")]
    return {name: joined[name][order] for name in names}
