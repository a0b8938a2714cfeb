"""First contact resolution and repeats of hand-made cases (rulings D8, D9, D11, D19, D20)."""

from datetime import timedelta
from typing import Any

import pytest

from tests.unit.reading.builders import DAY, HOUR, MONDAY, TinyCompany

_ANSWER = ("responded", 1 * HOUR)
_SOLVED = ("resolved", 5 * HOUR)


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        pytest.param([_ANSWER, _SOLVED], 1.0, id="one touch"),
        pytest.param([_SOLVED], 0.0, id="no touch"),
        pytest.param([_ANSWER, ("responded", 2 * HOUR), _SOLVED], 0.0, id="two touches"),
        pytest.param([_ANSWER, ("responded", 2 * HOUR, {"actor": "system"}), _SOLVED], 1.0, id="automatic second"),
        pytest.param([_ANSWER, ("responded", 2 * HOUR, {"is_public": False}), _SOLVED], 1.0, id="internal second"),
        pytest.param([_ANSWER, ("transferred", 2 * HOUR), _SOLVED], 0.0, id="transferred"),
        pytest.param([_ANSWER, _SOLVED, ("transferred", 6 * HOUR)], 1.0, id="transferred after"),
        pytest.param([_ANSWER, _SOLVED, ("responded", 6 * HOUR)], 1.0, id="answered again after"),
        pytest.param([_ANSWER, _SOLVED, ("reopened", 6 * DAY), ("resolved", 7 * DAY)], 0.0, id="reopened on day 6"),
        pytest.param([_ANSWER, _SOLVED, ("reopened", 9 * DAY), ("resolved", 10 * DAY)], 1.0, id="reopened on day 9"),
    ],
)
def test_first_contact_resolution(events: list[tuple[object, ...]], expected: float) -> None:
    company = TinyCompany()
    company.ticket("A", *events)
    assert company.sides("first_contact_resolution_rate_gross") == [(expected, 1.0)]


@pytest.mark.parametrize(("arrived_at", "expected"), [(MONDAY + 2 * HOUR, 0.0), (None, 1.0)])
def test_a_visit_is_no_first_contact(arrived_at: object, expected: float) -> None:
    company = TinyCompany()
    company.ticket("A", _ANSWER, _SOLVED)
    company.add("erp.work_orders", work_order_id="W1", ticket_id="A", arrived_at=arrived_at)
    assert company.sides("first_contact_resolution_rate_gross") == [(expected, 1.0)]


def test_a_case_without_events_is_in_neither_side() -> None:
    company = TinyCompany()
    company.ticket("A", resolved_at=MONDAY + HOUR)
    assert company.sides("first_contact_resolution_rate_gross") == []


@pytest.mark.parametrize(
    ("first", "second", "after", "in_7_days", "in_30_days"),
    [
        pytest.param({"asset_id": "S1"}, {"asset_id": "S1"}, 7 * DAY, 1.0, 1.0, id="at the end of 7 days"),
        pytest.param({"asset_id": "S1"}, {"asset_id": "S1"}, 7 * DAY + timedelta(seconds=1), 0.0, 1.0, id="later"),
        pytest.param({"asset_id": "S1"}, {"asset_id": "S1"}, 30 * DAY + timedelta(seconds=1), 0.0, 0.0, id="too late"),
        pytest.param({"asset_id": "S1"}, {"asset_id": "S1"}, 0 * DAY, 0.0, 0.0, id="opened while it is solved"),
        pytest.param({"asset_id": "S1"}, {"asset_id": "S2"}, DAY, 0.0, 0.0, id="another asset"),
        pytest.param({"customer_id": "K"}, {"customer_id": "K"}, DAY, 1.0, 1.0, id="same customer, product, fault"),
        pytest.param({"customer_id": "K"}, {"customer_id": "L"}, DAY, 0.0, 0.0, id="another customer"),
        pytest.param({"customer_id": "K", "asset_id": "S1"}, {"customer_id": "K"}, DAY, 0.0, 0.0, id="asset decides"),
        pytest.param(
            {"customer_id": "K"}, {"customer_id": "K", "asset_id": "S1"}, DAY, 1.0, 1.0, id="asset then known"
        ),
        pytest.param({}, {}, DAY, 0.0, 0.0, id="nobody known"),
        pytest.param(
            {"asset_id": "S1"}, {"asset_id": "S1", "deleted_at": MONDAY + 3 * DAY}, DAY, 0.0, 0.0, id="deleted"
        ),
        pytest.param(
            {"asset_id": "S1"}, {"asset_id": "S1", "merged_into_ticket_id": "A"}, DAY, 0.0, 0.0, id="its duplicate"
        ),
    ],
)
def test_repeats(
    first: dict[str, Any], second: dict[str, Any], after: timedelta, in_7_days: float, in_30_days: float
) -> None:
    company = TinyCompany()
    fault: dict[str, Any] = {"product_id": "P", "root_cause_id": "C"}
    company.ticket("A", _SOLVED, **fault | first)
    company.ticket("B", opened_at=MONDAY + 5 * HOUR + after, **fault | second)
    assert company.sides("repeat_rate_7d") == [(in_7_days, 1.0)]
    assert company.sides("repeat_rate_30d") == [(in_30_days, 1.0)]


def test_one_repeat_is_charged_to_both_cases_before_it() -> None:
    company = TinyCompany(as_of=MONDAY + 20 * DAY)
    company.ticket("A", ("resolved", 1 * HOUR), asset_id="S1")
    company.ticket("B", ("resolved", 2 * HOUR), asset_id="S1")
    company.ticket("C", opened_at=MONDAY + 3 * DAY, asset_id="S1")
    assert company.sides("repeat_rate_7d") == [(1.0, 1.0), (1.0, 1.0)]
    assert company.sides("repeat_rate_30d") == []


@pytest.mark.parametrize(
    ("after", "expected"),
    [(0 * HOUR, 1.0), (72 * HOUR, 1.0), (72 * HOUR + timedelta(seconds=1), 0.0), (-1 * HOUR, 0.0)],
)
def test_called_back_in_72_hours(after: timedelta, expected: float) -> None:
    """Ruling F6."""
    company = TinyCompany()
    company.ticket("A", *sorted([_SOLVED, ("callback_reached", 5 * HOUR + after)], key=lambda event: event[1]))
    assert company.sides("callback_rate_72h") == [(expected, 1.0)]
