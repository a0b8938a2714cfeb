"""Random revenue and counts of parts, in two currencies and with gaps (B12, E8, G2, G8)."""

from datetime import date
from itertools import product

import numpy as np

from tests.integration.kpis.draws import REGIONS, Row, chance, pick

#: A month before the data, whole months, the running one and one that is still to come.
_MONTHS = ("2025-06-01", "2025-08-01", "2025-09-01", "2025-10-01", "2025-11-01", "2025-12-01")
_CATEGORIES = ("maintenance_plan", "maintenance_plan", "repair", "spare parts", None)
#: EUR has a rate in some months, XTS in none.
_CURRENCIES = ("CNY", "CNY", "CNY", None, "EUR", "XTS")
_DAYS = ("2025-08-31", "2025-09-01", "2025-09-15", "2025-09-30", "2025-10-02", "2025-10-31", "2025-11-05", "2025-11-30")


def _regions_of(system: str) -> list[str | None]:
    """Return regions that no other system has: the key of revenue is month, region and category alone."""
    if not system[-1].isdigit():
        return list(REGIONS)
    return [region_id for number, region_id in enumerate(REGIONS) if number % 5 == int(system[-1]) % 5]


def random_revenue(system: str, random: np.random.Generator) -> list[Row]:
    """Return the revenue by month, region and category; some of it is delivered again with another amount."""
    keys = list(product(_MONTHS, _regions_of(system), dict.fromkeys(_CATEGORIES)))
    rows: list[Row] = [
        {
            "month": month, "region_id": region_id, "category": category, "currency": pick(random, _CURRENCIES),
            "revenue": pick(random, (0, round(float(random.uniform(100, 90_000)), 2))), "part": 1,
        }
        for month, region_id, category in keys
        if chance(random, 0.8)
    ]  # fmt: skip
    return rows + [row | {"revenue": 1234.5678, "part": 2} for row in rows if chance(random, 0.2)]


def random_stock(system: str, random: np.random.Generator) -> list[Row]:
    """Return none, one or several counts a month of each part in each warehouse, one of them of an unknown region."""
    rows: list[Row] = []
    for number, region_id in enumerate(("R-SH", "R-NY", "R-NIGHT", "R-UNREGISTERED", None)):
        for part_id, day in product(("bearing", "display", "seal"), _DAYS):
            if chance(random, 0.3):
                continue
            rows.append({
                "snapshot_on": date.fromisoformat(day), "warehouse_id": f"{system}-wh{number}", "region_id": region_id,
                "part_id": part_id, "on_hand": pick(random, (0, 0, 3, 12.5, 40)),
                "consumed": pick(random, (None, 0, 1, 7)), "unit_cost": pick(random, (None, 12.75, 12.75, 80)),
                "safety_stock": 2, "part": 1,
            })  # fmt: skip
    return rows + [row | {"consumed": 2, "part": 2} for row in rows if chance(random, 0.1)]
