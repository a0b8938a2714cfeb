"""Parquet as a table of texts whose cells keep their type beside the text: a view over the file, nothing is copied."""

# ruff: noqa: S608 - names are quoted, texts are literals or parameters; mapping SQL runs in the sandbox only

from collections.abc import Iterator
from pathlib import Path

import duckdb
from duckdb.sqltypes import DuckDBPyType

from landing.mapping_model import ReadOptions
from landing.quoting import identifier, literal
from landing.refusal import RefusalError
from landing.source_table import MAX_COLUMNS, SourceTable, clean_header, create_rejects, too_many_columns
from landing.typed_cells import TypedColumn, select_list, typed_column

#: Columns that repeat one value shrink to nothing, so few bytes may hold many rows; an export has at least a key.
_MAX_ROWS_PER_BYTE = 100
_RATIO_COUNTS_FROM_ROWS = 10_000_000
_MAX_RATIO = 1000
_RATIO_COUNTS_FROM = 1 << 30


def read_parquet(
    connection: duckdb.DuckDBPyConnection, path: Path, file_name: str, options: ReadOptions, name: str
) -> SourceTable:
    """Make view `name` over the file; `_row_number` is the position of the row in the file.

    Fields of structs are columns called `parent.field`, lists and maps are JSON text. Raises RefusalError for files
    that are damaged, absurdly large once unpacked, or that have two columns of one name.
    """
    try:
        rows = _check_size(connection, path, file_name)
        _check_names(connection, path, file_name)
        columns = list(_columns(connection, path))
        names = clean_header([column.name for column in columns], file_name)
        relation = f"read_parquet({literal(str(path))}, file_row_number = true)"
        connection.execute(
            f"create view {name}_cells as select file_row_number + 1 as _row_number, {select_list(columns, options)}"
            f" from {relation}"
        )
        create_rejects(connection, name)
        rejected = _reject_nul_rows(connection, name, columns, rows, file_name)
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error as error:
        raise _damaged(file_name, str(error)) from error
    kept = f" where _row_number not in (select row_number from {name}_rejects)" if rejected else ""
    connection.execute(f"create view {name} as select * from {name}_cells{kept}")
    found = {kind: {c.name: c.companion for c in columns if c.kind == kind} for kind in {c.kind for c in columns}}
    return SourceTable(
        name, names, rows - rejected, rejected, instants=found.get("instants", {}), dates=found.get("dates", {}),
        numbers=found.get("numbers", {}), zoned=found.get("zoned", {}),
    )  # fmt: skip


def _check_size(connection: duckdb.DuckDBPyConnection, path: Path, file_name: str) -> int:
    """Return the rows that the file declares."""
    found = connection.execute("select num_rows from parquet_file_metadata($path)", {"path": str(path)}).fetchone()
    unpacked = connection.execute(
        "select coalesce(sum(greatest(total_uncompressed_size, 0)), 0) from parquet_metadata($path)",
        {"path": str(path)},
    ).fetchone()
    rows, unpacked_bytes = int(found[0]) if found else 0, int(unpacked[0]) if unpacked else 0
    size = path.stat().st_size
    many_rows = rows > _RATIO_COUNTS_FROM_ROWS and rows > size * _MAX_ROWS_PER_BYTE
    if many_rows or (unpacked_bytes > _RATIO_COUNTS_FROM and unpacked_bytes > size * _MAX_RATIO):
        raise RefusalError(
            "archive_too_large",
            f"{file_name}: {size} bytes hold {rows} rows and unpack to {unpacked_bytes} bytes; this is no export",
            f"{file_name}：{size} 字节中声明了 {rows} 行、解压后 {unpacked_bytes} 字节，不像正常导出的文件",
        )
    return rows


def _check_names(connection: duckdb.DuckDBPyConnection, path: Path, file_name: str) -> None:
    """The reader would rename the second of two columns of one name without a word."""
    schema = connection.execute(
        "select name, coalesce(num_children, 0) from parquet_schema($path) limit $most",
        {"path": str(path), "most": MAX_COLUMNS * 4},
    ).fetchall()
    if len(schema) > MAX_COLUMNS:
        raise too_many_columns(file_name, len(schema))
    # the schema is listed depth first: a column's fields follow it
    top, inside = [], 0
    for name, children in schema[1:]:
        if not inside:
            top.append(name)
        else:
            inside -= 1
        inside += children
    clean_header(top, file_name)


def _columns(connection: duckdb.DuckDBPyConnection, path: Path) -> Iterator[TypedColumn]:
    relation = connection.sql(f"select * from read_parquet({literal(str(path))})")
    for name, kind in zip(relation.columns, relation.types, strict=True):
        yield from _flattened(name, identifier(name), kind)


def _flattened(name: str, sql: str, kind: DuckDBPyType) -> Iterator[TypedColumn]:
    if kind.id == "struct":
        for field, inner in kind.children:
            assert isinstance(inner, DuckDBPyType)  # noqa: S101 - fields of a struct are types
            yield from _flattened(f"{name}.{field}", f"{sql}.{identifier(field)}", inner)
    else:
        yield typed_column(name, sql, kind)


def _reject_nul_rows(
    connection: duckdb.DuckDBPyConnection, name: str, columns: list[TypedColumn], rows: int, file_name: str
) -> int:
    """Rows with a NUL byte go to the rejects; the scan also proves that the file can be read to its end."""
    texts = [identifier(column.name) for column in columns if column.is_text]
    condition = " or ".join(f"contains({text}, chr(0))" for text in texts) or "false"
    found = connection.execute(
        f"select count(*), count(*) filter (where coalesce({condition}, false)) from {name}_cells"
    ).fetchone()
    counted, rejected = (int(found[0]), int(found[1])) if found else (0, 0)
    if counted != rows:
        raise _damaged(file_name, f"it declares {rows} rows and has {counted}")
    if rejected:
        listed = ", ".join(identifier(column.name) for column in columns)
        connection.execute(
            f"""
            insert into {name}_rejects
            select _row_number, 'parse_nul_byte', 'The row holds a NUL byte.', to_json(cells)
            from (select _row_number, {listed} from {name}_cells where {condition}) as cells
            """
        )
    return rejected


def _damaged(file_name: str, reason: str) -> RefusalError:
    first = reason.splitlines()[0] if reason else ""
    return RefusalError(
        "damaged_file",
        f"{file_name}: this is no sound Parquet file ({first}); deliver it again",
        f"{file_name}：Parquet 文件损坏或不完整，请重新交付",
    )
