"""Excel sheets as a table of texts whose cells keep their type beside the text."""

# ruff: noqa: S608 - names are quoted, texts are literals or parameters; mapping SQL runs in the sandbox only

import datetime as dt
import zipfile
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
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise RefusalError(
            "damaged_file",
            f"{file_name}: this is no sound Excel workbook ({error}); save it again as .xlsx without a password",
            f"{file_name}：不是完好的 Excel 工作簿，请重新另存为无密码的 .xlsx",
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
    check_zip(path, file_name)
    rows = _sheet_rows(path, file_name, options)
    if len(rows) < options.header_row:
        raise RefusalError("empty_file", f"{file_name}: the sheet has no header row", f"{file_name}：工作表没有表头行")
    header = [_text(cell) or "" for cell in rows[options.header_row - 1]]
    while header and not header[-1].strip():
        header.pop()
    columns = clean_header(header, file_name)
    data = [
        (number, row) for number, row in enumerate(rows[options.header_row :], start=1) if any(c != "" for c in row)
    ]
    arrays: dict[str, pa.Array] = {"_row_number": pa.array([number for number, _ in data], pa.int64())}
    typed: dict[str, dict[str, str]] = {"instants": {}, "dates": {}, "numbers": {}}
    nulls = frozenset(("", *options.null_values))
    for position, column in enumerate(columns):
        cells = [row[position] for _, row in data]
        texts = [_text(cell) for cell in cells]
        arrays[column] = pa.array([None if text in nulls else text for text in texts], pa.string())
        for kind, array in _typed_cells(cells).items():
            typed[kind][column] = f"__{kind}_{position}"
            arrays[typed[kind][column]] = array
    _create(connection, name, arrays)
    return SourceTable(
        name, columns, len(data), instants=typed["instants"], dates=typed["dates"], numbers=typed["numbers"]
    )


def _sheet_rows(path: Path, file_name: str, options: ReadOptions) -> list[list[Any]]:
    try:
        with path.open("rb") as file:
            workbook = calamine.CalamineWorkbook.from_filelike(file)
        names = workbook.sheet_names
        if options.sheet and options.sheet not in names:
            raise RefusalError(
                "no_sheet",
                f"{file_name}: there is no sheet {options.sheet!r}; the workbook has {', '.join(names)}",
                f"{file_name}：没有名为 {options.sheet!r} 的工作表，现有：{'、'.join(names)}",
            )
        for sheet_name in [options.sheet] if options.sheet else names:
            rows = workbook.get_sheet_by_name(sheet_name).to_python(skip_empty_area=False)
            if rows or options.sheet or sheet_name == names[-1]:
                return rows
    except (calamine.CalamineError, OSError) as error:
        raise RefusalError(
            "damaged_file",
            f"{file_name}: the workbook cannot be read ({error})",
            f"{file_name}：工作簿无法读取",
        ) from error
    return []


def _text(cell: Any) -> str | None:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
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
