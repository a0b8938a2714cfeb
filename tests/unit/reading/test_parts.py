"""Waiting for parts, filling and lead time of hand-made requests (rulings E1–E3, E7)."""

import pytest

from tests.reading.parts import waiting_hours
from tests.unit.reading.builders import DAY, HOUR, MONDAY, TinyCompany


def line(start: float, end: float | None) -> dict[str, object]:
    return {"requested_at": MONDAY + start * HOUR, "available_at": None if end is None else MONDAY + end * HOUR}


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param([line(2, 5)], 3, id="one"),
        pytest.param([line(2, 5), line(4, 8)], 6, id="overlapping"),
        pytest.param([line(2, 9), line(4, 5)], 7, id="nested"),
        pytest.param([line(2, 3), line(6, 8)], 3, id="apart"),
        pytest.param([line(-4, 1)], 1, id="from before the creation"),
        pytest.param([line(8, 15)], 2, id="until after the resolution"),
        pytest.param([line(7, None)], 3, id="open"),
        pytest.param([line(12, 15)], 0, id="after the resolution"),
        pytest.param([line(3, 3)], 0, id="at once"),
    ],
)
def test_waiting_is_the_clipped_union(lines: list[dict[str, object]], expected: float) -> None:
    found = waiting_hours(lines, MONDAY, MONDAY + 10 * HOUR, MONDAY + 20 * HOUR)
    assert found == pytest.approx(expected)


def company_with(*lines: tuple[str, float, float | None]) -> TinyCompany:
    company = TinyCompany()
    for name in ("A", "B"):
        company.ticket(name, ("assigned", 0 * HOUR, {"team_id": "T-1"}), ("resolved", 10 * HOUR))
    for number, (ticket_id, start, end) in enumerate(lines):
        company.add(
            "erp.parts_requests", request_id=f"q{number}", part_id="seal", ticket_id=ticket_id, was_in_stock=end == 5,
            **line(start, end),
        )  # fmt: skip
    return company


def test_hours_are_of_cases_with_requests_shares_of_all_cases() -> None:
    company = company_with(("A", 2, 5), ("A", 4, 8))
    assert company.sides("parts_wait_hours") == [(6.0, 1.0)]
    assert company.sides("parts_wait_share") == [(6.0, 10.0), (0.0, 10.0)]
    assert company.sides("parts_fill_rate") == [(1.0, 1.0), (0.0, 1.0)]
    assert company.sides("parts_lead_time_days") == [(3 / 24, 1.0), (4 / 24, 1.0)]


def test_a_case_with_a_request_that_runs_backwards_is_out() -> None:
    company = company_with(("A", 2, 5), ("A", 4, 3))
    assert company.sides("parts_wait_hours") == []
    assert company.sides("parts_wait_share") == [(0.0, 10.0)]
    assert company.sides("parts_lead_time_days") == [(3 / 24, 1.0)]
    assert len(company.sides("parts_fill_rate")) == 2


def test_a_line_is_charged_to_the_technician_else_to_the_owner() -> None:
    company = company_with(("A", 2, 5))
    company.add("erp.employees", employee_id="E1", team_id="T-2", region_id="R-SH", employment="outsourced")
    company.add("erp.work_orders", work_order_id="W1", ticket_id="A", employee_id="E1", region_id="R-BJ")
    company.add(
        "erp.parts_requests",
        request_id="by order", part_id="seal", work_order_id="W1", was_in_stock=True, **line(3, None),
    )  # fmt: skip
    found = [(c.unit.team_id, c.unit.employment, c.about.region_id) for c in company.of("parts_fill_rate")]
    assert found == [("T-1", None, "R-SH"), ("T-2", "outsourced", "R-BJ")]


def test_lines_of_deleted_tickets_are_out_and_lines_of_nobody_are_unknown() -> None:
    company = company_with(("nowhere", 2, 5), ("gone", 2, 5))
    company.ticket("gone", deleted_at=MONDAY + DAY)
    assert [c.about.region_id for c in company.of("parts_fill_rate")] == [None]
