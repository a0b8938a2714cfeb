"""Jira Service Management: issues with their changelog, comments and SLAs as the REST API returns them."""

import json
from collections.abc import Callable

import pytest

from tests.unit.landing.presets.conftest import Landed, at, fixture_files, shown

ANA, LUC = "5b10a2844c20165700ede21g", "5b10ac8d82e05b22cc7d4ef5"


@pytest.fixture(scope="module")
def landed(land_preset: Callable[..., Landed]) -> Landed:
    return land_preset("jira_service_management", fixture_files("jira"))


def test_issues(landed: Landed) -> None:
    issues = landed.rows("crm.tickets", "ticket_id")
    columns = ("opened_at", "status", "case_type", "priority", "team_id", "agent_id", "resolved_at")
    assert {key: shown(issue, *columns) for key, issue in issues.items()} == {
        "NORD-101": (at("03-03 08:00"), "closed", "repair", "p2", "Service Nord", ANA, at("03-07 12:00")),
        "SUED-7": (at("03-05 09:00"), "resolved", "consultation", "p4", "Service Süd", LUC, at("03-05 15:00")),
        "NORD-103": (at("03-10 09:00"), None, "repair", "p3", "Service Nord", ANA, None),
        "NORD-104": (at("03-28 16:00"), "in_progress", None, None, "Service Nord", None, None),
        "NORD-105": (at("03-30 00:30"), "resolved", "repair", "p1", "Service Nord", LUC, at("03-30 06:00")),
        "NORD-106": (at("03-05 09:20"), "closed", "consultation", "p4", "Service Nord", None, at("03-05 11:30")),
        "NORD-108": (at("03-12 13:05"), "cancelled", "complaint", "p4", "Service Nord", ANA, None),
    }
    assert {key: issue["merged_into_ticket_id"] for key, issue in issues.items() if issue["merged_into_ticket_id"]} == {
        "NORD-106": "SUED-7"
    }
    assert issues["NORD-108"]["subject"] == "Gerät für 上海 – “Größe” & Gewähr?"
    assert issues["NORD-101"]["description"] == 'It stops.\n"Error 7" is shown.'


def test_slas(landed: Landed) -> None:
    """Of several cycles the last one is the verdict."""
    issues = landed.rows("crm.tickets", "ticket_id")
    columns = ("first_response_at", "resolution_due_at", "is_sla_met")
    assert shown(issues["NORD-101"], *columns) == (at("03-03 08:25"), at("03-07 08:00"), False)
    assert shown(issues["NORD-103"], *columns) == (None, at("03-31 10:00"), None)
    assert shown(issues["NORD-104"], *columns) == (None, None, None)


def test_a_reopened_request(landed: Landed) -> None:
    """The receipt of an automation and an internal note are no responses; the customer's comment is the customer's."""
    assert [event for event in landed.events("NORD-101") if event[0] != "status_changed"] == [
        ("created", at("03-03 08:00"), None, None, None, "customer"),
        ("responded", at("03-03 08:00"), None, None, None, "system", True),
        ("responded", at("03-03 08:05"), None, None, None, "agent", False),
        ("assigned", at("03-03 08:10"), None, None, ANA),
        ("responded", at("03-03 08:25"), None, None, None, "agent", True),
        ("resolved", at("03-04 10:00"), "resolved"),
        ("reopened", at("03-06 09:00")),
        ("resolved", at("03-07 12:00"), "resolved"),
        ("closed", at("03-07 12:00"), "closed"),
    ]


def test_a_transfer_to_another_project(landed: Landed) -> None:
    assert landed.events("SUED-7")[1:4] == [
        ("transferred", at("03-05 10:30"), None, "Service Süd"),
        ("status_changed", at("03-05 10:30"), "in_progress", None, None, "agent"),
        ("escalated", at("03-05 10:30")),
    ]


def test_a_wait_for_the_customer_and_one_for_nobody_knows_whom(landed: Landed) -> None:
    assert [event[1:3] for event in landed.events("NORD-103") if event[0] == "status_changed"] == [
        (at("03-10 09:20"), "in_progress"),
        (at("03-10 10:00"), "waiting_customer"),
        (at("03-12 10:00"), "in_progress"),
        (at("03-13 14:00"), None),
    ]


def test_unanswered_cancelled_and_the_night_that_summer_time_begins(landed: Landed) -> None:
    assert landed.events("NORD-104") == [("created", at("03-28 16:00"), None, None, None, "customer")]
    assert [event[0] for event in landed.events("NORD-108")] == ["created", "status_changed"]
    assert [event[1] for event in landed.events("NORD-105") if event[0] == "responded"] == [at("03-30 01:15")]


def test_people_and_faults(landed: Landed) -> None:
    people = landed.rows("erp.employees", "employee_id")
    assert {person["employee_name"] for person in people.values()} == {"Ana Köhler", "Luc Martin"}
    assert len(landed.rows("crm.customers", "customer_id")) == 2
    assert (landed.bad_cells, landed.quarantine) == ([], [])
    assert landed.sequences_agree


def test_a_status_of_one_s_own_is_told(land_preset: Callable[..., Landed]) -> None:
    own = fixture_files("jira")["issues.json"].replace(b'"Waiting for customer"', b'"With the customer"')
    assert land_preset("jira_service_management", {"issues.json": own}).bad_cells == [("status", "With the customer")]


def test_issues_without_a_running_clock_or_an_assignee_land_all_the_same(land_preset: Callable[..., Landed]) -> None:
    page = json.loads(fixture_files("jira")["issues.json"])
    page["issues"] = [issue for issue in page["issues"] if issue["key"] == "NORD-104"]
    page["issues"][0]["fields"]["customfield_10031"] = None
    landed = land_preset("jira_service_management", {"issues.json": json.dumps(page).encode()})
    assert list(landed.rows("crm.tickets", "ticket_id")) == ["NORD-104"]
    assert landed.events("NORD-104") == [("created", at("03-28 16:00"), None, None, None, "customer")]
    page["issues"] = []
    assert land_preset("jira_service_management", {"issues.json": json.dumps(page).encode()}).quarantine == []
