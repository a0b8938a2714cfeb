"""Excel: cells keep their type, and a workbook that is a trap is refused before it is unpacked."""

import io
import zipfile
from datetime import datetime
from decimal import Decimal

import pytest
import xlsxwriter

from landing.refusal import RefusalError

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
    with pytest.raises(RefusalError, match="no sound Excel workbook"):
        orders(bench, content, {})
