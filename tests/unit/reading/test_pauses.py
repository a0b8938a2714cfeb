"""Clocks that stand still while the case waits for the customer (ruling C5, decision 12), by hand."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.reading.pauses import pauses, policy_due_at, waited_seconds
from tests.reading.policies import Policy
from tests.unit.reading.builders import DAY, HOUR, MONDAY, TinyCompany

#: 24 h to solve, one to answer.
CALENDAR = Policy(MONDAY.date(), 3600.0, 86400.0, "calendar", pauses_for_customer=True)
#: 09:00 to 18:00; the case is opened at 10:00 on a Monday, and the calendar ends long before a year is over.
WORKING = replace(CALENDAR, clock="working", resolution_seconds=7200.0)
WAITS, GOES_ON = {"status": "waiting_customer"}, {"status": "in_progress"}


def case_of(*events):
    company = TinyCompany()
    company.ticket("T", *events)
    return company.reading().records.file.cases["T"]


def test_only_waiting_for_the_customer_pauses():
    case = case_of(
        ("status_changed", HOUR, WAITS),
        ("responded", 2 * HOUR),
        ("status_changed", 3 * HOUR, {"status": "waiting_parts"}),
        ("resolved", 4 * HOUR, {"status": "resolved"}),
        ("reopened", 5 * HOUR, {}),
        ("status_changed", 6 * HOUR, WAITS),
        ("resolved", 7 * HOUR, {"status": "resolved"}),
        ("status_changed", 8 * HOUR, WAITS),
    )
    spans = [(start - MONDAY, end - MONDAY) for start, end in pauses(case)]
    assert spans == [(HOUR, 3 * HOUR), (6 * HOUR, 7 * HOUR)]


def test_a_wait_that_is_open_lasts_to_as_of_and_not_beyond_the_closing():
    case = case_of(("status_changed", HOUR, WAITS))
    assert pauses(case) == [(MONDAY + HOUR, case.as_of)]


@pytest.mark.parametrize(
    ("policy", "spans", "due"),
    [
        (CALENDAR, [], 24 * HOUR),
        (CALENDAR, [(2, 5), (10, 11)], 28 * HOUR),
        (CALENDAR, [(24, 30)], 24 * HOUR),
        (CALENDAR, [(2, 5), (27, 30)], 27 * HOUR),
        (CALENDAR, [(23, 30)], 31 * HOUR),
        (WORKING, [(1, 3)], 4 * HOUR),
        (WORKING, [(2, 3)], 2 * HOUR),
        (WORKING, [(1, 9)], 24 * HOUR),
        (WORKING, [(1, 24 * 300)], None),
    ],
)
def test_due(policy, spans, due):
    case = case_of(("created", 0 * DAY))
    paused = [(MONDAY + start * HOUR, MONDAY + end * HOUR) for start, end in spans]
    found = policy_due_at(case, policy, policy.resolution_seconds, paused)
    assert (found and found - MONDAY) == due


@pytest.mark.parametrize(
    ("spans", "until", "waited"),
    [([], 90, 90), ([(30, 60)], 90, 60), ([(30, 60)], 45, 30), ([(60, 90)], 100, 100), ([(30, 60), (90, 95)], 99, 69)],
)
def test_waited(spans, until, waited):
    minute = timedelta(minutes=1)
    case = case_of(("created", 0 * DAY))
    paused = [(MONDAY + start * minute, MONDAY + end * minute) for start, end in spans]
    assert waited_seconds(case, CALENDAR, 3600.0, paused, MONDAY + until * minute) == waited * 60
