"""The history of the tickets: journeys told as events, one after another."""

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from demo import people as staff
from demo.clock import DAY, MINUTE, NEVER
from demo.columns import Columns, Flags, Ints, codes, counts, flags, ids, instants
from demo.people import People
from demo.reference import COMPLAINT, PRIORITIES, STATUSES, Reference, labels

EVENT_TYPES = labels("crm.ticket_events", "event_type")
ACTORS = labels("crm.ticket_events", "actor")
AGENT, CUSTOMER, SYSTEM = (ACTORS.index(name) for name in ("agent", "customer", "system"))
TICKET_PREFIX = "TK"
TICKET_BASE = 100_000_000
SAME, CLEARED = -2, -1
NOTES = (
    "已电话联系客户",
    "内部备注：等待上级确认",
    "诊断完成，见检测记录",
    "客户补充了照片",
    "系统自动回复",
    "客户要求尽快处理",
)
NOTE_CALL, NOTE_PRIVATE, NOTE_DIAGNOSIS, NOTE_CUSTOMER, NOTE_AUTO, NOTE_HURRY = range(len(NOTES))
EXTRA_REPLIES = 0.42
PRIVATE_SHARE, CUSTOMER_SHARE = 0.10, 0.08

#: Step of the journey → event type, status after it, actor, whether the customer sees it, note.
PLAIN_STEPS: dict[str, tuple[str, str, int, int, int]] = {
    "auto_reply": ("first_response", "", SYSTEM, 1, NOTE_AUTO),
    "first": ("first_response", "in_progress", AGENT, 1, NOTE_CALL),
    "ask_customer": ("status_changed", "waiting_customer", AGENT, 0, -1),
    "customer_back": ("status_changed", "in_progress", CUSTOMER, 0, NOTE_CUSTOMER),
    "dispatched1": ("dispatched", "", AGENT, 0, -1), "accepted1": ("accepted", "", AGENT, 0, -1),
    "departed1": ("departed", "", AGENT, 0, -1), "arrived1": ("arrived", "", AGENT, 0, -1),
    "dispatched2": ("dispatched", "", AGENT, 0, -1), "accepted2": ("accepted", "", AGENT, 0, -1),
    "departed2": ("departed", "", AGENT, 0, -1), "arrived2": ("arrived", "", AGENT, 0, -1),
    "diagnosed": ("diagnosed", "", AGENT, 0, NOTE_DIAGNOSIS),
    "parts_requested": ("parts_requested", "", AGENT, 0, -1), "parts_received": ("parts_received", "", SYSTEM, 0, -1),
    "wait_parts": ("status_changed", "waiting_parts", AGENT, 0, -1),
    "parts_over": ("status_changed", "in_progress", SYSTEM, 0, -1),
    "ask_vendor": ("status_changed", "waiting_vendor", AGENT, 0, -1),
    "vendor_back": ("status_changed", "in_progress", AGENT, 0, -1),
    "repaired": ("repaired", "", AGENT, 0, -1), "verified": ("verified", "", AGENT, 0, -1),
    "escalated": ("escalated", "", CUSTOMER, 0, NOTE_HURRY),
    "resolved": ("resolved", "resolved", AGENT, 1, -1), "reopened": ("reopened", "in_progress", CUSTOMER, 1, -1),
    "answered2": ("responded", "", AGENT, 1, NOTE_CALL), "resolved2": ("resolved", "resolved", AGENT, 1, -1),
    "call_missed": ("callback_attempted", "", AGENT, 0, -1), "call_reached": ("callback_reached", "", AGENT, 1, -1),
    "confirmed": ("customer_confirmed", "", CUSTOMER, 1, -1), "praised": ("praised", "", CUSTOMER, 1, -1),
    "closed": ("closed", "closed", SYSTEM, 0, -1), "closed2": ("closed", "closed", SYSTEM, 0, -1),
    "merged": ("merged", "closed", AGENT, 0, -1),
}  # fmt: skip


@dataclass(frozen=True)
class Events:
    """Events in the order of ticket, instant, step; `ticket` is the position in the batch, owners hold after the event.

    -1 in status, team, agent or note: none.
    """

    ticket: Ints
    instant: Ints
    sequence: Ints
    type: Ints
    status: Ints
    team: Ints
    agent: Ints
    actor: Ints
    is_public: Ints
    note: Ints


@dataclass
class _Collector:
    """Gathers events of a batch column by column."""

    horizon: int
    parts: list[dict[str, Ints]] = field(default_factory=list)

    def add(
        self, instant: Ints, event_type: str, *, status: str = "", team: Ints | None = None, agent: Ints | None = None,
        actor: int = AGENT, public: int = 0, note: int = -1,
    ) -> None:  # fmt: skip
        at = np.flatnonzero(instant < self.horizon)
        shape = len(at)
        self.parts.append(
            {
                "ticket": at,
                "instant": instant[at],
                "type": np.full(shape, EVENT_TYPES.index(event_type), dtype=np.int64),
                "status": np.full(shape, STATUSES.index(status) if status else SAME, dtype=np.int64),
                "team": team[at] if team is not None else np.full(shape, SAME, dtype=np.int64),
                "agent": agent[at] if agent is not None else np.full(shape, SAME, dtype=np.int64),
                "actor": np.full(shape, actor, dtype=np.int64),
                "is_public": np.full(shape, public, dtype=np.int64),
                "note": np.full(shape, note, dtype=np.int64),
            }
        )


