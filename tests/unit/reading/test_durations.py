"""Waits, working time and idle time of hand-made cases (rulings B17, B18, B21, D3–D5, D15, E6, decision 11).

MONDAY is 10:00 in Shanghai; a day works from 9 to 18, a night from 22 to 6.
"""

from datetime import datetime
from typing import Any

import pytest

from tests.unit.reading.builders import DAY, HOUR, LISTED_DAYS, MONDAY, TinyCompany


def status(name: str, after: float) -> tuple[object, ...]:
    return ("status_changed", after * HOUR, {"status": name})


def hours(company: TinyCompany, variant: str) -> float | None:
    found = [c.value for c in company.of(f"resolution_hours_{variant}") if c.value is not None]
    assert len(found) <= 1
    return found[0] if found else None


@pytest.mark.parametrize(
    ("events", "service", "own"),
    [
        pytest.param([], 10, 10, id="no wait"),
        pytest.param([status("waiting_customer", 1), status("in_progress", 4)], 7, 7, id="customer"),
        pytest.param([status("waiting_parts", 1), status("in_progress", 4)], 10, 7, id="parts"),
        pytest.param([status("waiting_vendor", 1), status("waiting_customer", 3)], 3, 1, id="to the end"),
        pytest.param([status("waiting_customer", 1), ("responded", 4 * HOUR)], 1, 1, id="no status changes none"),
        pytest.param([("responded", 2 * HOUR, {"status": "waiting_customer"})], 2, 2, id="any event states it"),
        pytest.param([status("waiting_customer", 1), ("closed", 1 * HOUR), ("reopened", 3 * HOUR)], 8, 8, id="failed"),
        pytest.param(
            [("resolved", 1 * HOUR), status("waiting_parts", 2), ("reopened", 4 * HOUR)],
            7,
            7,
            id="until it is reopened",
        ),
        pytest.param(
            [("resolved", 1 * HOUR), ("reopened", 4 * HOUR, {"status": "waiting_parts"})], 7, 1, id="reopened to wait"
        ),
    ],
)
def test_waits_are_taken_out(events: list[tuple[object, ...]], service: float, own: float) -> None:
    company = TinyCompany()
    company.ticket("A", *events, ("resolved", 10 * HOUR))
    assert hours(company, "customer_calendar") == 10
    assert hours(company, "service_calendar") == pytest.approx(service)
    assert hours(company, "own_calendar") == pytest.approx(own)


@pytest.mark.parametrize(
    ("solved_after", "region_id", "expected"),
    [
        pytest.param(5, "R-SH", 5, id="in the day"),
        pytest.param(24, "R-SH", 8 + 1, id="over night"),
        pytest.param(12, "R-NIGHT", 0, id="just before the night"),
        pytest.param(16, "R-NIGHT", 4, id="after midnight"),
        pytest.param(48, "R-NIGHT", 16, id="two nights"),
        pytest.param(6 * 24 + 12, "R-SH", 8 + 5 * 9, id="on the last listed day, a holiday"),
        pytest.param(6 * 24 + 15, "R-SH", None, id="beyond the calendar"),
    ],
)
def test_working_time(solved_after: int, region_id: str, expected: float | None) -> None:
    company = TinyCompany()
    company.ticket("A", ("resolved", solved_after * HOUR), region_id=region_id)
    assert hours(company, "customer_working") == expected
    assert hours(company, "customer_calendar") == solved_after


def test_working_time_without_waits() -> None:
    company = TinyCompany()
    company.ticket("A", status("waiting_customer", 7), status("in_progress", 24), ("resolved", 25 * HOUR))
    assert hours(company, "customer_working") == 8 + 2
    assert hours(company, "service_working") == 7 + 1


def test_opened_before_the_calendar_and_without_events() -> None:
    company = TinyCompany()
    company.ticket("early", opened_at=MONDAY - DAY, resolved_at=MONDAY)
    assert company.sides("resolution_hours_customer_working") == []
    assert hours(company, "customer_calendar") == 24
    assert company.sides("resolution_hours_service_calendar") == []
    assert company.sides("handoff_idle_hours") == []


