"""Visits and their cost by hand (rulings B5, B7, B12, B13, C4, D10, E4, G1, G2)."""

from datetime import date, datetime, timedelta

import pytest

from tests.unit.reading.builders import DAY, HOUR, MONDAY, TinyCompany


def company_with(*visits: dict[str, object]) -> TinyCompany:
    company = TinyCompany()
    company.ticket("A", ("resolved", 10 * DAY), case_type="repair")
    company.ticket("gone", deleted_at=MONDAY + DAY, case_type="complaint")
    for number, visit in enumerate(visits):
        company.add("erp.work_orders", **{"work_order_id": f"W{number}", "ticket_id": "A"} | visit)
    return company


def visit(arrived: float | None = None, outcome: str | None = "fixed", **columns: object) -> dict[str, object]:
    """A visit that was asked for on MONDAY, arrived and was completed so many hours later."""
    at = None if arrived is None else MONDAY + arrived * HOUR
    return {"requested_at": MONDAY, "arrived_at": at, "completed_at": at, "outcome": outcome} | columns


@pytest.mark.parametrize(
    ("row", "hours", "on_time"),
    [
        pytest.param(visit(24), [(24.0, 1.0)], [(1.0, 1.0)], id="within 24 hours"),
        pytest.param(visit(24.5), [(24.5, 1.0)], [(0.0, 1.0)], id="late"),
        pytest.param(visit(), [], [(0.0, 1.0)], id="never"),
        pytest.param(visit(-1), [], [], id="backwards"),
        pytest.param(visit(2, "cancelled"), [], [], id="cancelled"),
        pytest.param(visit(2, "no_access"), [(2.0, 1.0)], [(1.0, 1.0)], id="nobody at home"),
        pytest.param(visit(2, requested_at=None), [], [], id="request unknown"),
        pytest.param(visit(2, ticket_id="gone"), [], [], id="deleted ticket"),
        pytest.param(visit(2, ticket_id="nowhere"), [(2.0, 1.0)], [(1.0, 1.0)], id="unknown ticket"),
        pytest.param(visit(2, ticket_id=None), [(2.0, 1.0)], [(1.0, 1.0)], id="no ticket"),
    ],
)
def test_on_site(row: dict[str, object], hours: list[object], on_time: list[object]) -> None:
    company = company_with(row)
    assert company.sides("onsite_response_hours") == hours
    assert company.sides("onsite_on_time_rate") == on_time


@pytest.mark.parametrize(("age", "expected"), [(24 * HOUR, [(0.0, 1.0)]), (24 * HOUR - timedelta(seconds=1), [])])
def test_a_request_is_judged_after_24_hours(age: timedelta, expected: list[object]) -> None:
    company = TinyCompany(as_of=MONDAY + age)
    company.add("erp.work_orders", work_order_id="W1", requested_at=MONDAY)
    assert company.sides("onsite_on_time_rate") == expected


@pytest.mark.parametrize(
    ("visits", "expected"),
    [
        pytest.param([visit(2)], [(1.0, 1.0)], id="fixed"),
        pytest.param([visit(2, "parts_missing")], [(0.0, 1.0)], id="part missing"),
        pytest.param([visit(2), visit(9)], [(0.0, 1.0)], id="followed"),
        pytest.param([visit(2, "no_access"), visit(9)], [(1.0, 1.0)], id="nobody at home first"),
        pytest.param([visit(2), visit(9, "no_access")], [(1.0, 1.0)], id="nobody at home after"),
        pytest.param([visit(2), visit(9, "cancelled")], [(1.0, 1.0)], id="cancelled after"),
        pytest.param([visit(2), visit()], [(1.0, 1.0)], id="second not completed"),
        pytest.param([visit(2, None), visit(9)], [], id="first without outcome"),
        pytest.param([visit(2, ticket_id=None)], [], id="no ticket"),
        pytest.param([visit(2, ticket_id="gone")], [], id="deleted ticket"),
    ],
)
def test_first_time_fix(visits: list[dict[str, object]], expected: list[object]) -> None:
    assert company_with(*visits).sides("first_time_fix_rate") == expected


