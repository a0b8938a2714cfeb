"""Native tables that fit: rows are measured, and what does not fit goes to the next slide."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches

from reviews.slides import theme
from reviews.slides.elements import Box, Line, write_lines
from reviews.slides.fitting import inches, line_height, points, text_height

SIZE = 10.0
_PAD_X, _PAD_Y = 0.06, 0.035
_NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
_RULE_WIDTH = 6350


@dataclass(frozen=True)
class Cell:
    """The text of a cell."""

    text: str
    bold: bool = False
    colour: Any = theme.TEXT


@dataclass(frozen=True)
class Column:
    """Header and width in inches of a column; numbers stand right."""

    label: str
    width: float
    is_number: bool = False


@dataclass(frozen=True)
class Row:
    """The cells of a row; a row of one cell spans all columns and heads those below it."""

    cells: tuple[Cell, ...]

    @property
    def is_heading(self) -> bool:
        return len(self.cells) == 1


def row(*texts: "str | Cell") -> Row:
    """Return a row of plain texts and cells."""
    return Row(tuple(text if isinstance(text, Cell) else Cell(text) for text in texts))


def row_height(line: Row, columns: Sequence[Column], size: float = SIZE) -> float:
    """Return the height in inches that a row needs."""
    if line.is_heading:
        return inches(line_height(size)) + 2 * _PAD_Y
    heights = (
        text_height(cell.text, points(column.width - 2 * _PAD_X), size, bold=cell.bold)
        for cell, column in zip(line.cells, columns, strict=True)
    )
    return inches(max(heights)) + 2 * _PAD_Y


def header_height(columns: Sequence[Column], size: float = SIZE) -> float:
    """Return the height in inches of the header row."""
    return row_height(_header(columns), columns, size)


def pages(rows: Sequence[Row], columns: Sequence[Column], height: float, size: float = SIZE) -> list[list[Row]]:
    """Split rows into tables no higher than `height` inches with their header.

    A heading and the rows below it stay together if a page has room for them; else it is repeated on the next page.
    """
    room = height - header_height(columns, size)
    found: list[list[Row]] = []
    page: list[Row] = []
    for block in _blocks(rows):
        if page and _height([*page, *block], columns, size) > room >= _height(block, columns, size):
            found.append(page)
            page = []
        for position, line in enumerate(block):
            needed = block[position : position + 2] if line.is_heading else [line]
            if page and _height([*page, *needed], columns, size) > room:
                found.append(page)
                page = [] if line.is_heading or not block[0].is_heading else [block[0]]
            page.append(line)
    return [*found, page] if page else found


def _blocks(rows: Sequence[Row]) -> list[list[Row]]:
    """Group rows under their headings; without headings every row is on its own."""
    blocks: list[list[Row]] = []
    is_headed = False
    for line in rows:
        is_headed = is_headed or line.is_heading
        if line.is_heading or not is_headed:
            blocks.append([line])
        else:
            blocks[-1].append(line)
    return blocks


def _height(rows: Sequence[Row], columns: Sequence[Column], size: float) -> float:
    return sum(row_height(line, columns, size) for line in rows)


def add_table(
    slide: Any, box: Box, columns: Sequence[Column], rows: Sequence[Row], language: str, size: float = SIZE
) -> Any:
    """Draw a table at the top of a box as high as its rows need; returns its shape."""
    lines = [_header(columns), *rows]
    heights = [row_height(line, columns, size) for line in lines]
    frame = slide.shapes.add_table(
        len(lines), len(columns), *(Inches(value) for value in (box.left, box.top, box.width, sum(heights)))
    )
    table = frame.table
    _remove_style(table)
    for column, shown in zip(columns, table.columns, strict=True):
        shown.width = Inches(column.width)
    for position, (line, height) in enumerate(zip(lines, heights, strict=True)):
        table.rows[position].height = Emu(int(Inches(height)))
        _fill_row(table, position, line, columns, language, size)
    return frame


def _fill_row(table: Any, position: int, line: Row, columns: Sequence[Column], language: str, size: float) -> None:
    is_header = position == 0
    if line.is_heading and len(columns) > 1:
        table.cell(position, 0).merge(table.cell(position, len(columns) - 1))
    for index, content in enumerate(line.cells):
        cell = table.cell(position, index)
        cell.margin_left = cell.margin_right = Inches(_PAD_X)
        cell.margin_top = cell.margin_bottom = Inches(_PAD_Y)
        cell.vertical_anchor = MSO_ANCHOR.BOTTOM if is_header else MSO_ANCHOR.MIDDLE
        write_lines(cell.text_frame, [Line(content.text, size, content.bold, content.colour)], language)
        if columns[index].is_number and not line.is_heading:
            cell.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT
    for index in range(len(columns)):
        cell = table.cell(position, index)
        if is_header or line.is_heading:
            cell.fill.solid()
            cell.fill.fore_color.theme_color = theme.SHADE
        else:
            cell.fill.background()
        _underline(cell)


def _header(columns: Sequence[Column]) -> Row:
    return Row(tuple(Cell(column.label, bold=True, colour=theme.MUTED) for column in columns))


def _remove_style(table: Any) -> None:
    properties = table._tbl.tblPr
    properties.set("firstRow", "1")
    properties.set("bandRow", "0")
    style = properties.find(qn("a:tableStyleId"))
    if style is not None:
        style.text = _NO_STYLE


def _underline(cell: Any) -> None:
    """Draw a thin line below a cell."""
    properties = cell._tc.get_or_add_tcPr()
    border, fill = (
        theme.make_element("a:lnB", w=str(_RULE_WIDTH), cap="flat", cmpd="sng"),
        theme.make_element("a:solidFill"),
    )
    fill.append(theme.make_element("a:srgbClr", val=str(theme.RULE)))
    border.append(fill)
    properties.insert(0, border)
