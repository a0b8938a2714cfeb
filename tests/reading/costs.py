"""What the work cost, on the date and for the unit of each line (rulings B7, B12, B13, G1, G2)."""

from collections.abc import Iterator

from tests.reading.contributions import Contribution, of_fact
from tests.reading.records import Records
from tests.reading.visits import visit_unit
from tests.reading.work_orders import Rates, cost_of, known_work_orders, rate_of

#: Not a KPI: lines, and those of them whose cost is known. Of a member with unknown lines only the cost is unknown.
COST_LINES = "cost_lines"


def cost_kpis(records: Records) -> Iterator[Contribution]:
    """Yield the cost of cost_per_ticket, and both sides of repair_cost_rate; excluded cases cost money too."""
    rates = read_rates(records)
    for row in known_work_orders(records.tables, records.context):
        at, cost = row["cost_at"], cost_of(row)
        if not records.is_visible(at):
            continue
        region_id = row.get("region_id")
        day = records.local_date(at, region_id)
        rate = rate_of(row, f"{day:%Y-%m-01}", records.context, rates)
        case = records.case_of(row.get("ticket_id"))
        unit, product_id = visit_unit(records, row, at), row.get("product_id")
        is_known = cost is not None and rate is not None
        yield of_fact(
            row, case, COST_LINES, day, region_id, float(is_known), 1.0, unit=unit, product_id=product_id, counted=0
        )
        if cost is None or rate is None:
            continue
        yield of_fact(
            row, case, "cost_per_ticket", day, region_id, cost * rate, 0.0,
            unit=unit, product_id=product_id, counted=0,
        )  # fmt: skip
        if row.get("service_item") == "repair" and row.get("revenue") is not None:
            revenue = float(row["revenue"]) * rate
            yield of_fact(
                row, case, "repair_cost_rate", day, region_id, cost * rate, revenue,
                unit=unit, product_id=product_id, counted=int(revenue != 0),
            )  # fmt: skip


def read_rates(records: Records) -> Rates:
    """Return what a unit of each currency is worth in company currency, by month."""
    return {
        (row["month"], row["currency"]): float(row["rate_to_company_currency"]) for row in records.seeds.exchange_rates
    }
