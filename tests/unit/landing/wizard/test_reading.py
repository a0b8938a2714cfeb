"""How a file is read is found by evidence: encoding, delimiter, header row, sheet, texts that mean nothing."""

import gzip
import io

import pytest
import xlsxwriter

from landing.refusal import RefusalError
from landing.wizard.text_dialect import find_dialect

TABLE = "工单编号,报修时间,处理人\nA1,2025-10-01 08:00,张师傅\nA2,2025-10-02 09:00,李师傅\n"
WESTERN = "Ticket,Created,Country\n1,2025-10-01 08:00,Österreich\n2,2025-10-02 09:00,España\n"


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        (TABLE, "utf-8", "utf-8"),
        (TABLE, "utf-8-sig", "utf-8"),
        (TABLE, "utf-16", "utf-16"),
        (TABLE, "gb18030", "gb18030"),
        (TABLE.replace("张", "㐀"), "gb18030", "gb18030"),
        ("工單編號,報修時間,處理人\nA1,2025-10-01 08:00,張師傅\nA2,2025-10-02 09:00,李師傅\n", "big5", "big5"),
        (WESTERN, "cp1252", "cp1252"),
        (WESTERN.replace("España", "Espa\x81a"), "latin-1", "latin-1"),
    ],
)
def test_the_encoding_is_found_and_the_file_reads_back(wizard, text: str, encoding: str, found: str) -> None:
    look = wizard.look(wizard.write("tickets.csv", text.encode(encoding)))
    (table,) = look.tables
    assert table.options.encoding == found
    assert [column.name for column in table.columns] == text.splitlines()[0].split(",")
    assert table.columns[2].top[0][0] in text
    assert bool([note for note in table.notes if "UTF" in note.en]) == (found != "utf-8")


def test_one_byte_at_the_very_end_rules_utf_8_out(wizard) -> None:
    rows = "".join(f"{n},2025-10-01 08:00,x\n" for n in range(40_000))
    path = wizard.write("tickets.csv", f"id,created,country\n{rows}1,2025-10-01 08:00,".encode() + b"\xd6sterreich\n")
    assert find_dialect(path, path.name).options.encoding == "cp1252"


@pytest.mark.parametrize(("delimiter", "name"), [(",", ","), (";", ";"), ("\t", "\t"), ("|", "|")])
def test_the_delimiter_is_found_beside_others(wizard, delimiter: str, name: str) -> None:
    lines = [["id", "created", "note"], ["1", "2025-10-01", "a, b; c"], ["2", "2025-10-02", "d, e; f"]]
    quoted = "\n".join(delimiter.join(f'"{cell}"' for cell in line) for line in lines)
    path = wizard.write("tickets.csv.gz", gzip.compress(quoted.encode()))
    assert find_dialect(path, path.name).options.delimiter == name


def test_lines_above_the_names_are_skipped_and_told(wizard) -> None:
    path = wizard.write("tickets.csv", f"售后工单明细表\n导出时间：2025-11-02 09:00,管理员\n\n{TABLE}")
    (table,) = wizard.look(path).tables
    assert table.options.skip == 3
    assert table.rows == 2
    assert [note.en for note in table.notes] == ["3 lines stand above the column names"]


def test_texts_that_mean_nothing_are_found_by_company(wizard) -> None:
    rows = "\n".join(f"{n},{'?' if n % 3 else '2025-10-01 08:00'},{'-' if n % 2 else 3},None" for n in range(12))
    (table,) = wizard.look(wizard.write("tickets.csv", f"id,created,reopens,cause\n{rows}\n")).tables
    # `None` stands in one column of texts only: it may be an answer
    assert table.options.null_values == ("?", "-")
    assert table.column("created").times is not None
    assert table.column("created").filled == 4
    assert table.column("cause").filled == 12


def _workbook(sheets: dict[str, list[list[object]]]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return buffer.getvalue()


def test_the_sheet_and_the_row_of_names_are_found(wizard, document) -> None:
    orders = [
        ["Work orders of October"],
        [],
        ["WO", "Tech", "Completed"],
        *[[f"W{n}", "Khan", "2025-10-01 08:00"] for n in range(5)],
    ]
    path = wizard.write("orders.xlsx", _workbook({"Read me": [["Ask Ann"]], "Orders": orders, "Empty": []}))
    look = wizard.look(path)
    assert [(t.options.sheet, t.options.header_row, t.rows) for t in look.tables] == [("Orders", 3, 5)]
    assert [name for name, _ in look.other_sheets] == ["Read me", "Empty"]
    source = document(wizard.propose(path))["tables"][0]["from"]
    assert source == {"files": "orders.xlsx", "sheet": "Orders", "header_row": 3}


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.csv", b"", "empty_file"),
        ("a.csv", b"\n\n \n", "empty_file"),
        ("a.csv.gz", b"\x1f\x8bbroken", "damaged_file"),
        ("a.xlsx", b"PK\x03\x04broken", "damaged_file"),
        ("a.doc", b"text", "unknown_kind"),
        ("a.csv", b"id,id\n1,2\n", "duplicate_column"),
    ],
)
def test_what_cannot_be_read_is_refused_in_both_languages(wizard, name: str, content: bytes, code: str) -> None:
    with pytest.raises(RefusalError) as refused:
        wizard.look(wizard.write(name, content))
    assert refused.value.code == code
    assert refused.value.en
    assert refused.value.zh