def test_a_source_that_states_no_status_knows_no_waits() -> None:
    company = TinyCompany()
    company.unstated = frozenset({"status"})
    company.ticket("A", ("resolved", 2 * HOUR))
    assert hours(company, "service_calendar") is None
    company.ticket("B", status("in_progress", 1))
    assert hours(company, "service_calendar") == 2


def test_a_merged_ticket_waits_for_nobody() -> None:
    company = TinyCompany()
    company.ticket("A", ("resolved", 10 * HOUR))
    company.ticket("B", status("waiting_customer", 1), merged_into_ticket_id="A")
    assert hours(company, "service_calendar") == 10


def test_teams_share_the_mean() -> None:
    company = TinyCompany()
    moves = [("assigned", after * HOUR, {"team_id": team}) for after, team in ((0, "T-1"), (2, "T-2"))]
    company.ticket("A", *moves, status("waiting_parts", 4), ("resolved", 8 * HOUR))
    found = [(c.unit.team_id, c.numerator, c.denominator) for c in company.of("resolution_hours_own_working")]
    assert found == [("T-1", 1.0, 0.25), ("T-2", 3.0, 0.75), ("T-2", 0.0, 0.0)]


@pytest.mark.parametrize(
    ("moves", "columns", "expected"),
    [
        pytest.param([(0, "T-1", None)], {}, 5, id="a team"),
        pytest.param([(0, "T-1", "E1")], {}, 0, id="a person"),
        pytest.param([(0, "T-1", None), (2, None, "E1")], {}, 2, id="until somebody takes it"),
        pytest.param([(0, "T-1", "E1"), (3, "T-2", None)], {}, 2, id="given to a team"),
        pytest.param([(3, None, "E1")], {}, 0, id="to nobody"),
        pytest.param([(3, None, "E1")], {"team_id": "T-1"}, 3, id="the ticket's team"),
        pytest.param([(3, None, "E1")], {"team_id": "T-1", "agent_id": "E2"}, 0, id="the ticket's person"),
    ],
)
def test_idle_is_owned_by_a_team_and_no_person(
    moves: list[tuple[int, str | None, str | None]], columns: dict[str, Any], expected: float
) -> None:
    company = TinyCompany()
    events = [("assigned", after * HOUR, {"team_id": team, "agent_id": agent}) for after, team, agent in moves]
    company.ticket("A", *events, ("resolved", 5 * HOUR), **columns)
    company.ticket("who", ("assigned", 0 * HOUR, {"agent_id": "E9"}))
    assert company.sides("handoff_idle_hours") == [(expected, 1.0)]


def test_idle_is_unknown_where_no_event_names_a_person() -> None:
    company = TinyCompany()
    company.ticket("A", ("assigned", 0 * HOUR, {"team_id": "T-1"}), ("resolved", 5 * HOUR))
    assert company.sides("handoff_idle_hours") == []


def test_a_working_limit_is_unknown_beyond_the_calendar() -> None:
    company = TinyCompany(as_of=datetime(2025, 10, 1))
    company.policies = [{
        "case_type": "complaint", "priority": "p1", "valid_from": "2020-01-01", "response_minutes": "60",
        "resolution_hours": "9", "clock": "working",
    }]  # fmt: skip
    promised: dict[str, Any] = {"case_type": "complaint", "priority": "p1"}
    company.ticket("A", ("responded", LISTED_DAYS * DAY), **promised)
    company.ticket("B", ("responded", 2 * HOUR), **promised)
    company.ticket("C", ("responded", 1 * HOUR), case_type="repair", priority="p1")
    assert company.sides("complaint_first_response_on_time_rate") == [(0.0, 1.0)]
    assert company.sides("first_response_on_time_rate") == [(0.0, 1.0)]
