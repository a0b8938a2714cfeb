"""Quarantined rows as a file that a person corrects and gives back: the columns as delivered, which row, and why."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

#: Files so called are taken for corrections when they come back.
NAME_START = "quarantine"

#: Which row of which reading; the other notes are for people.
ID_COLUMN = "_quarantine_id"
NOTE_COLUMNS = ("_file", "_row", "_column", "_reason")

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_XLSX_OPTIONS = {
    "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
}  # fmt: skip


@dataclass(frozen=True)
class QuarantinedRow:
    """One row of meta.quarantine."""

    extract_id: str
    file_name: str
    row_number: int
    column_name: str | None
    reason: str
    row_text: str | None


def file_stem(contract: str, reason_code: str) -> str:
    """Return how the file of a group is called, without its ending."""
    return f"{NAME_START}_{contract}_{reason_code}"


def to_table(rows: Iterable[QuarantinedRow]) -> tuple[list[str], list[list[str]]]:
    """Return header and lines; every column that any of the rows was delivered with is there, in their order.

    A row that could not be split into cells stands as it was delivered in `_row_as_delivered`.
    """
    columns: dict[str, None] = {}
    listed: list[tuple[QuarantinedRow, dict[str, Any]]] = []
    for row in rows:
        cells = json.loads(row.row_text) if row.row_text else {}
        if not isinstance(cells, dict):
            cells = {"_row_as_delivered": str(cells)}
        cells = {name: value for name, value in cells.items() if name != "_row_number" and not name.startswith("__")}
        columns |= dict.fromkeys(cells)
        listed.append((row, cells))
    header = [ID_COLUMN, *columns, *NOTE_COLUMNS]
    lines = [
        [
            f"{row.extract_id}-{row.row_number}",
            *("" if cells.get(name) is None else str(cells[name]) for name in columns),
            row.file_name, str(row.row_number), row.column_name or "", row.reason,
        ]
        for row, cells in listed
    ]  # fmt: skip
    return header, lines


def neutralise(text: str) -> str:
    """Return text that no spreadsheet runs as a formula; landing takes the apostrophe away again."""
    return "'" + text if text.lstrip("'").startswith(_FORMULA_STARTS) else text


def to_csv(header: Sequence[str], lines: Iterable[Sequence[str]]) -> bytes:
    """Return the table as CSV in UTF-8 with mark, as spreadsheets open it."""
    memory = io.StringIO()
    writer = csv.writer(memory, lineterminator="\r\n")
    writer.writerow([neutralise(name) for name in header])
    writer.writerows([neutralise(cell) for cell in line] for line in lines)
    return b"\xef\xbb\xbf" + memory.getvalue().encode()


def to_xlsx(header: Sequence[str], lines: Iterable[Sequence[str]]) -> bytes:
    """Return the table as a workbook of texts."""
    import xlsxwriter

    memory = io.BytesIO()
    with xlsxwriter.Workbook(memory, _XLSX_OPTIONS) as book:
        bold = book.add_format({"bold": True, "bg_color": "#f4f6f9", "bottom": 1})
        text = book.add_format({"num_format": "@"})
        sheet = book.add_worksheet(NAME_START)
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, len(header) - 1, 18, text)
        sheet.write_row(0, 0, [neutralise(name) for name in header], bold)
        for number, line in enumerate(lines, start=1):
            for column, cell in enumerate(line):
                if cell:
                    sheet.write_string(number, column, neutralise(cell), text)
    return memory.getvalue()
