"""What the presets make of rows like those of their systems; the real files are read in tests/integration."""

import io
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter

from landing.mapping import load_mappings
from tests.unit.landing.conftest import Bench

PRESETS = Path(__file__).parents[3] / "sources" / "presets"

CONTACT_COLUMNS = (
    ",Unique id,channel_name,category,Sub-category,Customer Remarks,Order_id,order_date_time,Issue_reported at,"
    "issue_responded,Survey_response_Date,Customer_City,Product_category,Item_price,connected_handling_time,Agent_name,"
    "Supervisor,Manager,Tenure Bucket,Agent Shift,CSAT Score"
)
WAYS_TO_RESPOND = {
    "known": ("28/08/2023 10:15", datetime(2023, 8, 28, 4, 45)),
    "lost": ("28/08/2023 00:00", None),
    "midnight": ("29/08/2023 00:00", datetime(2023, 8, 28, 18, 30)),
    # an answer before its question at a real time of day is the source's contradiction, not ours to hide
    "contradiction": ("28/08/2023 09:59", datetime(2023, 8, 28, 4, 29)),
    "unreadable": ("31/02/2023 00:00", None),
}


def contacts() -> str:
    lines = [CONTACT_COLUMNS]
    for row, (contact, (responded, _)) in enumerate(WAYS_TO_RESPOND.items()):
        lines.append(
            f"{row},{contact},Outcall,Returns,General Enquiry,,,,28/08/2023 10:00,{responded},28-Aug-23,,,,,Li,Wu,Zhao,"
            f">90,Morning,{row % 5 + 1}"
        )
    return "\n".join(lines) + "\n"


def test_a_lost_time_of_day_is_unknown_and_nothing_else_is(bench: Bench) -> None:
    [mapping] = load_mappings(PRESETS / "support_csat.yml")
    tickets, events, surveys, employees, products = bench.parse("tickets_with_csat.csv", contacts(), mapping)
    responses = dict(zip(tickets.column("ticket_id"), tickets.column("first_response_at"), strict=True))
    assert responses == {contact: expected for contact, (_, expected) in WAYS_TO_RESPOND.items()}
    assert [(cell["column_name"], cell["value"]) for cell in tickets.bad_cells] == [
        ("first_response_at", "31/02/2023 00:00")
    ]
    assert sorted(events.column("ticket_id")) == ["contradiction", "known", "midnight"]
    assert (events.entry.rows_filtered, events.entry.rows_quarantined) == (1, 1)
    assert surveys.column("csat_score") == [0.0, 25.0, 50.0, 75.0, 100.0]
    # noon in India
    assert set(surveys.column("responded_at")) == {datetime(2023, 8, 28, 6, 30)}
    assert set(tickets.column("root_cause_id")) == {"Returns: General Enquiry"}
    assert {(row["channel"], row["region_id"], row["product_id"], row["case_type"]) for row in tickets.rows} == {
        (None, None, None, None)
    }
    assert [(row["role"], row["team_id"]) for row in employees.rows] == [("service_agent", "Zhao")]
    assert products.rows == []
    assert "column_1" in tickets.entry.unmapped_columns


ORDER_COLUMNS = (
    "WO", "District", "LeadTech", "Service", "Rush", "ReqDate", "WorkDate", "Techs", "WtyLbr", "WtyParts", "LbrHrs",
    "PartsCost", "Payment", "Wait", "LbrRate", "LbrCost", "LbrFee", "PartsFee", "TotalCost", "TotalFee",
    "ReqDay", "WorkDay",
)  # fmt: skip
ORDERS = [
    ["A1", "North", "Khan", "Replace", None, date(2021, 4, 1), date(2021, 4, 15), 2, None, "Yes", 0.5, 90.0416,
     "C.O.D.", 14, 140, 70, 70, 0, 160.0416, 70, "ddd", "ddd"],
    ["A2", "South", "Ling", "Deliver", "Yes", date(2021, 4, 7), None, 1, None, None, None, 12, "Account",
     None, 80, 0, 0, 12, 12, 12, "ddd", "ddd"],
    ["A3", "South", "Ling", "Assess", None, date(2021, 4, 7), date(2021, 4, 7), 1, "Yes", "Yes", 1, 20, "Warranty",
     0, 80, 80, 0, 0, 100, 0, "ddd", "ddd"],
]  # fmt: skip


@pytest.fixture
def workbook() -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        book.add_worksheet("Instructions").write_row(0, 0, ["Sample data"])
        sheet = book.add_worksheet("WOs")
        sheet.write_row(0, 0, ORDER_COLUMNS)
        day = book.add_format({"num_format": "dd-mmm-yy"})
        for number, order in enumerate(ORDERS, start=1):
            for position, cell in enumerate(order):
                if isinstance(cell, date):
                    sheet.write_datetime(number, position, datetime(cell.year, cell.month, cell.day), day)
                elif cell is not None:
                    sheet.write(number, position, cell)
    return buffer.getvalue()


def test_an_open_order_has_no_labour_cost_and_blank_is_no_warranty(bench: Bench, workbook: bytes) -> None:
    [mapping] = load_mappings(PRESETS / "field_work_orders.yml")
    orders, employees = bench.parse("workorders.xlsx", workbook, mapping)
    shown = [
        (row["work_order_id"], row["service_item"], row["labour_hours"], row["is_warranty"]) for row in orders.rows
    ]
    assert shown == [("A1", "repair", 0.5, True), ("A2", "other", None, False), ("A3", "inspection", 1.0, True)]
    assert [None if cost is None else float(cost) for cost in orders.column("labour_cost")] == [70.0, None, 80.0]
    assert [float(cost) for cost in orders.column("parts_cost")] == [90.0416, 12.0, 20.0]
    assert [float(fee) for fee in orders.column("revenue")] == [70.0, 12.0, 0.0]
    assert orders.column("requested_at") == [datetime(2021, 4, day, 12) for day in (1, 7, 7)]
    assert orders.column("completed_at") == [datetime(2021, 4, 15, 12), None, datetime(2021, 4, 7, 12)]
    assert orders.bad_cells == orders.quarantine == []
    assert [row["role"] for row in employees.rows] == ["technician", "technician"]
    assert {"ReqDay", "WorkDay"} <= set(orders.entry.unmapped_columns)
