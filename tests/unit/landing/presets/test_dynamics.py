"""Dynamics 365 Field Service: work orders and bookings as their views are exported to Excel."""

from collections.abc import Callable

import pytest

from tests.unit.landing.presets.conftest import Landed, at, fixture_files, shown, workbook_of


@pytest.fixture(scope="module")
def landed(land_preset: Callable[..., Landed]) -> Landed:
    files = fixture_files("dynamics")
    numbers = ("Work Order Number", "Name", "Work Order")
    books = {
        "All Work Orders 3-31-2025 10-00-00 AM.xlsx": workbook_of(files["workorders.csv"], "All Work Orders", numbers),
        "Active Bookable Resource Bookings 3-31-2025 10-01-00 AM.xlsx": workbook_of(
            files["bookings.csv"], "Active Bookable Resource Boo", numbers
        ),
    }
    return land_preset("dynamics_field_service", books, zone="Europe/Berlin")


def test_work_orders_are_the_cases(landed: Landed) -> None:
    orders = landed.rows("crm.tickets", "ticket_id")
    columns = ("opened_at", "status", "case_type", "priority", "resolved_at", "closed_at", "resolution_due_at")
    assert {number: shown(order, *columns) for number, order in orders.items()} == {
        "00101": (at("03-03 08:00"), "closed", "repair", "p2", at("03-07 11:00"), at("03-07 12:05"), at("03-05 17:00")),
        "00102": (at("03-05 09:00"), "resolved", "installation", "p4", at("03-05 15:00"), None, None),
        "00103": (at("03-10 09:00"), "cancelled", "repair", "p3", None, at("03-11 08:00"), None),
        "00104": (at("03-28 16:00"), "new", "repair", None, None, None, None),
        # 01:30 is winter time, 08:00 of the same day summer time: five and a half hours lie between them
        "00105": (at("03-30 00:30"), "resolved", "repair", "p1", at("03-30 06:00"), None, None),
    }
    assert shown(orders["00101"], "customer_id", "asset_id", "region_id", "root_cause_id") == (
        "Müller Pumpen GmbH", "Pump SN-100", "Nord", "Pump failure",
    )  # fmt: skip
    assert orders["00102"]["subject"] == "Filter einbauen – 安装"


def test_each_booking_is_a_visit(landed: Landed) -> None:
    visits = landed.rows("erp.work_orders", "work_order_id")
    columns = ("ticket_id", "employee_id", "requested_at", "arrived_at", "completed_at", "outcome", "labour_hours")
    assert [shown(visit, *columns) for visit in visits.values()] == [
        ("00101", "Karl Groß", at("03-03 08:00"), at("03-04 09:30"), at("03-04 11:00"), None, 1.5),
        ("00101", "Karl Groß", at("03-03 08:00"), at("03-07 10:10"), at("03-07 11:00"), None, 50 / 60),
        ("00102", "Luc Martin", at("03-05 09:00"), at("03-05 14:00"), at("03-05 15:00"), None, 1.0),
        ("00103", "Karl Groß", at("03-10 09:00"), None, None, "cancelled", 0.0),
        ("00105", "Luc Martin", at("03-30 00:30"), at("03-30 01:15"), at("03-30 06:00"), None, 4.75),
        # its end is a plan
        ("00104", "Karl Groß", at("03-28 16:00"), None, None, None, None),
    ]
    assert visits["7a000000-0006-ef11-9f89-000d3a000002"]["scheduled_at"] == at("04-01 07:00")


def test_people_and_faults(landed: Landed) -> None:
    assert set(landed.rows("erp.employees", "employee_id")) == {"Karl Groß", "Luc Martin"}
    assert (landed.bad_cells, landed.quarantine) == ([], [])


def test_an_unknown_status_and_a_duration_that_is_no_number_are_told(land_preset: Callable[..., Landed]) -> None:
    bookings = fixture_files("dynamics")["bookings.csv"].replace(
        b"2025-03-04 10:30:00,90,", b"2025-03-04 10:30:00,1:30 h,"
    )
    bookings = bookings.replace(b",Scheduled,", b",Tentative,")
    book = workbook_of(bookings, text_columns=("Name", "Work Order"))
    landed = land_preset("dynamics_field_service", {"Bookings.xlsx": book})
    assert sorted(landed.bad_cells) == [("labour_hours", "1:30 h"), ("outcome", "Tentative")]
