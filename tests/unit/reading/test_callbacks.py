"""Call-backs, the closed loop, quick answers, net first contact, order of a repair (rulings C2, D8, E4, E5, F6)."""

from datetime import timedelta

import pytest

from tests.unit.reading.builders import DAY, HOUR, MONDAY, TinyCompany

SECOND = timedelta(seconds=1)
_SOLVED = ("resolved", 1 * HOUR)
_CALLED, _CONFIRMED, _CLOSED = ("callback_reached", 73 * HOUR), ("customer_confirmed", 9 * DAY), ("closed", 10 * DAY)


@pytest.mark.parametrize(
    ("events", "attempted", "reached", "looped"),
    [
        pytest.param([_CALLED, _CONFIRMED, _CLOSED], 1.0, 1.0, 1.0, id="all"),
        pytest.param([_CONFIRMED, _CLOSED], 0.0, 0.0, 0.0, id="not called back"),
        pytest.param([("callback_attempted", 2 * HOUR), _CONFIRMED, _CLOSED], 1.0, 0.0, 0.0, id="attempted"),
        pytest.param([("callback_attempted", 73 * HOUR + SECOND)], 0.0, 0.0, 0.0, id="attempted late"),
        pytest.param([("callback_reached", 73 * HOUR + SECOND), _CONFIRMED, _CLOSED], 0.0, 0.0, 0.0, id="late"),
        pytest.param([_CALLED, _CLOSED], 1.0, 1.0, 0.0, id="not confirmed"),
        pytest.param([_CALLED, _CONFIRMED], 1.0, 1.0, 0.0, id="not closed"),
    ],
)
def test_complaints_are_called_back(
    events: list[tuple[object, ...]], attempted: float, reached: float, looped: float
) -> None:
    company = TinyCompany()
    company.ticket("A", _SOLVED, *events, case_type="complaint")
    company.ticket("B", _SOLVED, case_type="repair")
    assert company.sides("callback_attempted_rate_72h") == [(attempted, 1.0), (0.0, 1.0)]
    assert company.sides("complaint_callback_rate_72h") == [(reached, 1.0)]
    assert company.sides("complaint_closed_loop_rate") == [(looped, 1.0)]


@pytest.mark.parametrize(
    ("events", "age", "expected"),
    [
        pytest.param([("responded", 30 * HOUR / 60)], 60 * DAY, [(1.0, 1.0)], id="at 30 minutes"),
        pytest.param([("responded", 30 * HOUR / 60 + SECOND)], 60 * DAY, [(0.0, 1.0)], id="a second later"),
        pytest.param([], 30 * HOUR / 60, [(0.0, 1.0)], id="unanswered, 30 minutes old"),
        pytest.param([], 30 * HOUR / 60 - SECOND, [], id="unanswered, younger"),
        pytest.param([("responded", 1 * HOUR / 60)], 2 * HOUR / 60, [(1.0, 1.0)], id="answered, younger"),
    ],
)
def test_answered_in_half_an_hour(
    events: list[tuple[object, ...]], age: timedelta, expected: list[tuple[float, float]]
) -> None:
    company = TinyCompany(as_of=MONDAY + age)
    company.ticket("A", *events)
    assert company.sides("response_within_30_min_rate") == expected


@pytest.mark.parametrize(
    ("mode", "again", "as_of", "expected"),
    [
        ("remote", None, 7 * DAY + HOUR, [(1.0, 1.0)]),
        ("remote", None, 7 * DAY + HOUR - SECOND, []),
        ("onsite", None, 30 * DAY + HOUR, [(1.0, 1.0)]),
        ("onsite", None, 30 * DAY + HOUR - SECOND, []),
        ("remote", 7 * DAY + HOUR, 60 * DAY, [(0.0, 1.0)]),
        ("remote", 7 * DAY + HOUR + SECOND, 60 * DAY, [(1.0, 1.0)]),
        ("onsite", 8 * DAY, 60 * DAY, [(0.0, 1.0)]),
        (None, 8 * DAY, 60 * DAY, [(1.0, 1.0)]),
    ],
)
def test_net_first_contact_looks_ahead(
    mode: str | None, again: timedelta | None, as_of: timedelta, expected: list[tuple[float, float]]
) -> None:
    company = TinyCompany(as_of=MONDAY + as_of)
    company.ticket("A", ("responded", 0 * HOUR), _SOLVED, asset_id="S1", resolution_mode=mode)
    if again is not None:
        company.ticket("B", opened_at=MONDAY + again, asset_id="S1")
    assert company.sides("first_contact_resolution_rate_net") == expected


