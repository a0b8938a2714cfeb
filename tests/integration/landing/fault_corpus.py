"""What people and systems deliver, right and wrong: file, how it is mapped, and what must become of it."""

import gzip
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from tests.unit.landing.other_workbooks import XLS, ods, xlsb, zipped

ID_20 = "12345678901234567890"
NOON = datetime(2025, 7, 1, 12)


@dataclass(frozen=True)
class Case:
    """A delivered file, the `from` and `columns` of its entry beyond `files` and the key, and what is expected.

    `values` are those of the mapped columns, `subject` alone unless there are others, in the order of the rows;
    `code` is that of the refusal; `rejected` are row numbers with the code of their quarantine; `bad` the codes of bad
    cells by row.
    """

    name: str
    content: bytes | str
    values: list[Any] | None = None
    code: str | None = None
    rejected: dict[int, str] = field(default_factory=dict)
    bad: dict[int, str] = field(default_factory=dict)
    source: dict[str, Any] = field(default_factory=dict)
    columns: dict[str, Any] = field(default_factory=lambda: {"subject": "x"})
    key: str | dict[str, Any] = "id"
    contract: str = "crm.tickets"

    @property
    def data(self) -> bytes:
        return self.content if isinstance(self.content, bytes) else self.content.encode()


def instants(name: str, texts: list[str], values: list[datetime | None], bad: dict[int, str], **form: Any) -> Case:
    """Times as text; a Chinese mapping zone."""
    lines = "".join(f"{number};{text}\n" for number, text in enumerate(texts, start=1))
    columns = {"resolved_at": {"from": "t", **form} if form else "t"}
    return Case(name, "id;t\n" + lines, values, bad=bad, columns=columns, source={"delimiter": ";"})


def numbers(name: str, texts: list[str], values: list[Any], bad: dict[int, str], **form: Any) -> Case:
    lines = "".join(f"{number};{text}\n" for number, text in enumerate(texts, start=1))
    columns = {"labour_cost": {"from": "n", **form} if form else "n"}
    return Case(name, "id;n\n" + lines, values, bad=bad, columns=columns, source={"delimiter": ";"},
                contract="erp.work_orders")  # fmt: skip


def parquet(columns: dict[str, Any], **options: Any) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer, **options)
    return buffer.getvalue()


def xlsx(rows: list[list[Any]], **options: Any) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "default_date_format": "yyyy-mm-dd hh:mm", **options})
    page = book.add_worksheet("Data")
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, datetime):
                page.write_datetime(number, column, cell)
            elif isinstance(cell, tuple):
                page.write_formula(number, column, cell[0], None, cell[1])
            elif cell is not None:
                page.write(number, column, cell)
    book.close()
    return buffer.getvalue()


def far_cell() -> bytes:
    """A workbook of two cells that lie seventeen thousand million cells apart."""
    rows = "<row r='1'><c r='A1'><v>1</v></c></row><row r='1048576'><c r='XFD1048576'><v>1</v></c></row>"
    return _reworked(xlsx([["id"]]), lambda sheet: sheet[: sheet.index("<sheetData>")] + "<sheetData>" + rows
                     + "</sheetData></worksheet>")  # fmt: skip


def _reworked(workbook: bytes, change: Any) -> bytes:
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    return zipped(members | {sheet: change(members[sheet].decode())})


