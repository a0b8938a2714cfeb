"""Stocks of hand-made cases and people (rulings A9, B9, D16, G3, G4)."""

from datetime import date, datetime, timedelta

import pytest

from tests.reading.figures import figures
from tests.reading.members import contribution_frame
from tests.unit.reading.builders import DAY, HOUR, MONDAY, TinyCompany

#: The first midnight in Shanghai after MONDAY.
MIDNIGHT = 14 * HOUR


def open_days(company: TinyCompany, kpi_key: str = "open_backlog") -> list[int]:
    return [c.day.day for c in company.of(kpi_key) if c.numerator]


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        pytest.param([("resolved", 5 * HOUR)], [], id="solved on its day"),
        pytest.param([("resolved", MIDNIGHT - timedelta(seconds=1))], [], id="a second before midnight"),
        pytest.param([("resolved", MIDNIGHT)], [1], id="at midnight"),
        pytest.param([("resolved", 2 * DAY)], [1, 2], id="two days later"),
        pytest.param([("resolved", 1 * HOUR), ("reopened", 8 * DAY)], [9, 10], id="reopened on day 8"),
        pytest.param([("closed", 1 * DAY)], [1], id="closed"),
        pytest.param([], list(range(1, 11)), id="open"),
        pytest.param([("status_changed", 1 * DAY, {"status": "resolved"})], list(range(1, 11)), id="status only"),
    ],
)
def test_a_case_is_open_at_the_end_of_its_days(events: list[tuple[object, ...]], expected: list[int]) -> None:
    company = TinyCompany(as_of=MONDAY + 9 * DAY)
    company.ticket("A", ("created", 0 * HOUR), *events)
    assert open_days(company) == expected


def test_a_case_cancelled_after_touch_is_open_until_then() -> None:
    company = TinyCompany(as_of=MONDAY + 9 * DAY)
    cancelled = ("status_changed", 2 * DAY, {"status": "cancelled"})
    company.ticket("A", ("responded", 1 * HOUR), cancelled, status="cancelled")
    company.ticket("never touched", cancelled, status="cancelled")
    company.ticket("visited", cancelled, status="cancelled")
    company.add("erp.work_orders", work_order_id="W1", ticket_id="visited", arrived_at=MONDAY + DAY)
    assert open_days(company) == [1, 2, 1, 2]


def test_without_events_the_columns_count() -> None:
    company = TinyCompany(as_of=MONDAY + 9 * DAY)
    company.ticket("A", resolved_at=MONDAY + 3 * DAY, closed_at=MONDAY + 5 * DAY)
    assert open_days(company) == [1, 2, 3]


def test_a_ticket_solved_before_it_was_opened_is_solved_in_an_unknown_time() -> None:
    """Ruling B5: the row is kept, only its duration is unknown."""
    company = TinyCompany()
    company.ticket("A", resolved_at=MONDAY - HOUR, resolution_due_at=MONDAY + HOUR)
    assert company.sides("tickets_resolved") == [(1.0, None)]
    assert company.sides("resolution_rate") == [(1.0, 1.0)]
    assert company.sides("resolution_on_time_rate") == []
    assert company.sides("resolution_hours_customer_calendar") == []
    assert company.sides("parts_wait_share") == []
    assert open_days(company) == []


@pytest.mark.parametrize(("due", "expected"), [(MIDNIGHT, [2, 3]), (MIDNIGHT - timedelta(seconds=1), [1, 2, 3])])
def test_overdue_is_due_before_the_end_of_the_day(due: timedelta, expected: list[int]) -> None:
    company = TinyCompany(as_of=MONDAY + 2 * DAY)
    company.ticket("A", resolution_due_at=MONDAY + due)
    company.ticket("no due instant")
    assert open_days(company, "overdue_backlog") == expected


def test_due_now_is_not_overdue() -> None:
    company = TinyCompany(as_of=MONDAY + HOUR)
    company.ticket("A", resolution_due_at=MONDAY + HOUR)
    assert company.sides("overdue_backlog") == [(0.0, None)]


