"""CSV downloads: harmless, stamped, numbers stay numbers."""

import csv
import io
import zipfile
from datetime import date

import pandas as pd
import pytest
from python_calamine import load_workbook

from dashboards.exports import neutralise, to_csv, to_xlsx

STAMP = {"filters": "=none", "build_id": "b1", "as_of_local": "2025-10-31 23:59", "zone": "Asia/Shanghai"}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_text_that_would_run_gets_an_apostrophe(start: str) -> None:
    assert neutralise(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize("value", ["R-SH", "", "1-2", -3.5, 4, None, date(2025, 10, 1)])
def test_everything_else_is_left_alone(value: object) -> None:
    assert neutralise(value) is value


def test_csv_is_stamped_on_every_row_and_opens_in_a_spreadsheet() -> None:
    frame = pd.DataFrame({"member": ["=cmd|'/c calc'!A1", "上海"], "value": [-1.5, None], "n": [-3, 4]})
    content = to_csv(frame, STAMP)
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows[0]["member"] == "'=cmd|'/c calc'!A1"
    assert rows[1]["member"] == "上海"
    assert [row["value"] for row in rows] == ["-1.5", ""]
    assert [row["n"] for row in rows] == ["-3", "4"]
    for row in rows:
        assert row["build_id"] == "b1"
        assert row["zone"] == "Asia/Shanghai"
        assert row["filters"] == "'=none"


def test_column_names_are_neutralised_too() -> None:
    assert to_csv(pd.DataFrame({"=a": [1]}), {}).decode("utf-8-sig").splitlines()[0] == "'=a"


def test_xlsx_keeps_types_runs_nothing_and_has_the_stamp_on_its_second_sheet() -> None:
    frame = pd.DataFrame(
        {
            "member": ["=cmd|'/c calc'!A1", "上海", "https://example.org"],
            "value": [-1.5, None, 2.0],
            "n": [-3, 4, 5],
            "day": [date(2025, 10, 1), None, date(2025, 10, 3)],
            "is_ranked": [True, False, True],
        }
    )
    content = to_xlsx(frame, "region: [a]/b?" + "x" * 40, {"筛选条件": "=none", "构建": "b1"}, "说明")
    book = load_workbook(io.BytesIO(content))
    assert book.sheet_names[1] == "说明"
    assert book.sheet_names[0].startswith("region")
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[0] == ["member", "value", "n", "day", "is_ranked"]
    assert rows[1] == ["'=cmd|'/c calc'!A1", -1.5, -3.0, date(2025, 10, 1), True]
    assert rows[2][:4] == ["上海", "", 4.0, ""]
    assert rows[3][0] == "https://example.org"
    assert book.get_sheet_by_index(1).to_python() == [["筛选条件", "'=none"], ["构建", "b1"]]
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet
