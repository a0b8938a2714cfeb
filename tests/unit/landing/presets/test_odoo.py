"""Odoo Helpdesk: tickets as the list view exports them, as CSV and as a workbook."""

from collections.abc import Callable

import pytest

from tests.unit.landing.presets.conftest import Landed, at, fixture_files, shown, workbook_of

CSV = fixture_files("odoo")["helpdesk.ticket.csv"]
BOOK = workbook_of(CSV, "Sheet1", ("Ticket IDs Sequence", "Customer Phone"))


@pytest.fixture(scope="module", params=["csv", "xlsx"])
def landed(land_preset: Callable[..., Landed], request: pytest.FixtureRequest) -> Landed:
    file = {"csv": {"helpdesk.ticket.csv": CSV}, "xlsx": {"Helpdesk Ticket (helpdesk.ticket).xlsx": BOOK}}
    return land_preset("odoo_helpdesk", file[request.param], zone="Europe/Berlin")


def test_tickets(landed: Landed) -> None:
    tickets = landed.rows("crm.tickets", "ticket_id")
    columns = ("opened_at", "status", "case_type", "priority", "resolved_at", "closed_at", "is_sla_met", "deleted_at")
    assert {number: shown(ticket, *columns) for number, ticket in tickets.items()} == {
        "00041": (at("03-03 08:00"), "resolved", "repair", "p2", at("03-07 12:00"), at("03-07 12:00"), True, None),
        "00042": (
            at("03-05 09:00"),
            "resolved",
            "consultation",
            "p4",
            at("03-05 15:00"),
            at("03-05 15:00"),
            False,
            None,
        ),
        # on hold for nobody knows whom; its deadline is still to come
        "00043": (at("03-10 09:00"), None, "repair", "p3", None, None, None, None),
        "00044": (at("03-28 16:00"), "new", None, "p4", None, None, None, None),
        "00045": (at("03-30 00:30"), "resolved", "repair", "p1", at("03-30 06:00"), at("03-30 06:00"), True, None),
        "00046": (at("03-05 09:20"), "new", "consultation", "p4", None, None, None, at("03-05 11:30")),
        "00047": (at("03-12 13:05"), "cancelled", "consultation", "p4", None, at("03-12 14:00"), None, None),
    }
    assert shown(tickets["00041"], "team_id", "agent_id", "customer_id", "asset_id", "product_id") == (
        "Service Nord", "Ana Köhler", "Müller Pumpen GmbH", "SN-100", "[PU-1] Pump",
    )  # fmt: skip
    assert tickets["00043"]["resolution_due_at"] == at("03-31 10:00")
    assert tickets["00047"]["subject"] == "Gerät für 上海 – “Größe” & Gewähr?"
    assert "first_response_at" not in tickets["00041"]


def test_nothing_is_bad_and_people_are_known(landed: Landed) -> None:
    assert (landed.bad_cells, landed.quarantine) == ([], [])
    assert set(landed.rows("erp.employees", "employee_id")) == {"Ana Köhler", "Luc Martin"}
    customers = landed.rows("crm.customers", "customer_id")
    assert customers["Höher & Söhne"]["customer_name"] == "Zoë Höher"
    assert len(customers) == 3


def test_a_stage_of_one_s_own_is_told(land_preset: Callable[..., Landed]) -> None:
    landed = land_preset(
        "odoo_helpdesk", {"helpdesk.ticket.csv": CSV.replace(b'"On Hold"', "等待客户".encode().join([b'"', b'"']))}
    )
    assert landed.bad_cells == [("status", "等待客户")]
