"""Work orders and parts requests: the ERP's side of the visits, with cost in CNY."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from demo import people as staff
from demo import stories
from demo.clock import DAY, HOUR, NEVER, in_shift
from demo.columns import Columns, Flags, Floats, codes, constant, counts, flags, ids, instants, numbers
from demo.events import TICKET_BASE, TICKET_PREFIX
from demo.ownership import ONSITE, field_team
from demo.people import People, Roster
from demo.products import PARTS_PER_PRODUCT, PRODUCTS, part_costs, part_ids
from demo.reference import CASE_TYPES, Reference, labels
from demo.tickets import asset_ids
from demo.visits import CANCELLED, FIXED, FOLLOW_UP

ITEMS = labels("erp.work_orders", "service_item")
OUTCOMES = labels("erp.work_orders", "outcome")
EMPLOYMENTS = labels("erp.work_orders", "employment")
SUPPLIES = labels("erp.parts_requests", "supply")
ITEM_OF_CASE = {"repair": "repair", "complaint": "repair", "installation": "installation", "inspection": "inspection"}
LABOUR_RATE, TRAVEL_LOCAL, TRAVEL_REMOTE = 88.0, 42.0, 150.0
MAINTENANCE_PLAN_SHARE = 0.06
NO_SIGNATURE_SHARE, MISSING_SHARE = 0.05, 0.025
WORK_ORDER_BASE, REQUEST_BASE = 10_000_000, 20_000_000
#: Each ticket has at most two visits, and one plan visit may share its number space.
SLOTS = 3


@dataclass(frozen=True)
class WorkOrders:
    """Work orders of a batch, one array per column; `ticket` is the position in the batch, -1 for plan visits."""

    rows: Columns

    def __len__(self) -> int:
        return len(self.rows["number"])


def _visit(batch: Columns, visit: int) -> Columns:
    at = np.flatnonzero((batch["mode"] == ONSITE) & (batch[f"dispatched{visit}"] < NEVER))
    stop = batch["stop"][at]
    leave = batch["left1"] if visit == 1 else batch["verified"]
    completed = leave[at]
    item = np.array([ITEMS.index(ITEM_OF_CASE.get(name, "other")) for name in CASE_TYPES])[batch["case_type"][at]]
    outcome = batch["outcome1"][at] if visit == 1 else np.full(len(at), FIXED, dtype=np.int64)
    return {
        "ticket": at,
        "number": WORK_ORDER_BASE + batch["number"][at] * SLOTS + visit,
        "visit": np.full(len(at), visit, dtype=np.int64),
        "item": item,
        "requested": batch[f"dispatched{visit}"][at],
        "accepted": batch[f"accepted{visit}"][at],
        "departed": batch[f"departed{visit}"][at],
        "arrived": batch[f"arrived{visit}"][at],
        "completed": completed,
        "stopped": np.where(completed < NEVER, NEVER, stop),
        "outcome": np.where(completed < NEVER, outcome, CANCELLED),
        "hours": batch["labour"][at] * (1.0 if visit == 2 else np.where(outcome == FIXED, 1.0, 0.35)),
        "has_part": batch["needs_part"][at] & (batch["in_stock"][at] if visit == 1 else ~batch["in_stock"][at]),
        "technician": batch["technician"][at],
        "is_outsourced": batch["is_outsourced"][at],
        "region": batch["shown_region"][at],
        "is_warranty": batch["is_warranty"][at],
    }


def _plan_visits(
    batch: Columns, reference: Reference, people: People, roster: Roster, random: np.random.Generator
) -> Columns:
    """Visits of maintenance plans: no ticket asks for them."""
    count = len(batch["opened"])
    at = np.flatnonzero(random.random(count) < MAINTENANCE_PLAN_SHARE)
    requested = in_shift(batch["opened"][at] + DAY, random)
    accepted = requested + random.integers(10 * 60, HOUR, len(at))
    departed = in_shift(accepted + random.integers(HOUR, 20 * HOUR, len(at)), random)
    arrived = departed + random.integers(HOUR // 3, HOUR, len(at))
    region = batch["region"][at]
    technician = roster.pick(field_team(reference, region, random), random)
    return {
        "ticket": np.full(len(at), -1, dtype=np.int64),
        "number": WORK_ORDER_BASE + batch["number"][at] * SLOTS,
        "visit": np.ones(len(at), dtype=np.int64),
        "item": np.full(len(at), ITEMS.index("maintenance_plan"), dtype=np.int64),
        "requested": requested, "accepted": accepted, "departed": departed, "arrived": arrived,
        "completed": arrived + random.integers(HOUR // 2, 2 * HOUR, len(at)),
        "stopped": np.full(len(at), NEVER, dtype=np.int64),
        "outcome": np.full(len(at), FIXED, dtype=np.int64),
        "hours": random.uniform(0.5, 2.0, len(at)),
        "has_part": random.random(len(at)) < 0.2,
        "technician": technician,
        "is_outsourced": np.where(technician >= 0, people.is_outsourced[np.maximum(technician, 0)], False),
        "region": region,
        "is_warranty": np.zeros(len(at), dtype=np.int64),
    }  # fmt: skip


def book_work_orders(
    batch: Columns, reference: Reference, people: People, roster: Roster, random: np.random.Generator
) -> WorkOrders:
    """Return all work orders that the batch leads to, with their cost; the outsourced team costs a third more."""
    parts = [_visit(batch, 1), _visit(batch, 2), _plan_visits(batch, reference, people, roster, random)]
    rows = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    count = len(rows["number"])
    rows["scheduled"] = rows["requested"] + random.integers(4 * HOUR, 24 * HOUR, count)
    rows["part"] = random.integers(0, len(part_ids()), count)
    with_ticket = rows["ticket"] >= 0
    product = np.where(with_ticket, batch["product"][rows["ticket"]], -1)
    rows["part"] = np.where(with_ticket, product * PARTS_PER_PRODUCT + rows["number"] % PARTS_PER_PRODUCT, rows["part"])
    remote = reference.is_remote[rows["region"]]
    labour = rows["hours"] * LABOUR_RATE
    travel = np.where(remote, TRAVEL_REMOTE, TRAVEL_LOCAL) * random.uniform(0.8, 1.2, count)
    parts_cost = np.where(rows["has_part"], part_costs()[rows["part"]], 0.0)
    outsourced = rows["is_outsourced"].astype(bool)
    factor = np.where(outsourced, stories.OUTSOURCED_COST_FACTOR, 1.0)
    rows["labour_cost"] = np.where(outsourced, np.nan, labour)
    rows["travel_cost"] = np.where(outsourced, np.nan, travel)
    rows["parts_cost"] = parts_cost * factor
    rows["outsourced_cost"] = np.where(outsourced, (labour + travel) * factor, 0.0)
    paid = rows["is_warranty"] == 0
    rows["revenue"] = np.where(paid, (labour + travel + parts_cost) * random.uniform(1.2, 1.7, count), 0.0)
    done = np.isin(rows["outcome"], (FIXED, FOLLOW_UP))
    signed = np.where(done, (random.random(count) >= NO_SIGNATURE_SHARE).astype(np.int64), -1)
    rows["signature"] = np.where(random.random(count) < MISSING_SHARE, -1, signed)
    return WorkOrders(rows)


def _amounts(values: Floats, shown: Flags) -> pa.Array:
    return numbers(np.where(shown, values, np.nan))


def work_orders_table(
    batch: Columns, orders: WorkOrders, since: int, until: int, reference: Reference, people: People
) -> pa.Table:
    """Return the work orders that changed in [since, until) as they stood at `until`."""
    times = ("requested", "accepted", "departed", "arrived", "completed", "stopped")
    latest = np.max([np.where(orders.rows[name] < until, orders.rows[name], -1) for name in times], axis=0)
    at = np.flatnonzero((latest >= since) & (orders.rows["requested"] < until))
    row = {name: values[at] for name, values in orders.rows.items()}
    done = row["completed"] < until
    over = done | (row["stopped"] < until)
    ticket = row["ticket"]
    has_ticket = ticket >= 0
    of_ticket = {name: batch[name][ticket] for name in ("number", "asset", "serial", "shown_product")}
    of_ticket["asset"] = np.where(has_ticket, of_ticket["asset"], -1)
    agent = row["technician"]
    length = len(at)
    return pa.table(
        {
            "work_order_id": ids("WO", row["number"]),
            "ticket_id": ids(TICKET_PREFIX, np.where(has_ticket, TICKET_BASE + of_ticket["number"], -1)),
            "employee_id": ids(staff.EMPLOYEE_PREFIX, np.where(agent >= 0, people.number[np.maximum(agent, 0)], -1)),
            "asset_id": asset_ids(of_ticket),
            "product_id": codes([p.product_id for p in PRODUCTS], np.where(has_ticket, of_ticket["shown_product"], -1)),
            "region_id": codes(reference.regions, row["region"]),
            "visit_number": counts(row["visit"]),
            "service_item": codes(ITEMS, row["item"]),
            "requested_at": instants(row["requested"], until),
            "scheduled_at": instants(row["scheduled"], NEVER),
            "accepted_at": instants(row["accepted"], until),
            "departed_at": instants(row["departed"], until),
            "arrived_at": instants(row["arrived"], until),
            "completed_at": instants(row["completed"], until),
            "outcome": codes(OUTCOMES, np.where(over, row["outcome"], -1)),
            "labour_hours": _amounts(row["hours"], done),
            "labour_cost": _amounts(row["labour_cost"], done),
            "travel_cost": _amounts(row["travel_cost"], done),
            "parts_cost": _amounts(row["parts_cost"], done),
            "outsourced_cost": _amounts(row["outsourced_cost"], done),
            "revenue": _amounts(row["revenue"], done),
            "currency": constant("CNY", length),
            "employment": codes(EMPLOYMENTS, row["is_outsourced"].astype(np.int64)),
            "is_warranty": flags(row["is_warranty"]),
            "has_customer_signature": flags(np.where(done, row["signature"], -1)),
            "updated_at": instants(latest[at], NEVER),
        }
    )


def parts_requests_table(batch: Columns, since: int, until: int) -> pa.Table:
    """Return the parts lines that changed in [since, until) as they stood at `until`; visits ask on their first."""
    requested, received = batch["parts_requested"], batch["parts_received"]
    changed = ((requested >= since) & (requested < until)) | (
        (received >= since) & (received < until) & (requested < until)
    )
    at = np.flatnonzero(changed)
    number = batch["number"][at]
    part = batch["product"][at] * PARTS_PER_PRODUCT + (WORK_ORDER_BASE + number * SLOTS + 1) % PARTS_PER_PRODUCT
    in_stock = batch["in_stock"][at]
    on_visit = batch["mode"][at] == ONSITE
    from_stock = np.where(on_visit, SUPPLIES.index("van"), SUPPLIES.index("local"))
    ordered = np.array([SUPPLIES.index(name) for name in ("regional", "central", "supplier")])[number % 3]
    return pa.table(
        {
            "request_id": ids("PR", REQUEST_BASE + number),
            "work_order_id": ids("WO", np.where(on_visit, WORK_ORDER_BASE + number * SLOTS + 1, -1)),
            "ticket_id": ids(TICKET_PREFIX, TICKET_BASE + number),
            "part_id": codes(part_ids(), part),
            "quantity": counts(1 + (number % 11 == 0)),
            "requested_at": instants(requested[at], NEVER),
            "available_at": instants(received[at], until),
            "supply": codes(SUPPLIES, np.where(in_stock, from_stock, ordered)),
            "was_in_stock": flags(in_stock),
            "unit_cost": numbers(part_costs()[part]),
        }
    )
