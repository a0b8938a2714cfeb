"""ERPNext: issues, warranty claims and maintenance visits as the report view exports them."""

from collections.abc import Callable

import pytest

from tests.unit.landing.presets.conftest import Landed, at, fixture_files, shown, workbook_of

FILES = fixture_files("erpnext")
BOOKS = {
    name.replace(".csv", ".xlsx"): workbook_of(content, "Sheet1", ("Opening Time",)) for name, content in FILES.items()
}


@pytest.fixture(scope="module", params=["csv", "xlsx"])
def landed(land_preset: Callable[..., Landed], request: pytest.FixtureRequest) -> Landed:
    return land_preset("erpnext_support", FILES if request.param == "csv" else BOOKS, zone="Europe/Berlin")


def test_issues(landed: Landed) -> None:
    issues = landed.rows("crm.tickets", "ticket_id")
    columns = ("opened_at", "status", "first_response_at", "resolved_at", "resolution_due_at", "is_sla_met")
    read = {number[-1]: shown(issue, *columns) for number, issue in issues.items() if number.startswith("ISS")}
    assert read == {
        "1": (at("03-03 08:00"), "closed", at("03-03 08:25"), at("03-07 12:00"), at("03-05 08:00"), False),
        "2": (
            at("03-05 09:00:00.250000"),
            "resolved",
            at("03-05 11:00:00.500000"),
            at("03-05 15:00"),
            at("03-07 09:00"),
            True,
        ),
        "3": (at("03-10 09:00"), "waiting_customer", at("03-10 10:00"), None, at("03-12 09:00"), None),
        "4": (at("03-28 16:00"), "in_progress", None, None, at("03-31 15:00"), None),
        # 1:30 winter time, answered 3:15 summer time: 45 minutes
        "5": (at("03-30 00:30"), "closed", at("03-30 01:15"), at("03-30 06:00"), None, None),
        "6": (at("03-12 13:05"), None, at("03-12 13:10"), None, None, None),
    }
    assert shown(issues["ISS-2025-00002"], "channel", "case_type", "priority") == ("portal", "consultation", "p4")
    assert shown(issues["ISS-2025-00005"], "channel", "case_type", "priority") == (None, "complaint", "p1")
    assert issues["ISS-2025-00006"]["subject"] == "Gerät für 上海 – “Größe” & Gewähr?"


def test_warranty_claims(landed: Landed) -> None:
    claims = landed.rows("crm.tickets", "ticket_id")
    columns = ("opened_at", "status", "asset_id", "region_id", "agent_id", "resolved_at", "is_warranty")
    read = {number[-1]: shown(claim, *columns) for number, claim in claims.items() if number.startswith("SER")}
    assert read == {
        "1": (at("03-04 07:15:30.000001"), "closed", "SN-100", "Germany", "ana@example.com", at("03-06 14:30"), True),
        # written down a day after it was raised: noon of the day
        "2": (at("03-11 11:00"), "in_progress", "SN-103", "France", None, None, False),
        "3": (at("03-12 09:00"), "cancelled", "SN-104", "Österreich", None, None, False),
    }


def test_visits(landed: Landed) -> None:
    visits = landed.rows("erp.work_orders", "work_order_id")
    columns = ("ticket_id", "employee_id", "asset_id", "service_item", "scheduled_at", "completed_at", "outcome")
    claim = "SER-WRN-2025-00001"
    assert {number[-1]: shown(visit, *columns) for number, visit in visits.items()} == {
        "1": (claim, "Karl Groß", "SN-100", "repair", at("03-05 09:00"), at("03-05 09:00"), "follow_up_needed"),
        "2": (claim, "Karl Groß", "SN-100", "repair", at("03-06 14:00"), at("03-06 14:00"), "fixed"),
        # a draft is a plan, and its order is no claim
        "3": (None, "Luc Martin", "SN-103", "maintenance_plan", at("03-20 11:00"), None, None),
        "4": (None, "Luc Martin", "SN-104", None, at("03-30 01:30"), None, "cancelled"),
    }
    assert set(landed.rows("erp.employees", "employee_id")) == {"Karl Groß", "Luc Martin"}
    assert (landed.bad_cells, landed.quarantine) == ([], [])