def _replies(batch: Columns, collector: _Collector, random: np.random.Generator) -> None:
    """Further messages between the first answer and the resolution: public ones, private notes, the customer's."""
    first, end = batch["first"], np.minimum(batch["resolved"], batch["stop"])
    span = np.where((first < NEVER) & (end < NEVER), end - first, 0)
    count = len(first)
    for share, actor, public, note in (
        (np.where(batch["case_type"] == COMPLAINT, EXTRA_REPLIES * 1.4, EXTRA_REPLIES), AGENT, 1, NOTE_CALL),
        (np.full(count, PRIVATE_SHARE), AGENT, 0, NOTE_PRIVATE),
        (np.full(count, CUSTOMER_SHARE), CUSTOMER, 1, NOTE_CUSTOMER),
    ):
        who = (random.random(count) < share) & (span > 10 * MINUTE)
        instant = first + MINUTE + ((span - 2 * MINUTE) * random.uniform(0.05, 0.9, count)).astype(np.int64)
        collector.add(np.where(who, instant, NEVER), "responded", actor=actor, public=public, note=note)


def _filled(values: Ints) -> Ints:
    """Carry the last value forward over SAME; the first event of a ticket always has one."""
    known = np.where(values != SAME, np.arange(len(values)), 0)
    return values[np.maximum.accumulate(known)]


def tell(batch: Columns, horizon: int, random: np.random.Generator) -> Events:
    """Return the events of a batch before `horizon` (epoch seconds)."""
    collector = _Collector(horizon)
    count = len(batch["opened"])
    nobody = np.full(count, CLEARED, dtype=np.int64)
    collector.add(batch["opened"], "created", status="new", team=nobody, agent=nobody, actor=CUSTOMER, public=1)
    queued = np.where(batch["queued"], batch["opened"] + 4, NEVER)
    collector.add(queued, "assigned", status="assigned", team=batch["team1"], agent=nobody, actor=SYSTEM)
    collector.add(
        batch["assign1"], "assigned", status="assigned", team=batch["team1"], agent=batch["agent1"], actor=SYSTEM
    )
    collector.add(batch["transfer"], "transferred", team=batch["team2"], agent=nobody)
    collector.add(batch["assign2"], "assigned", team=batch["team2"], agent=batch["agent2"], actor=SYSTEM)
    for step, (event_type, status, actor, public, note) in PLAIN_STEPS.items():
        collector.add(batch[step], event_type, status=status, actor=actor, public=public, note=note)
    untouched = batch["first"] >= NEVER
    cancelled = batch["cancelled"]
    collector.add(np.where(untouched, cancelled, NEVER), "status_changed", status="cancelled", actor=CUSTOMER)
    collector.add(np.where(untouched, NEVER, cancelled), "closed", status="cancelled", actor=CUSTOMER)
    _replies(batch, collector, random)

    joined = {name: np.concatenate([part[name] for part in collector.parts]) for name in collector.parts[0]}
    # One integer key sorts several times faster than lexsort; a window of 2**28 seconds is eight years.
    start = int(batch["opened"].min()) - DAY if count else 0
    order = np.argsort((joined["ticket"] << 28) | (joined["instant"] - start), kind="stable")
    joined = {name: values[order] for name, values in joined.items()}
    ticket = joined["ticket"]
    firsts = np.searchsorted(ticket, np.arange(count))
    return Events(
        **{**joined, **{name: _filled(joined[name]) for name in ("status", "team", "agent")}},
        sequence=np.arange(len(ticket)) - firsts[ticket] + 1,
    )


def events_table(batch: Columns, events: Events, chosen: Flags, reference: Reference, people: People) -> pa.Table:
    """Return the chosen events as extract rows."""
    at = np.flatnonzero(chosen)
    ticket = events.ticket[at]
    agent = events.agent[at]
    number = np.where(agent >= 0, people.number[np.maximum(agent, 0)], -1)
    return pa.table(
        {
            "ticket_id": ids(TICKET_PREFIX, TICKET_BASE + batch["number"][ticket]),
            "event_type": codes(EVENT_TYPES, events.type[at]),
            "occurred_at": instants(events.instant[at], NEVER),
            "sequence": counts(events.sequence[at]),
            "status": codes(STATUSES, events.status[at]),
            "priority": codes(PRIORITIES, batch["priority"][ticket]),
            "team_id": codes(reference.teams, events.team[at]),
            "agent_id": ids(staff.EMPLOYEE_PREFIX, number),
            "region_id": codes(reference.regions, batch["shown_region"][ticket]),
            "actor": codes(ACTORS, events.actor[at]),
            "is_public": flags(events.is_public[at]),
            "note": codes(NOTES, events.note[at]),
        }
    )