@pytest.mark.parametrize("step", [0 * HOUR, HOUR])
@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("diagnosed repaired", [(0.0, 1.0)]),
        ("diagnosed parts_requested repaired", [(0.0, 1.0)]),
        ("diagnosed parts_requested repaired parts_requested", [(0.0, 1.0)]),
        ("parts_requested diagnosed repaired", [(1.0, 1.0)]),
        ("diagnosed repaired parts_requested", [(1.0, 1.0)]),
        ("repaired diagnosed", [(1.0, 1.0)]),
        ("repaired", [(1.0, 1.0)]),
        ("diagnosed parts_requested", []),
    ],
)
def test_the_order_of_a_repair(order: str, step: timedelta, expected: list[tuple[float, float]]) -> None:
    company = TinyCompany()
    events = [(kind, place * step) for place, kind in enumerate(order.split())]
    company.ticket("A", *events, ("resolved", 5 * HOUR), case_type="repair")
    company.ticket("B", *events, ("resolved", 5 * HOUR), case_type="complaint")
    assert company.sides("process_deviation_rate") == expected


@pytest.mark.parametrize(
    ("due", "expected"),
    [(10, 0.0), (9.99, 1.0), (7, 1.0), (6.99, 0.0)],
)
def test_repairs_that_parts_made_late(due: float, expected: float) -> None:
    """Ruling E2: solved after 10 hours, 3 of them waiting for a part; without a request nothing was waited."""
    company = TinyCompany()
    for name, case_type in (("A", "repair"), ("B", "repair"), ("C", "complaint")):
        company.ticket(name, ("resolved", 10 * HOUR), case_type=case_type, resolution_due_at=MONDAY + due * HOUR)
    company.ticket("without due", ("resolved", 10 * HOUR), case_type="repair")
    company.ticket("contradictory", ("resolved", 10 * HOUR), case_type="repair", resolution_due_at=MONDAY + HOUR)
    for number, (ticket_id, start, end) in enumerate([("A", 2, 5), ("contradictory", 4, 3)]):
        company.add(
            "erp.parts_requests", request_id=f"q{number}", part_id="seal", ticket_id=ticket_id,
            requested_at=MONDAY + start * HOUR, available_at=MONDAY + end * HOUR,
        )  # fmt: skip
    assert company.sides("parts_delay_rate") == [(expected, 1.0), (0.0, 1.0)]


@pytest.mark.parametrize(
    ("after", "age", "expected"),
    [
        (24 * HOUR, 60 * DAY, [(1.0, 1.0)]),
        (24 * HOUR + SECOND, 60 * DAY, [(0.0, 1.0)]),
        (-1 * HOUR, 60 * DAY, []),
        (None, DAY, [(0.0, 1.0)]),
        (None, DAY - SECOND, []),
        (1 * HOUR, 2 * HOUR, [(1.0, 1.0)]),
    ],
)
def test_other_departments_answer_in_24_hours(
    after: timedelta | None, age: timedelta, expected: list[tuple[float, float]]
) -> None:
    company = TinyCompany(as_of=MONDAY + age)
    for name, answer in (("A", after), ("other", 0 * HOUR)):
        company.ticket(name, deleted_at=MONDAY if name == "other" else None)
        company.add(
            "crm.collaborations", collaboration_id=name, ticket_id=name, requesting_team_id="T-1",
            requested_at=MONDAY, responded_at=None if answer is None else MONDAY + answer,
        )  # fmt: skip
    assert company.sides("collaboration_on_time_rate") == expected
