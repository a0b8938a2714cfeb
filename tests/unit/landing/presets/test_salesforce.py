"""Salesforce: cases, their history, comments and e-mails as Data Loader exports them."""

import re
from collections.abc import Callable

import pytest

from tests.unit.landing.presets.conftest import Landed, at, fixture_files

NORTH, SOUTH = "00G5g000001QUE1EAO", "00G5g000001QUE2EAO"
ANA, LUC = "0055g000001USR1AAO", "0055g000001USR2AAO"


def case(number: int) -> str:
    return f"5005g00000AAA0{number}AAA"


@pytest.fixture(scope="module")
def landed(land_preset: Callable[..., Landed]) -> Landed:
    return land_preset("salesforce_cases", fixture_files("salesforce"))


def test_cases(landed: Landed) -> None:
    cases = landed.rows("crm.tickets", "ticket_id")
    assert len(cases) == 8
    reopened = cases[case(1)]
    assert (reopened["opened_at"], reopened["resolved_at"]) == (at("03-03 08:00"), at("03-07 12:00"))
    assert (reopened["status"], reopened["case_type"], reopened["channel"], reopened["priority"]) == (
        "closed", "repair", "email", "p2",
    )  # fmt: skip
    assert (reopened["asset_id"], reopened["product_id"]) == ("02i5g000000AST1AAG", "01t5g000000PRD1AAG")
    assert (reopened["customer_id"], reopened["region_id"]) == ("0015g000002ACC1AAG", "Germany")
    assert (reopened["team_id"], reopened["agent_id"]) == (None, ANA)
    assert reopened["description"] == 'It stops. "Error 7" is shown,\nthen nothing.'
    unanswered = cases[case(4)]
    assert (unanswered["status"], unanswered["team_id"], unanswered["agent_id"]) == ("new", NORTH, None)
    assert (unanswered["resolved_at"], unanswered["root_cause_id"]) == (None, None)
    assert cases[case(2)]["is_escalated"] is True
    assert cases[case(8)]["subject"] == "Gerät für 上海 – “Größe” & Gewähr?"
    assert cases[case(8)]["region_id"] == "Österreich"


def test_merged_is_not_deleted(landed: Landed) -> None:
    cases = landed.rows("crm.tickets", "ticket_id")
    assert (cases[case(6)]["merged_into_ticket_id"], cases[case(6)]["deleted_at"]) == (case(2), None)
    assert (cases[case(7)]["merged_into_ticket_id"], cases[case(7)]["deleted_at"]) == (None, at("03-11 07:00"))
    assert cases[case(1)]["deleted_at"] is None


def test_a_reopened_case(landed: Landed) -> None:
    """The machine's receipt is no agent's response; the customer's mail is none at all."""
    assert landed.events(case(1)) == [
        ("created", at("03-03 08:00"), None, NORTH),
        ("responded", at("03-03 08:00:05"), None, None, None, "system", True),
        ("assigned", at("03-03 08:10"), None, None, ANA),
        ("status_changed", at("03-03 08:10"), "in_progress"),
        ("responded", at("03-03 08:25"), None, None, None, "agent", True),
        ("status_changed", at("03-04 10:00"), "closed"),
        ("resolved", at("03-04 10:00"), "resolved"),
        ("closed", at("03-04 10:00"), "closed"),
        ("reopened", at("03-06 09:00"), "in_progress"),
        ("status_changed", at("03-06 09:00"), "in_progress"),
        ("status_changed", at("03-07 12:00"), "closed"),
        ("resolved", at("03-07 12:00"), "resolved"),
        ("closed", at("03-07 12:00"), "closed"),
    ]


