"""Which sheets of a workbook hold tables, and in which row their names stand."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import python_calamine as calamine

from landing.mapping_model import ReadOptions
from landing.refusal import RefusalError
from landing.wizard.notes import Note
from landing.wizard.text_dialect import looks_like_header
from landing.workbook_reader import check_workbook

_MAX_SHEETS = 30
_MAX_PREAMBLE = 30


@dataclass(frozen=True)
class Sheet:
    """A sheet with a table: options to read it with, and why."""

    name: str
    options: ReadOptions
    notes: tuple[Note, ...]


def find_sheets(path: Path, file_name: str) -> tuple[tuple[Sheet, ...], tuple[str, ...]]:
    """Return the sheets that hold tables, in their order, and the names of the others.

    Raises RefusalError when the workbook cannot be read.
    """
    check_workbook(path, file_name)
    try:
        with path.open("rb") as file:
            workbook = calamine.CalamineWorkbook.from_filelike(file)
        names = workbook.sheet_names[:_MAX_SHEETS]
        found = [
            (name, _header_row(workbook.get_sheet_by_name(name).to_python(skip_empty_area=False))) for name in names
        ]
    except (calamine.CalamineError, OSError) as error:
        raise RefusalError(
            "damaged_file", f"{file_name}: the workbook cannot be read ({error})", f"{file_name}：工作簿无法读取"
        ) from error
    others = tuple(name for name, header in found if header is None)
    sheets = tuple(_sheet(name, header, len(names)) for name, header in found if header is not None)
    return sheets, (*others, *workbook.sheet_names[_MAX_SHEETS:])


def _sheet(name: str, header: int, count: int) -> Sheet:
    notes = []
    if header > 1:
        notes.append(
            Note("certain", f"the column names stand in row {header} of the sheet", f"列名在工作表第 {header} 行")
        )
    return Sheet(name, ReadOptions(sheet=name if count > 1 else None, header_row=header), tuple(notes))


def _header_row(rows: list[list[Any]]) -> int | None:
    """Position of the row of names, from 1: the first row of texts that the rows below it fill; None for no table."""
    for position, row in enumerate(rows[:_MAX_PREAMBLE], start=1):
        cells = list(row)
        while cells and cells[-1] in ("", None):
            cells.pop()
        below = rows[position : position + 20]
        if len(cells) < 2 or not below or not all(isinstance(cell, str) for cell in cells):
            continue
        filled = sum(1 for r in below for cell in r[: len(cells)] if cell != "")
        if looks_like_header([str(cell) for cell in cells]) and filled >= 0.3 * len(cells) * len(below):
            return position
    return None
