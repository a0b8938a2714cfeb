"""Sheets of Excel and OpenDocument as a table of texts whose cells keep their type beside the text."""

# ruff: noqa: S608 - names are quoted, texts are literals or parameters; mapping SQL runs in the sandbox only

import datetime as dt
import zipfile
import zlib
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import python_calamine as calamine

from landing.mapping_model import ReadOptions
from landing.quoting import identifier
from landing.refusal import RefusalError
from landing.source_table import SourceTable, clean_header, create_rejects

_MAX_MEMBERS = 5_000
_MAX_RATIO = 100
_RATIO_COUNTS_FROM = 1 << 20
_MAX_BYTES = 2 << 30
_CHUNK = 1 << 20
#: The container of .xls, and the two of everything else.
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def check_workbook(path: Path, file_name: str) -> None:
    """Raise RefusalError when a workbook is no sound file of its kind; .xls is the only one that is no zip file."""
    with path.open("rb") as file:
        is_ole = file.read(len(_OLE)) == _OLE
    if not (is_ole and file_name.lower().endswith(".xls")):
        check_zip(path, file_name)


def check_zip(path: Path, file_name: str) -> None:
    """Raise RefusalError when a workbook is no sound zip file or unpacks to more than an export ever does.

    The declared sizes are checked first, then the real ones: a bomb may declare what it likes.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            declared = sum(member.file_size for member in members)
            if len(members) > _MAX_MEMBERS or declared > _MAX_BYTES:
                raise _bomb(file_name)
            for member in members:
                _check_member(archive, member, file_name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise RefusalError(
            "damaged_file",
            f"{file_name}: this is no sound workbook ({error}); save it again as .xlsx without a password",
            f"{file_name}：不是完好的工作簿，请重新另存为无密码的 .xlsx",
        ) from error


def _check_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, file_name: str) -> None:
    limit = max(_RATIO_COUNTS_FROM, _MAX_RATIO * member.compress_size)
    if member.file_size > limit:
        raise _bomb(file_name)
    real = 0
    with archive.open(member) as stream:
        while chunk := stream.read(_CHUNK):
            real += len(chunk)
            if real > limit:
                raise _bomb(file_name)


def _bomb(file_name: str) -> RefusalError:
    return RefusalError(
        "archive_too_large",
        f"{file_name}: the workbook unpacks to far more than its size allows; this is no export",
        f"{file_name}：工作簿解压后的大小远超正常范围，不像正常导出的文件",
    )


def read_workbook(
    connection: duckdb.DuckDBPyConnection, path: Path, file_name: str, options: ReadOptions, name: str
) -> SourceTable:
    """Load one sheet into table `name`; `_row_number` counts the sheet's rows below the header.

    Wholly empty rows are skipped but numbered. Raises RefusalError for a missing sheet or an unusable header.
    """
    check_workbook(path, file_name)
    rows, merged = _sheet_rows(path, file_name, options)
    below = options.header_row - 1 + options.header_rows
    if len(rows) < below:
        raise RefusalError("empty_file", f"{file_name}: the sheet has no header row", f"{file_name}：工作表没有表头行")
    header = _header(rows, merged, options)
    columns = clean_header(header, file_name)
    data = [(number, row) for number, row in enumerate(rows[below:], start=1) if any(c != "" for c in row)]
    arrays: dict[str, pa.Array] = {"_row_number": pa.array([number for number, _ in data], pa.int64())}
    typed: dict[str, dict[str, str]] = {"instants": {}, "dates": {}, "numbers": {}}
    nulls = frozenset(("", *options.null_values))
    for position, column in enumerate(columns):
        cells = [row[position] for _, row in data]
        texts = [_text(cell) for cell in cells]
        if options.null_values:
            cells = ["" if text in nulls else cell for cell, text in zip(cells, texts, strict=True)]
        arrays[column] = pa.array([None if text in nulls else text for text in texts], pa.string())
        for kind, array in _typed_cells(cells).items():
            typed[kind][column] = f"__{kind}_{position}"
            arrays[typed[kind][column]] = array
    _create(connection, name, arrays)
    return SourceTable(
        name, columns, len(data), instants=typed["instants"], dates=typed["dates"], numbers=typed["numbers"]
    )


_Range = tuple[tuple[int, int], tuple[int, int]]


def _header(rows: list[list[Any]], merged: list[_Range], options: ReadOptions) -> list[str]:
    """The names of the columns; those of several header rows are joined, merged cells name all columns they span."""
    top = options.header_row - 1
    lines = [[(_text(cell) or "").strip() for cell in row] for row in rows[top : top + options.header_rows]]
    for (first_row, first_column), (last_row, last_column) in merged if options.header_rows > 1 else ():
        if first_row in range(top, top + options.header_rows):
            for row in range(first_row, min(last_row, top + options.header_rows - 1) + 1):
                for column in range(first_column, min(last_column, len(lines[0]) - 1) + 1):
                    lines[row - top][column] = lines[first_row - top][first_column]
    header = [" / ".join(dict.fromkeys(filter(None, names))) for names in zip(*lines, strict=True)]
    while header and not header[-1]:
        header.pop()
    return header


def _sheet_rows(path: Path, file_name: str, options: ReadOptions) -> tuple[list[list[Any]], list[_Range]]:
    """Rows of the declared sheet, else of the first visible one with data, and its merged cells where they are told."""
    try:
        with path.open("rb") as file:
            workbook = calamine.CalamineWorkbook.from_filelike(file)
        sheets = [sheet for sheet in workbook.sheets_metadata if sheet.typ == calamine.SheetTypeEnum.WorkSheet]
        names = [sheet.name for sheet in sheets]
        if options.sheet and options.sheet not in names:
            raise RefusalError(
                "no_sheet",
                f"{file_name}: there is no sheet {options.sheet!r}; the workbook has {', '.join(names)}",
                f"{file_name}：没有名为 {options.sheet!r} 的工作表，现有：{'、'.join(names)}",
            )
        visible = [sheet.name for sheet in sheets if sheet.visible == calamine.SheetVisibleEnum.Visible]
        for sheet_name in [options.sheet] if options.sheet else visible:
            sheet = workbook.get_sheet_by_name(sheet_name)
            rows = sheet.to_python(skip_empty_area=False)
            if rows:
                return rows, list(sheet.merged_cell_ranges or ())
    except calamine.PasswordError as error:
        raise RefusalError(
            "encrypted_file",
            f"{file_name}: the workbook has a password; save it without one",
            f"{file_name}：工作簿设有密码，请另存为无密码的文件",
        ) from error
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise _unreadable(file_name, error) from error
    except BaseException as error:
        # how the library's Rust side says that it met what it never expected
        if type(error).__name__ != "PanicException":
            raise
        raise _unreadable(file_name, error) from error
    return [], []


def _unreadable(file_name: str, error: BaseException) -> RefusalError:
    return RefusalError(
        "damaged_file",
        f"{file_name}: the workbook cannot be read ({error})",
        f"{file_name}：工作簿无法读取",
    )


def _text(cell: Any) -> str | None:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    if isinstance(cell, dt.timedelta):
        minutes, seconds = divmod(round(cell.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    text = str(cell)
    return text or None


def _typed_cells(cells: list[Any]) -> dict[str, pa.Array]:
    """Columns of the dates and numbers among the cells.

    Excel cannot tell a date from midnight of that day. Where a column has times of day, midnight is one of them.
    """
    found: dict[str, pa.Array] = {}
    if any(isinstance(cell, dt.datetime) for cell in cells):
        moments = [_midnight(cell) if isinstance(cell, dt.date) else None for cell in cells]
        found["instants"] = pa.array(moments, pa.timestamp("us"))
    elif any(isinstance(cell, dt.date) for cell in cells):
        found["dates"] = pa.array([cell if isinstance(cell, dt.date) else None for cell in cells], pa.date32())
    if any(isinstance(cell, float) for cell in cells):
        found["numbers"] = pa.array([cell if isinstance(cell, float) else None for cell in cells], pa.float64())
    return found


def _midnight(cell: dt.date) -> dt.datetime:
    return cell if isinstance(cell, dt.datetime) else dt.datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001


def _create(connection: duckdb.DuckDBPyConnection, name: str, arrays: dict[str, pa.Array]) -> None:
    connection.register(f"{name}_arrow", pa.table(arrays))
    listed = ", ".join(identifier(column) for column in arrays)
    connection.execute(f"create table {name} as select {listed} from {name}_arrow")
    connection.unregister(f"{name}_arrow")
    create_rejects(connection, name)