def test_the_owner_is_that_of_the_end_of_the_day() -> None:
    company = TinyCompany(as_of=MONDAY + 2 * DAY)
    moves = [("assigned", at, {"team_id": team}) for at, team in ((0 * HOUR, "T-1"), (MIDNIGHT, "T-2"))]
    company.ticket("A", *moves)
    assert [c.unit.team_id for c in company.of("open_backlog")] == ["T-1", "T-2", "T-2"]


def test_a_period_has_the_stock_of_its_last_day_or_of_now() -> None:
    company = TinyCompany(as_of=datetime(2025, 10, 10, 2))
    company.ticket("A", ("resolved", 10 * DAY))
    company.ticket("B", ("resolved", 35 * DAY))
    company.ticket("C")
    reading = company.reading()
    frame = contribution_frame(reading.contributions(), reading.records.seeds, reading.records.tables)
    found = figures(frame, "total", "month")
    stock = found[found["kpi_key"] == "open_backlog"]
    assert list(zip(stock["period_start"].dt.month, stock["value"], strict=True)) == [(9, 2.0), (10, 1.0)]
    whole = figures(frame, "total", "year")
    assert list(whole.loc[whole["kpi_key"] == "open_backlog", "value"]) == [1.0]


def test_heads_are_employed_on_the_last_day() -> None:
    company = TinyCompany(as_of=datetime(2025, 10, 10, 2))
    company.ticket("A", ("assigned", 0 * HOUR, {"team_id": "T-1"}), ("resolved", 1 * DAY))
    people = {
        "stays": [{"team_id": "T-1"}],
        "leaves on the last day": [{"team_id": "T-1", "left_on": "2025-09-30"}],
        "left before": [{"team_id": "T-1", "left_on": "2025-09-29"}],
        "comes later": [{"team_id": "T-1", "hired_on": "2025-10-01"}],
        "moves": [
            {"team_id": "T-1", "effective_from": "2025-01-01"},
            {"team_id": "T-2", "effective_from": "2025-09-30"},
        ],
    }
    for name, posts in people.items():
        for post in posts:
            company.add("erp.employees", employee_id=name, **post)
    reading = company.reading()
    frame = contribution_frame(reading.contributions(), reading.records.seeds, reading.records.tables)
    found = figures(frame, "team", "month")
    september = found[(found["kpi_key"] == "tickets_per_head") & (found["period_start"].dt.month == 9)]
    assert september.set_index("slice_value")["denominator"].to_dict() == {"T-1": 2.0, "T-2": 1.0}
    assert september.set_index("slice_value")["value"].to_dict() == {"T-1": 0.5, "T-2": 0.0}
    assert "tickets_per_head" not in set(figures(frame, "root_cause", "month")["kpi_key"])


def test_employment_is_that_of_the_person_who_owns_the_case() -> None:
    """Rulings B18, D15."""
    company = TinyCompany()
    for day, employment in (("2025-01-01", "in_house"), ("2025-09-03", "outsourced")):
        company.add("erp.employees", employee_id="E1", team_id="T-1", employment=employment, effective_from=day)
    company.ticket("A", ("assigned", 0 * HOUR, {"agent_id": "E1"}), ("resolved", 3 * DAY))
    company.ticket("B", ("assigned", 0 * HOUR, {"agent_id": "E1"}), ("assigned", 1 * HOUR, {"team_id": "T-2"}),
                   ("resolved", 3 * DAY))  # fmt: skip
    company.ticket("C", ("resolved", 3 * DAY), agent_id="E1")
    assert [c.unit.employment for c in company.of("tickets_created")] == ["in_house"] * 3
    assert [c.unit.employment for c in company.of("tickets_resolved")] == ["outsourced", None, "outsourced"]
    assert {c.day for c in company.of("tickets_resolved")} == {date(2025, 9, 4)}