def encrypted(content: bytes) -> bytes:
    """The same zip with its members marked as encrypted."""
    marked = bytearray(content)
    marked[6] |= 1
    marked[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(marked)


def text_cases() -> Iterator[Case]:
    yield Case("plain.csv", "id,x\n1,a\n2,b\n", ["a", "b"])
    yield Case("no_last_line_end.csv", "id,x\n1,a\n2,b", ["a", "b"])
    yield Case("crlf.csv", "id,x\r\n1,a\r\n", ["a"])
    yield Case("cr.csv", "id,x\r1,a\r2,b\r", ["a", "b"])
    yield Case("mixed_line_ends.csv", 'id,x\r\n1,"a\r\nb"\n2,c\r\n', ["a\r\nb", "c"])
    yield Case("blank_lines.csv", "id,x\n\n1,a\n\n\n2,b\n", ["a", "b"])
    yield Case("bom.csv", b"\xef\xbb\xbfid,x\n1,a\n", ["a"])
    yield Case("utf16_by_mark.csv", "id,x\n1,空\n".encode("utf-16"), ["空"])
    yield Case("utf16be.csv", "id,x\n1,空\n".encode("utf-16-be"), ["空"], source={"encoding": "utf-16-be"})
    yield Case("utf16_without_mark.csv", "id,x\n1,空\n".encode("utf-16-le"), code="bad_encoding",
               source={"encoding": "utf-16"})  # fmt: skip
    yield Case("gb18030.csv", "id,x\n1,𠮷\n".encode("gb18030"), ["𠮷"], source={"encoding": "gb18030"})
    yield Case("gbk_undeclared.csv", "id,x\n1,a\n2,空调\n".encode("gbk"), ["a"], rejected={2: "parse_invalid_encoding"})
    yield Case("gbk_header_undeclared.csv", "id,空\n1,a\n".encode("gbk"), code="bad_encoding")
    yield Case("big5.csv", "id,x\n1,維修\n".encode("big5"), ["維修"], source={"encoding": "big5"})
    yield Case("cp1252.csv", "id,x\n1,Gerät €\n".encode("cp1252"), ["Gerät €"], source={"encoding": "cp1252"})
    yield Case("semicolon.csv", "id;x\n1;a,b\n", ["a,b"], source={"delimiter": ";"})
    yield Case("tab.tsv", "id\tx\n1\ta b\n", ["a b"], source={"delimiter": "tab"})
    yield Case("pipe.txt", "id|x\n1|a\n", ["a"], source={"delimiter": "|"})
    yield Case("wrong_delimiter.csv", "id;x\n1;a\n", code="missing_column")
    yield Case("quotes.csv", 'id,x\n1,"a ""b"", c"\n2,"two\nlines"\n', ['a "b", c', "two\nlines"])
    yield Case("single_quotes.csv", "id,x\n1,'a,b'\n", ["a,b"], source={"quote": "'"})
    yield Case("stray_quote.csv", 'id,x\n1,"a"b\n2,c\n', ["c"], rejected={1: "parse_unquoted_value"})
    yield Case("open_quote.csv", 'id,x\n1,a\n2,"b\n3,c\n', ["a"], rejected={2: "parse_unquoted_value"})
    yield Case("ragged.csv", "id,x\n1,a\n2\n3,b,c\n4,d\n", ["a", "d"],
               rejected={2: "parse_missing_columns", 3: "parse_too_many_columns"})  # fmt: skip
    yield Case("nul.csv", b"id,x\n1,a\0b\n2,c\n", ["c"], rejected={1: "parse_nul_byte"})
    yield Case("nul_in_header.csv", b"id,x,y\0z\n1,a,b\n", code="damaged_file")
    yield Case("giant_cell.csv", f"id,x\n1,{'y' * 3_000_000}\n2,c\n", ["c"],
               rejected={1: "parse_line_size_over_maximum"})  # fmt: skip
    yield Case("million_columns.csv", ",".join(f"c{n}" for n in range(1_000_000)) + "\n", code="too_many_columns")
    yield Case("same_name_twice.csv", "id,x,X\n1,a,b\n", code="duplicate_column")
    yield Case("no_name.csv", "id,\n1,a\n", ["a"], columns={"subject": "column_2"})
    yield Case("swapped_header.csv", "x,id\na,1\n", ["a"])
    yield Case("missing_optional.csv", "id,y\n1,a\n", [None])
    yield Case("missing_key.csv", "x,y\n1,a\n", code="missing_column")
    yield Case("empty.csv", "", code="empty_file")
    yield Case("header_only.csv", "id,x\n", [])
    yield Case("title_above.csv", "report of July\n\nid,x\n1,a\n", ["a"], source={"skip": 2})
    yield Case("null_words.csv", "id,x\n1,-\n2,NULL\n3,a\n", [None, None, "a"], source={"null_values": ["-", "NULL"]})
    yield Case("leading_zeros.csv", f"id,x\n1,007\n2,{ID_20}\n3,1e5\n4, 8 \n", ["007", ID_20, "1e5", " 8 "])
    yield Case("no_key_value.csv", "id,x\n1,a\n,b\n", ["a"], rejected={2: "missing_required"})
    yield Case("gzip.csv.gz", gzip.compress(b"id,x\n1,a\n"), ["a"])
    yield Case("cut_gzip.csv.gz", gzip.compress(b"id,x\n1,a\n" * 100)[:-9], code="damaged_file")
    yield Case("no_gzip.csv.gz", "id,x\n1,a\n", code="damaged_file")
    yield Case("gzip_bomb.csv.gz", gzip.compress(b"id,x\n" + bytes(300 << 20)), code="archive_too_large")


def value_cases() -> Iterator[Case]:
    eight = datetime(2025, 7, 1, 0, 30)
    yield instants("iso_times.csv", ["2025-07-01T08:30:00", "2025-07-01T08:30:00+08:00", "2025-07-01 00:30Z"],
                   [eight, eight, eight], {})  # fmt: skip
    yield instants("other_times.csv", ["1/7/2025", "8:30", "20250701", "yesterday"], [None] * 4,
                   dict.fromkeys((1, 2, 3, 4), "bad_instant"))  # fmt: skip
    yield instants("german_times.csv", ["01.07.2025 08:30", "31.02.2025 08:30", "2025-07-01 08:30"],
                   [eight, None, None], {2: "bad_instant", 3: "bad_instant"}, format="%d.%m.%Y %H:%M")  # fmt: skip
    yield instants("two_formats.csv", ["7/1/25 8:30 AM", "2025/07/01 08:30"], [eight, eight], {},
                   format=["%m/%d/%y %I:%M %p", "%Y/%m/%d %H:%M"])  # fmt: skip
    yield instants("times_with_zone.csv", ["01/07/2025 02:30 +0200"], [eight], {}, format="%d/%m/%Y %H:%M %z")
    yield instants("serial_days.csv", ["45839.354166666664", "45839"], [eight, datetime(2025, 6, 30, 16)], {},
                   format="excel")  # fmt: skip
    yield instants("impossible_times.csv", ["2025-02-30T08:00:00", "2025-07-01T25:00:00", "0001-01-01T00:00:00"],
                   [None, None, None], dict.fromkeys((1, 2, 3), "bad_instant"))  # fmt: skip
    yield numbers("plain_numbers.csv", ["1.5", "-2", "1e3", "1,5", "abc", "∞"],
                  [Decimal("1.5"), None, Decimal(1000), None, None, None],
                  {2: "out_of_range"} | dict.fromkeys((4, 5, 6), "bad_number"))  # fmt: skip
    yield numbers("german_numbers.csv", ["1.234,56", "7", "1.5"], [Decimal("1234.56"), Decimal(7), None],
                  {3: "bad_number"}, number={"decimal": ",", "thousands": "."})  # fmt: skip
    yield numbers("long_money.csv", ["12345678901234.5678"], [Decimal("12345678901234.5678")], {})


def json_cases() -> Iterator[Case]:
    yield Case("lines.jsonl", f'{{"id": {ID_20}, "x": "a"}}\n', [ID_20], columns={"subject": "id"})
    yield Case("lines.ndjson.gz", gzip.compress(b'{"id": 1, "x": "a"}\n'), ["a"])
    yield Case("broken_line.jsonl", '{"id": 1, "x": "a"}\n{"id": 2, "x": \n{"id": 3, "x": "c"}\n', ["a", "c"],
               rejected={2: "parse_invalid_json"})  # fmt: skip
    yield Case("nan.jsonl", '{"id": 1, "x": NaN}\n{"id": 2, "x": "b"}\n', ["b"], rejected={1: "parse_invalid_json"})
    yield Case("key_twice.jsonl", '{"id": 1, "x": "a", "x": "b"}\n{"id": 2, "x": "b"}\n', ["b"],
               rejected={1: "parse_duplicate_key"})  # fmt: skip
    yield Case("deep_line.jsonl", '{"id": 1, "x": ' + "[" * 200_000 + "]" * 200_000 + '}\n{"id": 2, "x": "b"}\n', ["b"],
               rejected={1: "parse_too_deep"})  # fmt: skip
    yield Case("list.json", '[{"id": 1, "x": null}, {"id": 2}, {"id": 3, "x": 1.10}]', [None, None, "1.10"])
    yield Case("page.json", '{"next": null, "rows": [{"id": 1, "v": {"x": "a"}}]}', ["a"], source={"records": "rows"},
               columns={"subject": "v.x"})  # fmt: skip
    yield Case("nested.json", '{"t": [{"id": 7, "e": [{"n": 1}, {"n": 2}]}]}', ["7", "7"], key="n",
               source={"records": "t.e"}, columns={"subject": "t.id"})  # fmt: skip
    yield Case("no_such_records.json", '{"rows": []}', code="no_records", source={"records": "tickets"})
    yield Case("cut.json", '[{"id": 1, "x": "a"}, {"id": 2', code="damaged_file")
    yield Case("trailing.json", '[{"id": 1, "x": "a"}] </html>', code="damaged_file")
    yield Case("page_of_errors.json", "<html>502</html>", code="damaged_file")
    yield Case("deep.json", "[" * 100_000 + "]" * 100_000, [], rejected={1: "parse_not_an_object"})


def table_cases() -> Iterator[Case]:
    zoned = pa.array([datetime(2025, 7, 1, 12, tzinfo=UTC)], pa.timestamp("us", "Europe/Berlin"))
    local = pa.array([datetime(2025, 7, 1, 20)], pa.timestamp("us"))
    yield Case("typed.parquet", parquet({"id": pa.array([int(ID_20)], pa.uint64()), "x": zoned, "y": local}),
               [(ID_20, NOON, NOON)], columns={"asset_id": "id", "resolved_at": "x", "closed_at": "y"})  # fmt: skip
    yield Case("float_ids.parquet", parquet({"id": [1.0, 1e18], "x": ["a", "b"]}), ["1", "1000000000000000000"],
               columns={"subject": "id"})  # fmt: skip
    yield Case("nul.parquet", parquet({"id": [1, 2], "x": ["a\0", "b"]}), ["b"], rejected={1: "parse_nul_byte"})
    yield Case("cut.parquet", parquet({"id": [1], "x": ["a"]})[:-5], code="damaged_file")
    yield Case("rows_from_nothing.parquet", parquet({"id": pa.nulls(11_000_000, pa.int8())}, row_group_size=11_000_000),
               code="archive_too_large")  # fmt: skip
    yield Case("workbook.xlsx", xlsx([["id", "x", "t"], [7, "007", datetime(2025, 7, 1, 20)]]), [("007", NOON)],
               columns={"subject": "x", "resolved_at": "t"})  # fmt: skip
    yield Case("formulas.xlsx", xlsx([["id", "x"], [1, ("=A1", "a")], [2, ("=1/0", "#DIV/0!")]]), ["a", None])
    yield Case("from_1904.xlsx", xlsx([["id", "t"], [1, datetime(2025, 7, 1, 20)]], date_1904=True), [NOON],
               columns={"resolved_at": "t"})  # fmt: skip
    yield Case("no_sheet.xlsx", xlsx([["id", "x"]]), code="no_sheet", source={"sheet": "Tickets"})
    yield Case(
        "shared_strings_bomb.xlsx", zipped({"xl/sharedStrings.xml": b"<si>" * (32 << 20)}), code="archive_too_large"
    )
    yield Case("far_cell.xlsx", far_cell(), code="out_of_memory|parser_died|damaged_file")
    yield Case("html_in_disguise.xls", "<table><tr><td>id</td></tr></table>", code="damaged_file")
    yield Case("old.xls", XLS, ["123"], columns={"subject": "id"})
    yield Case("binary.xlsb", xlsb(), ["123"], columns={"subject": "id"})
    yield Case("open.ods", ods(), ["123"], columns={"subject": "id"})
    yield Case("encrypted.zip", encrypted(zipped({"encrypted.csv": "id,x\n1,a\n"})), code="encrypted_file")
    yield Case("outside.zip", zipped({"../outside.csv": "id,x\n1,a\n"}), code="unsafe_archive")
    yield Case("inside.zip/inside.csv", zipped({"inside.csv": "id,x\n1,a\n"}), ["a"])
    yield Case("inner.zip/inner.zip", zipped({"inner.zip": zipped({"a.csv": "id,x\n1,a\n"})}), code="nested_archive")


CASES = {case.name: case for cases in (text_cases, value_cases, json_cases, table_cases) for case in cases()}