def test_signatures_of_completed_visits() -> None:
    signed = [visit(2, outcome, has_customer_signature=value) for outcome, value in (
        ("fixed", True), ("follow_up_needed", False), ("fixed", None), ("no_access", False), ("cancelled", False),
    )]  # fmt: skip
    open_visit = visit(None, "fixed", has_customer_signature=False)
    assert company_with(*signed, open_visit).sides("signature_missing_rate") == [(0.0, 1.0), (1.0, 1.0)]


def cost(company: TinyCompany) -> list[float]:
    return [c.numerator for c in company.of("cost_per_ticket") if c.denominator == 0]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        pytest.param(
            {"labour_cost": 80, "travel_cost": 20.5, "parts_cost": 0, "outsourced_cost": 9}, [109.5], id="all"
        ),
        pytest.param({"labour_cost": 80}, [80.0], id="the known ones"),
        pytest.param({"labour_cost": 0}, [0.0], id="nothing"),
        pytest.param({}, [], id="unknown"),
        pytest.param({"labour_cost": 80, "currency": "CNY"}, [80.0], id="company currency"),
        pytest.param({"labour_cost": 80, "currency": "XTS"}, [], id="no rate"),
        pytest.param({"labour_cost": 80, "ticket_id": "gone"}, [80.0], id="a deleted ticket costs"),
        pytest.param({"labour_cost": 80, "outcome": "cancelled"}, [80.0], id="a cancelled visit costs"),
    ],
)
def test_cost_of_a_line(row: dict[str, object], expected: list[float]) -> None:
    company = company_with(visit(2) | row)
    assert cost(company) == expected
    assert sum(c.denominator or 0 for c in company.of("cost_per_ticket")) == 1.0


@pytest.mark.parametrize(
    ("instants", "day"),
    [
        ({"completed_at": 3, "arrived_at": 2, "scheduled_at": 1}, date(2025, 9, 4)),
        ({"arrived_at": 2, "scheduled_at": 1}, date(2025, 9, 3)),
        ({"scheduled_at": 1}, date(2025, 9, 2)),
        ({}, date(2025, 9, 1)),
        ({"completed_at": 61}, None),
    ],
)
def test_the_date_of_a_line(instants: dict[str, int], day: date | None) -> None:
    company = TinyCompany()
    at = {name: MONDAY + days * DAY for name, days in instants.items()}
    company.add("erp.work_orders", work_order_id="W1", requested_at=MONDAY, labour_cost=1, region_id="R-SH", **at)
    assert [c.day for c in company.of("cost_per_ticket")] == ([day] if day else [])


def test_the_unit_of_a_line_is_its_own() -> None:
    company = company_with(visit(2, labour_cost=5, employee_id="E1", employment="outsourced", region_id="R-BJ"))
    company.add("erp.employees", employee_id="E1", team_id="T-2", employment="in_house")
    line = next(c for c in company.of("cost_per_ticket") if c.denominator == 0)
    assert (line.unit.team_id, line.unit.employment) == ("T-2", "outsourced")
    assert (line.about.region_id, line.about.case_type) == ("R-BJ", "repair")


def test_repair_cost_is_divided_by_revenue() -> None:
    company = company_with(
        visit(2, service_item="repair", labour_cost=50, revenue=200),
        visit(3, service_item="repair", labour_cost=30, revenue=0),
        visit(4, service_item="repair", labour_cost=30),
        visit(5, service_item="repair", revenue=70),
        visit(6, service_item="inspection", labour_cost=5, revenue=9),
    )
    assert company.sides("repair_cost_rate") == [(50.0, 200.0), (30.0, 0.0)]


def test_a_visit_merged_into_a_case_is_a_visit_of_the_case() -> None:
    company = company_with(visit(2), visit(9, ticket_id="B"))
    company.ticket("B", merged_into_ticket_id="A", opened_at=datetime(2025, 9, 1, 3))
    assert company.sides("first_time_fix_rate") == [(0.0, 1.0)]
