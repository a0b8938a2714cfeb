"""Excel: cells keep their type, and a workbook that is a trap is refused before it is unpacked."""

import io
import zipfile
from datetime import datetime
from decimal import Decimal

import pytest
import xlsxwriter

from landing.refusal import RefusalError
from tests.unit.landing.other_workbooks import XLS, ods, xlsb, zipped

HEADER = ["id", "when", "day", "n", "yes", "text"]


def workbook(rows, sheets=("Data",), header=HEADER):
    """Bytes of a workbook whose last sheet holds the rows."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "default_date_format": "yyyy-mm-dd hh:mm"})
    pages = [book.add_worksheet(name) for name in sheets]
    pages[-1].write_row(0, 0, header)
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, datetime):
                pages[-1].write_datetime(number, column, cell)
            else:
                pages[-1].write(number, column, cell)
    book.close()
    return buffer.getvalue()


def orders(bench, content, columns, **options):
    source = {"files": "in*"} | options.pop("source", {})
    table = bench.table({"work_order_id": "id"} | columns, "erp.work_orders", source=source, **options)
    return bench.parse("in.xlsx", content, table)[0]


def test_typed_cells_keep_their_type(bench):
    content = workbook([[123, datetime(2025, 7, 1, 8, 30), None, 1234.5, True, "x"]])
    columns = {
        "requested_at": {"from": "when", "format": "%d/%m/%Y %H:%M"},
        "labour_cost": {"from": "n", "number": {"decimal": ",", "thousands": "."}},
        "is_warranty": "yes",
        "asset_id": "text",
    }
    parsed = orders(bench, content, columns, time_zone="Asia/Shanghai")
    assert parsed.rows == [
        {"_row_number": 1, "work_order_id": "123", "requested_at": datetime(2025, 7, 1, 0, 30),
         "labour_cost": Decimal("1234.5"), "is_warranty": True, "asset_id": "x"}
    ]  # fmt: skip
    assert parsed.bad_cells == []


def test_text_beside_typed_cells_is_read_by_the_declared_format(bench):
    content = workbook([[1, datetime(2025, 7, 1, 8, 30)], [2, "3/4/2025 09:00"], [3, "2025-04-03"]])
    parsed = orders(bench, content, {"requested_at": {"from": "when", "format": "%d/%m/%Y %H:%M"}})
    assert parsed.column("requested_at") == [datetime(2025, 7, 1, 8, 30), datetime(2025, 4, 3, 9, 0), None]
    assert [row["value"] for row in parsed.bad_cells] == ["2025-04-03"]


def test_midnight_is_a_time_where_the_column_has_times(bench):
    content = workbook([[1, datetime(2025, 7, 1, 8, 30)], [2, datetime(2025, 7, 2)]])
    assert orders(bench, content, {"requested_at": "when"}).column("requested_at")[1] == datetime(2025, 7, 2)


def test_pure_dates_are_no_instants_unless_a_time_is_assumed(bench):
    content = workbook([[1, datetime(2025, 7, 1)], [2, datetime(2025, 7, 2)]])
    parsed = orders(bench, content, {"requested_at": "when"})
    assert (parsed.column("requested_at"), len(parsed.bad_cells)) == ([None, None], 2)
    form = {"from": "when", "time_of_day": "12:00"}
    assumed = orders(bench, content, {"requested_at": form}, time_zone="Asia/Shanghai")
    assert assumed.column("requested_at") == [datetime(2025, 7, 1, 4), datetime(2025, 7, 2, 4)]


def test_typed_cells_are_found_whatever_the_letter_case(bench):
    content = workbook([[1, None, None, 1234.5]])
    form = {"from": "N", "number": {"decimal": ",", "thousands": "."}}
    assert orders(bench, content, {"labour_hours": form}).column("labour_hours") == [1234.5]


def test_declared_sheet_and_header_row(bench):
    content = workbook([["a title"], ["id", "n"], [7, 1.5]], sheets=("Notes", "Data"))
    parsed = orders(bench, content, {"labour_hours": "n"}, source={"sheet": "Data", "header_row": 3})
    assert (parsed.column("work_order_id"), parsed.column("labour_hours")) == (["7"], [1.5])


def test_first_sheet_with_data_is_the_default(bench):
    content = workbook([[7]], sheets=("Empty", "Data"))
    assert orders(bench, content, {}).column("work_order_id") == ["7"]


def test_missing_sheet_is_refused_with_the_names(bench):
    with pytest.raises(RefusalError, match="there is no sheet 'Orders'; the workbook has Notes, Data"):
        orders(bench, workbook([[1]], sheets=("Notes", "Data")), {}, source={"sheet": "Orders"})


def test_empty_rows_are_skipped_but_numbered(bench):
    parsed = orders(bench, workbook([[1], [], [3]]), {})
    assert (parsed.column("_row_number"), parsed.entry.rows_read) == ([1, 3], 2)


def test_null_values_hold_for_text_cells(bench):
    parsed = orders(
        bench, workbook([[1, None, None, None, None, "-"]]), {"asset_id": "text"}, source={"null_values": "-"}
    )
    assert parsed.column("asset_id") == [None]


def test_zip_bomb_is_refused_by_its_ratio(bench):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(64 << 20))
    assert len(buffer.getvalue()) < 100_000
    with pytest.raises(RefusalError, match="unpacks to far more than its size allows") as caught:
        orders(bench, buffer.getvalue(), {})
    assert caught.value.code == "archive_too_large"


def test_zip_that_lies_about_its_size_is_refused(bench):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(8 << 20))
    size = (8 << 20).to_bytes(4, "little")
    content = buffer.getvalue()
    assert content.count(size) == 2
    with pytest.raises(RefusalError) as caught:
        orders(bench, content.replace(size, (5000).to_bytes(4, "little")), {})
    assert caught.value.code in ("damaged_file", "archive_too_large")


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04 broken"])
def test_what_is_no_workbook_is_refused(bench, content):
    with pytest.raises(RefusalError, match="no sound workbook"):
        orders(bench, content, {})


@pytest.mark.parametrize(
    ("name", "content", "form"),
    [
        ("in.xls", XLS, "when"),
        ("in.ods", ods(), "when"),
        ("in.xlsb", xlsb(), {"from": "when", "format": "excel"}),
    ],
)
def test_the_other_workbooks_are_read_as_well(bench, name, content, form):
    columns = {"work_order_id": "id", "requested_at": form, "labour_hours": "n"}
    table = bench.table(columns, "erp.work_orders", time_zone="Asia/Shanghai", source={"files": "in*", "sheet": "Data"})
    assert bench.parse(name, content, table)[0].rows == [
        {"_row_number": 1, "work_order_id": "123", "requested_at": datetime(2025, 7, 1, 0, 30), "labour_hours": 1.5}
    ]


@pytest.mark.parametrize("name", ["in.xls", "in.xlsb", "in.ods"])
def test_bombs_and_disguises_are_refused_in_every_format(bench, name):
    table = bench.table({"work_order_id": "id"}, "erp.work_orders")
    bomb = zipped({"xl/worksheets/sheet1.bin": bytes(64 << 20)})
    for content, code in ((bomb, "archive_too_large"), (b"<table><tr><td>id</td></tr></table>", "damaged_file"),
                          (XLS[:700], "damaged_file"), (zipped({"a": "b"}), "damaged_file")):  # fmt: skip
        with pytest.raises(RefusalError) as caught:
            bench.parse(name, content, table)
        assert caught.value.code == code


def test_names_of_two_header_rows_are_joined_and_merged_cells_span_their_columns(bench):
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    page = book.add_worksheet()
    page.merge_range(0, 0, 1, 0, "id")
    page.merge_range(0, 1, 0, 2, "Cost")
    page.write_row(1, 1, ["labour", "parts", "note"])
    page.write_row(2, 0, ["7", 1.5, 2.5, "x"])
    book.close()
    columns = {"labour_cost": "Cost / labour", "parts_cost": "Cost / parts", "asset_id": "note"}
    parsed = orders(bench, buffer.getvalue(), columns, source={"header_rows": 2})
    assert [float(parsed.column(name)[0]) for name in ("labour_cost", "parts_cost")] == [1.5, 2.5]
    assert (parsed.column("_row_number"), parsed.column("asset_id")) == ([1], ["x"])


def test_hidden_sheets_are_read_only_when_they_are_named(bench):
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    hidden, shown = book.add_worksheet("Codes"), book.add_worksheet("Data")
    hidden.write_column(0, 0, ["id", "H"])
    shown.write_column(0, 0, ["id", "S"])
    shown.activate()
    hidden.hide()
    book.close()
    assert orders(bench, buffer.getvalue(), {}).column("work_order_id") == ["S"]
    assert orders(bench, buffer.getvalue(), {}, source={"sheet": "Codes"}).column("work_order_id") == ["H"]


def test_formulas_give_their_last_value_and_broken_ones_are_empty(bench):
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    page = book.add_worksheet()
    page.write_row(0, 0, ["id", "n", "text"])
    page.write(1, 0, "1")
    page.write_formula(1, 1, "=A5*2", None, 2.5)
    page.write_formula(1, 2, "=A5", None, "#REF!")
    book.close()
    parsed = orders(bench, buffer.getvalue(), {"labour_hours": "n", "asset_id": "text"})
    assert (parsed.column("labour_hours"), parsed.column("asset_id")) == ([2.5], [None])


@pytest.mark.parametrize(("format_", "days"), [("excel", "45839.354166666664"), ("excel1904", "44377.354166666664")])
def test_days_of_a_workbook_as_numbers_or_text(bench, format_, days):
    form = {"from": "n", "format": [format_, "%d/%m/%Y %H:%M"]}
    content = f"id,n\n1,{days}\n2,01/07/2025 08:30\n3,59.5\n4,x\n"
    table = bench.table({"work_order_id": "id", "requested_at": form}, "erp.work_orders")
    parsed = bench.parse("in.csv", content, table)[0]
    late = [None] if format_ == "excel" else [datetime(1904, 2, 29, 12)]
    assert parsed.column("requested_at") == [datetime(2025, 7, 1, 8, 30)] * 2 + late + [None]
    typed = orders(bench, workbook([[1, None, None, float(days)]]), {"requested_at": form})
    assert typed.column("requested_at") == [datetime(2025, 7, 1, 8, 30)]


def test_a_workbook_that_counts_from_1904_gives_the_same_days(bench):
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "date_1904": True, "default_date_format": "yyyy-mm-dd hh:mm"}
    )
    page = book.add_worksheet()
    page.write_row(0, 0, ["id", "when"])
    page.write(1, 0, 1)
    page.write_datetime(1, 1, datetime(2025, 7, 1, 8, 30))
    book.close()
    assert orders(bench, buffer.getvalue(), {"requested_at": "when"}).column("requested_at") == [
        datetime(2025, 7, 1, 8, 30)
    ]
