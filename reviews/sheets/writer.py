"""Writing tables into a workbook: every sheet stamped, numbers as numbers, missing values as a dash."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import xlsxwriter

from reviews.numbers import UNKNOWN

#: Colours of the deck.
_STRONG, _SHADE, _RULE, _MUTED, _GOOD, _BAD = "#1F5FA8", "#EEF2F7", "#D5DBE3", "#56606C", "#1E7145", "#B3261E"
_FONT = "Microsoft YaHei"
_STAMP_ROWS = 4
_WIDEST = 60
_FIRST_WIDE_LETTER = 0x2E80


@dataclass(frozen=True)
class Number:
    """A number with its spreadsheet format; `note` says why there is none, or what to know about it."""

    value: float | None
    number_format: str = "#,##0"
    note: str = ""


@dataclass(frozen=True)
class Text:
    """A text with a meaning: good, bad or muted."""

    text: str
    tone: str = ""


Value = str | Number | Text | date | None


@dataclass(frozen=True)
class Table:
    """A block of a sheet: its heading (or none), the labels of its columns, its rows."""

    heading: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Value]]


@dataclass
class Book:
    """A workbook that grows sheet by sheet; formats are made once."""

    workbook: Any
    stamp: Sequence[str]
    empty: str
    _formats: dict[tuple[tuple[str, Any], ...], Any] = field(default_factory=dict)

    def format(self, **properties: Any) -> Any:
        """Return the format with these properties on top of the font of the workbook."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format(
                {"font_name": _FONT, "font_size": 10, "valign": "top", **properties}
            )
        return self._formats[key]

    def add_sheet(self, name: str, title: str, tables: Sequence[Table]) -> "tuple[Any, list[int]]":
        """Write the tables of a sheet one below the other; returns the sheet and the header row of each table."""
        sheet = self.workbook.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.write_string(0, 0, title, self.format(bold=True, font_size=14, font_color=_STRONG))
        for position, line in enumerate(self.stamp, start=1):
            sheet.write_string(position, 0, line, self.format(font_color=_MUTED, font_size=9))
        row = _STAMP_ROWS + 1
        headers = []
        for table in tables:
            row, header = self._add_table(sheet, row, table)
            headers.append(header)
        _set_widths(sheet, tables)
        if len(tables) == 1 and tables[0].rows:
            sheet.freeze_panes(headers[0] + 1, 1)
            last = (headers[0] + len(tables[0].rows), len(tables[0].columns) - 1)
            sheet.autofilter(headers[0], 0, *last)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        return sheet, headers

    def _add_table(self, sheet: Any, row: int, table: Table) -> tuple[int, int]:
        if table.heading:
            sheet.write_string(row, 0, table.heading, self.format(bold=True, font_size=11))
            row += 1
        if not table.rows:
            sheet.write_string(row, 0, self.empty, self.format(font_color=_MUTED))
            return row + 2, row
        header = self.format(bold=True, bg_color=_SHADE, bottom=1, bottom_color=_RULE, text_wrap=True)
        for column, label in enumerate(table.columns):
            sheet.write_string(row, column, label, header)
        for offset, values in enumerate(table.rows, start=1):
            for column, value in enumerate(values):
                self._write(sheet, row + offset, column, value)
        return row + len(table.rows) + 2, row

    def _write(self, sheet: Any, row: int, column: int, value: Value) -> None:
        if isinstance(value, Number):
            self._write_number(sheet, row, column, value)
        elif isinstance(value, date):
            sheet.write_datetime(row, column, value, self.format(num_format="yyyy-mm-dd", align="left"))
        elif isinstance(value, Text):
            colour = {"good": _GOOD, "bad": _BAD, "muted": _MUTED}.get(value.tone)
            sheet.write_string(row, column, value.text, self.format(**({"font_color": colour} if colour else {})))
        else:
            sheet.write_string(row, column, UNKNOWN if value is None else value, self.format(text_wrap=_is_long(value)))

    def _write_number(self, sheet: Any, row: int, column: int, value: Number) -> None:
        if value.value is None:
            sheet.write_string(row, column, UNKNOWN, self.format(align="right", font_color=_MUTED))
        else:
            sheet.write_number(row, column, value.value, self.format(num_format=value.number_format))
        if value.note:
            sheet.write_comment(row, column, value.note, {"author": ""})


def open_workbook(target: Any) -> Any:
    """Return a workbook that is made in memory and runs no text as a formula."""
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    return xlsxwriter.Workbook(target, options)


def _set_widths(sheet: Any, tables: Sequence[Table]) -> None:
    count = max(len(table.columns) for table in tables)
    for column in range(count):
        texts = [_shown(row[column]) for table in tables for row in (table.columns, *table.rows) if column < len(row)]
        sheet.set_column(column, column, min(max((_width(text) for text in texts), default=8) + 3, _WIDEST))


def _shown(value: Value) -> str:
    if isinstance(value, Number):
        return f"{value.value or 0:,.1f}"
    if isinstance(value, Text):
        return value.text
    return str(value or "")


def _width(text: str) -> int:
    return sum(2 if ord(letter) >= _FIRST_WIDE_LETTER else 1 for letter in text)


def _is_long(value: object) -> bool:
    return isinstance(value, str) and _width(value) > _WIDEST
