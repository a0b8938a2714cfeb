"""Revenue and turnover of parts by hand (rulings B12, E8, G2, G8, decision 11)."""

from datetime import datetime

from tests.reading.figures import figures
from tests.reading.members import contribution_frame
from tests.unit.reading.builders import DAY, TinyCompany


def value(company: TinyCompany, kpi_key: str, kind: str = "month") -> list[tuple[float, int]]:
    company.ticket("A", ("resolved", 1 * DAY))
    reading = company.reading()
    frame = contribution_frame(reading.contributions(), reading.records.seeds, reading.records.tables)
    table = figures(frame, "total", kind)
    return [(row["value"], int(row["n"])) for _, row in table[table["kpi_key"] == kpi_key].iterrows()]


def revenue() -> TinyCompany:
    company = TinyCompany(datetime(2025, 10, 10, 2))
    company.rates = [{"month": "2025-09-01", "currency": "EUR", "rate_to_company_currency": "8"}]
    for month, region_id, category, amount, currency in (
        ("2025-09-01", "R-SH", "maintenance_plan", 100, None),
        ("2025-09-01", "R-SH", None, 200, "CNY"),
        ("2025-09-01", None, "repair", 0, "CNY"),
        ("2025-09-01", "R-BJ", "repair", 10, "EUR"),
        ("2025-09-01", "R-XJ", "repair", 999, "XTS"),
        ("2025-11-01", "R-XJ", "repair", 999, "CNY"),
    ):
        company.add(
            "erp.revenue", month=month, region_id=region_id, category=category, revenue=amount, currency=currency
        )
    return company


def test_revenue_is_what_is_known_in_company_currency() -> None:
    assert value(revenue(), "service_revenue") == [(380.0, 4)]
    assert value(revenue(), "service_revenue", "day") == []
    assert value(revenue(), "maintenance_plan_revenue_share") == [(100 / 380, 3)]


def test_the_same_month_again_supersedes() -> None:
    company = revenue()
    company.add("erp.revenue", month="2025-09-01", region_id="R-SH", category=None, revenue=300, currency="CNY")
    assert value(company, "service_revenue") == [(480.0, 4)]


def test_turnover_of_parts() -> None:
    """September: used 2·10 + 1·10, in stock the mean of 100 and 50; October: used 5·2, in stock 20."""
    company = TinyCompany(datetime(2025, 10, 10, 2))
    for day, part_id, on_hand, consumed, cost in (
        ("2025-09-01", "seal", 10, 2, 10),
        ("2025-09-30", "seal", 5, 1, 10),
        ("2025-09-15", "seal", 99, None, 10),
        ("2025-09-15", "display", 99, 1, None),
        ("2025-10-01", "bearing", 10, 5, 2),
        ("2025-10-11", "bearing", 10, 5, 2),
        ("2025-10-01", "seal", 0, 0, 10),
    ):
        company.add(
            "erp.parts_stock",
            snapshot_on=day, warehouse_id="W", part_id=part_id, on_hand=on_hand, consumed=consumed, unit_cost=cost,
        )  # fmt: skip
    assert value(company, "parts_turnover") == [(12 * 30 / 75, 1), (12 * 10 / 20, 1)]
    assert value(company, "parts_turnover", "year") == [(12 * 40 / 95, 2)]
