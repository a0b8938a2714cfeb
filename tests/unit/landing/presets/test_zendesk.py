"""Zendesk Support: tickets, metric events, ticket events, ratings and users as its API exports them."""

import json
from collections.abc import Callable

import pytest

from tests.unit.landing.presets.conftest import Landed, at, fixture_files, shown

NORTH, SOUTH = "360001", "360002"
ANA, LUC = "9001", "9002"


@pytest.fixture(scope="module")
def landed(land_preset: Callable[..., Landed]) -> Landed:
    return land_preset("zendesk_support", fixture_files("zendesk"))


def test_tickets(landed: Landed) -> None:
    tickets = landed.rows("crm.tickets", "ticket_id")
    columns = (
        "opened_at",
        "status",
        "case_type",
        "channel",
        "priority",
        "team_id",
        "agent_id",
        "resolved_at",
        "deleted_at",
    )
    assert {number: shown(ticket, *columns) for number, ticket in tickets.items()} == {
        "101": (at("03-03 08:00"), "closed", "repair", "email", "p2", NORTH, ANA, at("03-07 12:00"), None),
        "102": (at("03-05 09:00"), "resolved", "consultation", "hotline", "p4", SOUTH, LUC, at("03-05 15:00"), None),
        "103": (at("03-10 09:00"), "resolved", "repair", "portal", "p3", NORTH, ANA, at("03-13 16:00"), None),
        "104": (at("03-28 16:00"), "new", None, "portal", None, NORTH, None, None, None),
        "105": (at("03-30 00:30"), "resolved", "repair", "email", "p1", SOUTH, LUC, at("03-30 06:00"), None),
        # merged into another one: which, only its comments say
        "106": (
            at("03-05 09:20"),
            "closed",
            "consultation",
            "email",
            "p4",
            NORTH,
            None,
            at("03-05 11:30"),
            at("03-05 11:30"),
        ),
        "107": (at("03-11 02:00"), None, None, "email", None, NORTH, None, None, at("03-11 07:00")),
        "108": (at("03-12 13:05"), "resolved", None, "chat", None, NORTH, ANA, at("03-12 13:25"), None),
    }
    assert (tickets["101"]["reopened_count"], tickets["101"]["customer_id"]) == (1, "5001")
    assert tickets["101"]["description"] == 'It stops.\n"Error 7" is shown.'
    assert tickets["108"]["subject"] == "Gerät für 上海 – “Größe” & Gewähr?"


def test_a_reopened_ticket(landed: Landed) -> None:
    """Applied and breached SLAs are no events of the ticket."""
    assert landed.events("101") == [
        ("created", at("03-03 08:00")),
        ("assigned", at("03-03 08:00"), None, NORTH),
        ("assigned", at("03-03 08:10"), None, None, ANA),
        ("status_changed", at("03-03 08:10"), "in_progress"),
        ("responded", at("03-03 08:25"), None, None, None, "agent", True),
        ("status_changed", at("03-04 10:00"), "resolved"),
        ("resolved", at("03-04 10:00"), "resolved"),
        ("reopened", at("03-06 09:00"), "in_progress"),
        ("status_changed", at("03-06 09:00"), "in_progress"),
        ("responded", at("03-07 12:00"), None, None, None, "agent", True),
        ("status_changed", at("03-07 12:00"), "resolved"),
        ("resolved", at("03-07 12:00"), "resolved"),
        ("status_changed", at("03-11 12:05"), "closed"),
        ("closed", at("03-11 12:05"), "closed"),
    ]


def test_a_transfer(landed: Landed) -> None:
    assert sorted(landed.events("102"), key=lambda event: (event[1], event[0] != "transferred"))[:5] == [
        ("created", at("03-05 09:00")),
        ("assigned", at("03-05 09:00"), None, NORTH),
        ("transferred", at("03-05 10:30"), None, SOUTH),
        ("assigned", at("03-05 10:30"), None, SOUTH),
        ("assigned", at("03-05 10:45"), None, None, LUC),
    ]


def test_pending_and_on_hold_are_told_apart(landed: Landed) -> None:
    """The customer's clock stands while pending, the agent's also while on hold."""
    assert [event[1:3] for event in landed.events("103") if event[0] == "status_changed"] == [
        (at("03-10 10:00"), "waiting_customer"),
        (at("03-12 10:00"), "in_progress"),
        (at("03-12 11:00"), "waiting_vendor"),
        (at("03-13 14:00"), "waiting_customer"),
        (at("03-13 14:30"), "waiting_vendor"),
        (at("03-13 15:00"), "in_progress"),
        (at("03-13 16:00"), "resolved"),
    ]


def test_unanswered_and_answered_with_the_solution(landed: Landed) -> None:
    assert landed.events("104") == [("created", at("03-28 16:00"))]
    assert landed.events("107") == []
    assert [event[0] for event in landed.events("108")] == ["created", "responded", "status_changed", "resolved"]
    assert [event[1] for event in landed.events("105") if event[0] == "responded"] == [at("03-30 01:15")]


def test_ratings_people_and_faults(landed: Landed) -> None:
    ratings = landed.rows("survey.responses", "response_id")
    assert {
        number: shown(rating, "ticket_id", "agent_id", "responded_at", "csat_score", "comment")
        for number, rating in ratings.items()
    } == {
        "7001": ("101", ANA, at("03-08 09:00"), 100.0, "Danke!"),
        "7002": ("102", LUC, at("03-06 18:00"), 0.0, "trop long"),
        "7003": ("103", ANA, None, None, None),
    }
    assert set(landed.rows("erp.employees", "employee_id")) == {ANA, LUC}
    assert landed.rows("crm.customers", "customer_id")["5003"]["customer_name"] == "李雷"
    assert (landed.bad_cells, landed.quarantine) == ([], [])
    assert landed.sequences_agree


@pytest.mark.parametrize("missing", ["ticket_events.json", "ticket_metric_events.json"])
def test_either_log_alone_tells_when_a_ticket_was_solved_and_reopened(
    land_preset: Callable[..., Landed], missing: str
) -> None:
    files = fixture_files("zendesk")
    del files[missing]
    told = [event[:2] for event in land_preset("zendesk_support", files).events("101")]
    turns = [event for event in told if event[0] in ("resolved", "reopened")]
    assert turns == [
        ("resolved", at("03-04 10:00")), ("reopened", at("03-06 09:00")), ("resolved", at("03-07 12:00")),
    ]  # fmt: skip
    assert ("responded" in {kind for kind, _ in told}) == (missing == "ticket_events.json")


def test_ticket_events_may_come_in_parts(land_preset: Callable[..., Landed]) -> None:
    """What a state was before is written in each change."""
    page = json.loads(fixture_files("zendesk")["ticket_events.json"])
    late = [event for event in page["ticket_events"] if event["created_at"] >= "2025-03-06"]
    part = json.dumps(page | {"ticket_events": late}).encode()
    told = land_preset("zendesk_support", {"ticket_events_2.json": part}).events("101")
    assert [event[0] for event in told if event[0] != "status_changed"] == ["reopened", "resolved", "closed"]


def test_a_page_whose_events_have_no_group_lands_all_the_same(land_preset: Callable[..., Landed]) -> None:
    """A key that no record of a file has is an empty cell of all of them."""
    page = json.loads(fixture_files("zendesk")["ticket_events.json"])
    page["ticket_events"] = [event for event in page["ticket_events"] if event["ticket_id"] == 101][2:3]
    landed = land_preset("zendesk_support", {"ticket_events.json": json.dumps(page).encode()})
    assert landed.events("101") == []
    assert landed.quarantine == []