def test_a_transfer_is_written_once_though_the_history_has_it_by_name_and_by_id(landed: Landed) -> None:
    assert landed.events(case(2)) == [
        ("created", at("03-05 09:00"), None, NORTH),
        ("transferred", at("03-05 10:30"), None, SOUTH),
        ("assigned", at("03-05 10:30"), None, SOUTH),
        ("responded", at("03-05 10:30"), None, None, None, "agent", False),
        ("escalated", at("03-05 10:30")),
        ("status_changed", at("03-05 10:30"), "in_progress"),
        ("assigned", at("03-05 10:45"), None, None, LUC),
        ("status_changed", at("03-05 10:45"), "in_progress"),
        ("responded", at("03-05 11:00"), None, None, None, "agent", True),
        ("status_changed", at("03-05 15:00"), "closed"),
        ("resolved", at("03-05 15:00"), "resolved"),
        ("closed", at("03-05 15:00"), "closed"),
    ]


def test_a_wait_for_the_customer_and_a_hold_for_nobody_knows_whom(landed: Landed) -> None:
    statuses = [event[1:3] for event in landed.events(case(3)) if event[0] == "status_changed"]
    assert statuses == [
        (at("03-10 09:20"), "in_progress"),
        (at("03-10 10:00"), "waiting_customer"),
        (at("03-12 10:00"), "in_progress"),
        (at("03-12 11:00"),),
        (at("03-13 15:00"), "in_progress"),
        (at("03-13 16:00"), "closed"),
    ]
    # a draft is no response, nor is what the customer wrote
    assert [event[1] for event in landed.events(case(3)) if event[0] == "responded"] == [at("03-10 10:00")]


def test_unanswered_and_closed_at_once(landed: Landed) -> None:
    assert landed.events(case(4)) == [("created", at("03-28 16:00"))]
    assert landed.events(case(8)) == [
        ("created", at("03-12 13:05")),
        ("resolved", at("03-12 13:05"), "resolved", None, ANA),
        ("closed", at("03-12 13:05"), "closed"),
    ]


def test_the_night_that_summer_time_begins(landed: Landed) -> None:
    """Exports are in UTC: 02:30 to 03:15 local time are 45 minutes of the night, as the clock of UTC has them."""
    assert [event[:2] for event in landed.events(case(5))][:3] == [
        ("created", at("03-30 00:30")), ("assigned", at("03-30 00:50")), ("responded", at("03-30 01:15")),
    ]  # fmt: skip


def test_nothing_is_lost_and_order_stays_right_over_deliveries(landed: Landed) -> None:
    assert (landed.bad_cells, landed.quarantine) == ([], [])
    assert landed.sequences_agree


def test_people_and_customers(landed: Landed) -> None:
    assert set(landed.rows("erp.employees", "employee_id")) == {ANA, LUC}
    customers = landed.rows("crm.customers", "customer_id")
    assert customers["0015g000002ACC1AAG"]["customer_name"] == "Müller Pumpen GmbH"
    assert customers["0015g000002ACC3AAG"]["region_id"] == "Österreich"


def test_data_export_writes_times_without_zone_and_truth_as_digits(land_preset: Callable[..., Landed]) -> None:
    text = fixture_files("salesforce")["Case.csv"].decode()
    weekly = re.sub(r"(\d)T(\d\d:\d\d:\d\d)\.000Z", r"\1 \2", text)
    weekly = weekly.replace('"true"', '"1"').replace('"false"', '"0"')
    landed = land_preset("salesforce_cases", {"Case.csv": weekly.encode()})
    cases = landed.rows("crm.tickets", "ticket_id")
    assert cases[case(1)]["opened_at"] == at("03-03 08:00")
    assert cases[case(7)]["deleted_at"] == at("03-11 07:00")
    assert (cases[case(2)]["is_escalated"], cases[case(1)]["is_escalated"]) == (True, False)
    assert [event[0] for event in landed.events(case(8))] == ["resolved", "closed"]


def test_a_status_that_the_preset_does_not_know_is_told(land_preset: Callable[..., Landed]) -> None:
    files = fixture_files("salesforce")
    files["CaseHistory.csv"] = files["CaseHistory.csv"].replace(b'"Waiting on Customer"', b'"Warten auf Kunde"')
    landed = land_preset("salesforce_cases", files)
    assert landed.bad_cells == [("status", "Warten auf Kunde")]
