"""Ticket rows as the CRM shows them at a given instant, and the hand-over between deliveries."""

from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from demo import customers as base
from demo import people as staff
from demo.clock import HOUR, NEVER, Window
from demo.columns import Columns, Ints, codes, counts, flags, ids, instants
from demo.demand import MISSING_SHARE, SUBJECT_NORMAL, SUBJECT_TEST
from demo.events import EVENT_TYPES, TICKET_BASE, TICKET_PREFIX, Events
from demo.people import People
from demo.products import PRODUCTS, serial_prefixes
from demo.reference import CASE_TYPES, CHANNELS, MODES, PRIORITIES, STATUSES, Reference

SUBJECTS = ("产品质量投诉", "报修", "咨询使用方法", "预约安装", "预约检测", "申请退换货")
TEST_SUBJECTS = ("TEST", "[spam] 低价代开发票")
DESCRIPTIONS = (
    "客户来电反映问题，请尽快处理",
    "充不进电，续航明显下降",
    "收到货晚了好几天",
    "设备无法开机",
    "想了解保修政策",
    "上门时间一直没有确认",
)


def describe(batch: Columns, reference: Reference, random: np.random.Generator) -> None:
    """Add what the row shows and the journey does not need: due instant, texts, and the gaps of real records."""
    count = len(batch["opened"])
    promised = reference.resolution_hours[batch["case_type"], batch["priority"]]
    working = reference.is_working_clock[batch["case_type"], batch["priority"]]
    # The source leaves the due instant empty for half of the working-clock cases: the policy has to step in.
    unknown = np.isnan(promised) | (working & (random.random(count) < 0.5)) | (random.random(count) < MISSING_SHARE)
    seconds = (np.nan_to_num(promised) * HOUR).astype(np.int64)
    batch["due"] = np.where(unknown, NEVER, batch["opened"] + seconds)
    normal = batch["subject"] == SUBJECT_NORMAL
    shown = np.where(
        normal, batch["case_type"], np.where(batch["subject"] == SUBJECT_TEST, len(SUBJECTS), len(SUBJECTS) + 1)
    )
    batch["shown_subject"] = shown
    batch["shown_description"] = np.where(random.random(count) < 0.3, -1, random.integers(0, len(DESCRIPTIONS), count))
    keep = batch["is_story"] | batch["merges"]
    for name in ("region", "product", "cause", "channel", "is_warranty"):
        blank = (random.random(count) < MISSING_SHARE / (1 if name != "region" else 2)) & ~keep
        batch[f"shown_{name}"] = np.where(blank, -1, batch[name])


def ticket_rows(
    batch: Columns, events: Events, since: int, until: int, reference: Reference, people: People
) -> pa.Table:
    """Return the tickets that changed in [since, until) as they stood at `until`."""
    known = events.instant < until
    made = np.bincount(events.ticket[known], minlength=len(batch["opened"]))
    changed = np.zeros(len(made), dtype=bool)
    changed[events.ticket[known & (events.instant >= since)]] = True
    changed |= (batch["deleted"] >= since) & (batch["deleted"] < until)
    at = np.flatnonzero(changed & (made > 0))
    last = np.searchsorted(events.ticket, at) + made[at] - 1
    row = {name: values[at] for name, values in batch.items() if values.ndim == 1}

    def seen(step: str) -> Ints:
        return np.where(row[step] < until, row[step], NEVER)

    first, resolved, closed = seen("first"), seen("resolved"), seen("closed")
    again, reopened = seen("resolved2"), seen("reopened") < NEVER
    resolved = np.where(reopened, again, resolved)
    closed = np.where(seen("closed2") < NEVER, seen("closed2"), np.where(reopened, NEVER, closed))
    cancelled = np.where(row["first"] < NEVER, seen("cancelled"), NEVER)
    closed = np.minimum(closed, cancelled)
    updated = np.maximum(events.instant[last], np.where(seen("deleted") < NEVER, seen("deleted"), 0))
    answered, solved = first < NEVER, resolved < NEVER
    agent = events.agent[last]
    moves = known & (events.type == EVENT_TYPES.index("transferred"))
    reassigned = np.bincount(events.ticket[moves], minlength=len(made))[at]
    verdict = np.where(solved & (row["due"] < NEVER), resolved <= row["due"], -1)
    return pa.table(
        {
            "ticket_id": ids(TICKET_PREFIX, TICKET_BASE + row["number"]),
            "opened_at": instants(row["opened"], NEVER),
            "updated_at": instants(updated, NEVER),
            "status": codes(STATUSES, events.status[last]),
            "case_type": codes(CASE_TYPES, row["case_type"]),
            "channel": codes(CHANNELS, row["shown_channel"]),
            "priority": codes(PRIORITIES, row["priority"]),
            "customer_id": ids(base.CUSTOMER_PREFIX, base.FIRST_NUMBER + row["customer"]),
            "asset_id": asset_ids(row),
            "product_id": codes([p.product_id for p in PRODUCTS], row["shown_product"]),
            "region_id": codes(reference.regions, row["shown_region"]),
            "team_id": codes(reference.teams, events.team[last]),
            "agent_id": ids(staff.EMPLOYEE_PREFIX, np.where(agent >= 0, people.number[np.maximum(agent, 0)], -1)),
            "root_cause_id": codes(reference.causes, np.where(answered, row["shown_cause"], -1)),
            "subject": codes((*SUBJECTS, *TEST_SUBJECTS), row["shown_subject"]),
            "description": codes(DESCRIPTIONS, row["shown_description"]),
            "first_response_at": instants(first, NEVER),
            "resolved_at": instants(resolved, NEVER),
            "closed_at": instants(closed, NEVER),
            "resolution_due_at": instants(row["due"], NEVER),
            "is_sla_met": flags(verdict),
            "reopened_count": counts(reopened.astype(np.int64)),
            "reassigned_count": counts(reassigned),
            "resolution_mode": codes(MODES, np.where(solved, row["mode"], -1)),
            "is_warranty": flags(row["shown_is_warranty"]),
            "is_escalated": flags(seen("escalated") < NEVER),
            "merged_into_ticket_id": ids(
                TICKET_PREFIX, np.where(seen("merged") < NEVER, TICKET_BASE + row["merged_into"], -1)
            ),
            "related_ticket_id": ids(TICKET_PREFIX, np.where(row["related"] >= 0, TICKET_BASE + row["related"], -1)),
            "deleted_at": instants(seen("deleted"), NEVER),
        }
    )


def asset_ids(row: Columns) -> pa.Array:
    """Return serial numbers with their batch (`B2409-100012`), null where the ticket names no asset."""
    has = row["asset"] >= 0
    prefix = codes(serial_prefixes(), np.where(has, row["serial"], -1))
    return pc.binary_join_element_wise(prefix, ids("", np.where(has, 100_000 + row["asset"], -1)), "-")


def deliveries(window: Window) -> list[tuple[int, int]]:
    """Return [since, until) of each delivery: the history from the start, then month by month."""
    cuts = [window.start - 1, *(int(cut) for cut in window.cuts)]
    return list(pairwise(cuts))
