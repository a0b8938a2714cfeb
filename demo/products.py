"""What the company sells and services: products, their parts and the depots that keep them."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from demo import stories
from demo.clock import Window, local_day
from demo.columns import Ints, codes, constant, days, numbers
from demo.reference import Reference


@dataclass(frozen=True)
class Product:
    product_id: str
    name: str
    category: str
    launched_on: str
    weight: float


#: Electronics carry about 70 % of the repairs.
PRODUCTS = (
    Product("P-101", "电动车锂电池 48V", "electronics", "2021-03-01", 18),
    Product("P-102", "电动车锂电池 60V", "electronics", "2022-05-10", 12),
    Product("P-103", "电机控制器", "electronics", "2020-09-15", 14),
    Product("P-104", "智能仪表", "electronics", "2022-11-01", 10),
    Product("P-105", "快速充电器", "electronics", "2021-08-20", 9),
    Product("P-106", "定位防盗器", "electronics", "2023-04-01", 7),
    Product("P-201", "变频空调", "home_appliance", "2020-04-01", 8),
    Product("P-202", "滚筒洗衣机", "home_appliance", "2021-06-01", 6),
    Product("P-203", "净水器", "home_appliance", "2022-02-01", 4),
    Product("P-204", "扫地机器人", "home_appliance", "2023-09-01", 4),
    Product("P-301", "城市电动自行车", "mobility", "2021-04-01", 5),
    Product("P-302", "折叠电动自行车", "mobility", "2024-03-01", 3),
)
BATTERIES = (0, 1)
CATEGORIES = ("electronics", "home_appliance", "mobility")
PARTS_PER_PRODUCT = 3
#: Depots with the region that they stand in; each serves the regions nearest to it (`depot_of_region`).
DEPOTS = (
    ("WH-SH", "R-SH"),
    ("WH-GZ", "R-GD"),
    ("WH-BJ", "R-BJ"),
    ("WH-WH", "R-HB"),
    (stories.DEPOT, stories.DEPOT_REGION),
    ("WH-SY", "R-LN"),
)


def part_ids() -> list[str]:
    """Return all parts: `PARTS_PER_PRODUCT` for each product, in the order of the products."""
    return [f"PT-{p.product_id[2:]}-{n}" for p in PRODUCTS for n in range(1, PARTS_PER_PRODUCT + 1)]


def part_costs() -> np.ndarray:
    """Return the cost of a piece in CNY, in the order of `part_ids`."""
    index = np.arange(len(part_ids()))
    return 35.0 + (index * 37) % 190 + np.where(index % PARTS_PER_PRODUCT == 0, 60.0, 0.0)


def serial_prefixes() -> list[str]:
    """Return batch prefixes of serial numbers; the one of the faulty battery is the last."""
    batches = [f"{kind}{year}{month:02d}" for kind in "ABE" for year in (23, 24) for month in (3, 6, 10, 12)]
    return [*batches, stories.BATTERY_BATCH]


def products_table() -> pa.Table:
    return pa.table(
        {
            "product_id": [p.product_id for p in PRODUCTS],
            "product_name": [p.name for p in PRODUCTS],
            "category": [p.category for p in PRODUCTS],
            "launched_on": [p.launched_on for p in PRODUCTS],
        }
    )


def parts_stock_table(window: Window, reference: Reference, tickets: int, random: np.random.Generator) -> pa.Table:
    """Return the stock at the end of each month, one row per depot and part (pieces, CNY).

    The depot of the story stays far below its safety stock.
    """
    month_ends = local_day(window.starts[1:]) - 1
    depots, parts = len(DEPOTS), len(part_ids())
    shape = (len(month_ends), depots, parts)
    month, depot, part = (axis.ravel() for axis in np.indices(shape))
    monthly_use = max(2.0, tickets * 0.2 / len(month_ends) / depots / parts)
    consumed = random.poisson(monthly_use, month.size)
    safety = np.ceil(np.full(month.size, monthly_use * 1.5))
    level = np.where(depot == [d for d, _ in DEPOTS].index(stories.DEPOT), 0.15, 1.6)
    on_hand = np.floor(safety * level * random.uniform(0.6, 1.4, month.size))
    places: Ints = np.array([reference.region(region) for _, region in DEPOTS])
    return pa.table(
        {
            "snapshot_on": days(month_ends[month]),
            "warehouse_id": codes([name for name, _ in DEPOTS], depot),
            "region_id": codes(reference.regions, places[depot]),
            "part_id": codes(part_ids(), part),
            "on_hand": numbers(on_hand),
            "consumed": numbers(consumed),
            "safety_stock": numbers(safety),
            "unit_cost": numbers(part_costs()[part]),
        }
    )


def revenue_table(window: Window, reference: Reference, tickets: int, random: np.random.Generator) -> pa.Table:
    """Return service revenue per month, region and category in CNY; maintenance plans earn about 23 %."""
    categories = ("maintenance_plan", "repair", "parts", "installation")
    shares = np.array([0.23, 0.42, 0.25, 0.10])
    regions = len(reference.regions) - 1
    month, region, category = (axis.ravel() for axis in np.indices((len(window.months), regions, len(categories))))
    monthly = tickets * 160.0 / len(window.months)
    growth = 1.25 ** (month / 12)
    amount = (
        monthly * growth * reference.region_weights[region] * shares[category] * random.uniform(0.9, 1.1, month.size)
    )
    return pa.table(
        {
            "month": codes([f"{name}-01" for name in window.months], month),
            "region_id": codes(reference.regions, region),
            "category": codes(categories, category),
            "revenue": numbers(amount),
            "currency": constant("CNY", month.size),
        }
    )
