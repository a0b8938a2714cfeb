"""Service revenue by month and place (rulings B12, G2, G7, G8)."""

from collections.abc import Iterator

from tests.reading.contributions import Attributes, Contribution
from tests.reading.costs import read_rates
from tests.reading.owners import NOBODY
from tests.reading.records import Records
from tests.reading.tables import as_date
from tests.reading.work_orders import rate_of

_PLAN = "maintenance_plan"


def revenue_kpis(records: Records) -> Iterator[Contribution]:
    """Yield service_revenue and maintenance_plan_revenue_share of the rows whose worth is known."""
    rates = read_rates(records)
    for row in records.rows("erp.revenue"):
        month = as_date(row["month"])
        region_id = row.get("region_id")
        if month is None or month > records.local_date(records.as_of, region_id):
            continue
        day = month.replace(day=1)
        rate = rate_of(row, day.isoformat(), records.context, rates)
        if rate is None:
            continue
        worth = float(row["revenue"]) * rate
        about = Attributes(row["_source_system"], region_id)
        yield Contribution("service_revenue", day, about, NOBODY, worth, None)
        of_plans = worth if row.get("category") == _PLAN else 0.0
        yield Contribution(
            "maintenance_plan_revenue_share", day, about, NOBODY, of_plans, worth, int(worth != 0)
        )  # fmt: skip
