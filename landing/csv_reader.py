"""CSV as a table of texts: explicit dialect, strict, every row either in the table or among the rejects."""

# ruff: noqa: S608 - names are quoted, texts are literals or parameters; mapping SQL runs in the sandbox only

import duckdb

from landing.mapping_model import ReadOptions
from landing.quoting import identifier, literal, text_list
from landing.refusal import RefusalError
from landing.source_table import SourceTable, clean_header, create_rejects
from landing.text_file import TextFile, count_records_exactly


def read_csv(
    connection: duckdb.DuckDBPyConnection, file: TextFile, file_name: str, options: ReadOptions, name: str
) -> SourceTable:
    """Load a prepared text file into table `name`; `_row_number` is the position of the data row in the file.

    Raises RefusalError when the header is not usable or an independent count of the rows disagrees.
    """
    columns = clean_header(file.header, file_name)
    _scan(connection, file, file_name, columns, options, f"{name}_cells")
    parsed = _count(connection, f"{name}_cells")
    rejected = _count(connection, f"(select distinct line from {name}_errors)")
    counted = file.records
    blanks: list[int] = []
    if counted != parsed + rejected or rejected:
        counted, blanks = count_records_exactly(file.path, options)
    if counted != parsed + rejected:
        raise RefusalError(
            "unaccounted_rows",
            f"{file_name}: {parsed} rows were read and {rejected} rejected, but the file has {counted}; check its "
            "delimiter and quotes",
            f"{file_name}：读取 {parsed} 行、拒绝 {rejected} 行，但文件共有 {counted} 行，请检查分隔符和引号",
        )
    create_rejects(connection, name)
    _number_rejects(connection, name, blanks, options.skip, rejected)
    _number_rows(connection, name, columns, counted, rejected)
    if file.has_nul:
        rejected += _reject_nul_rows(connection, name, columns)
    cells = f"{name}_cells" if _is_view(connection, name) else None
    return SourceTable(name, columns, rows_parsed=counted - rejected, rows_rejected=rejected, cells=cells)


def stream_csv(
    connection: duckdb.DuckDBPyConnection, file: TextFile, file_name: str, options: ReadOptions, name: str
) -> SourceTable:
    """Return a prepared text file as view `name` that scans it; `is_read_whole` tells afterwards whether it could.

    Raises RefusalError when the header is not usable.
    """
    columns = clean_header(file.header, file_name)
    scan = _scan_sql(file, columns, options, name)
    connection.execute(f"create view {name} as select cast(null as bigint) as _row_number, * from ({scan})")
    create_rejects(connection, name)
    return SourceTable(name, columns, rows_parsed=file.records, cells=f"{name}_cells", scan=scan)


def is_read_whole(connection: duckdb.DuckDBPyConnection, source: SourceTable, rows: int) -> bool:
    """True when a streamed file gave as many rows as an independent count found, and no reject."""
    return rows == source.rows_parsed and _count(connection, f"{source.name}_errors") == 0


def drop_stream(connection: duckdb.DuckDBPyConnection, source: SourceTable) -> None:
    """Forget a streamed source, so that the file can be read row by row under the same name."""
    connection.execute(f"drop view {source.name}")
    for table in (source.rejects, f"{source.name}_errors", f"{source.name}_scans"):
        connection.execute(f"drop table if exists {table}")


def _scan(
    connection: duckdb.DuckDBPyConnection, file: TextFile, file_name: str, columns: tuple[str, ...],
    options: ReadOptions, table: str,
) -> None:  # fmt: skip
    try:
        connection.execute(f"create table {table} as {_scan_sql(file, columns, options, table.removesuffix('_cells'))}")
    except duckdb.InvalidInputException as error:
        raise RefusalError(
            "unreadable_text",
            f"{file_name}: rows cannot be told apart ({str(error).splitlines()[0]}); check its line ends and quotes",
            f"{file_name}：无法区分各行，请检查换行符和引号",
        ) from error


def _scan_sql(file: TextFile, columns: tuple[str, ...], options: ReadOptions, name: str) -> str:
    types = ", ".join(f"{literal(column)}: 'varchar'" for column in columns)
    return f"""
        select * from read_csv(
            {literal(str(file.path))}, columns = {{{types}}}, auto_detect = false, header = true,
            delim = {literal(options.delimiter)}, quote = {literal(options.quote)}, escape = {literal(options.quote)},
            skip = {options.skip}, nullstr = [{text_list(tuple(dict.fromkeys(("", *options.null_values))))}],
            strict_mode = true, null_padding = false, compression = 'none', store_rejects = true, rejects_limit = 0,
            rejects_table = '{name}_errors', rejects_scan = '{name}_scans'
        )
    """


def _count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    row = connection.execute(f"select count(*) from {relation}").fetchone()
    return int(row[0]) if row else 0


def _number_rejects(
    connection: duckdb.DuckDBPyConnection, name: str, blanks: list[int], skip: int, rejected: int
) -> None:
    """The reader counts records from the top of the file, blank lines included; data rows count without."""
    if not rejected:
        return
    connection.execute(
        f"""
        insert into {name}_rejects
        select
            line - 1 - {skip} - len(list_filter($blanks, blank -> blank + {skip} < line)) as row_number,
            'parse_' || lower(replace(any_value(error_type::varchar), ' ', '_')) as reason_code,
            any_value(error_message) as reason,
            to_json(ltrim(any_value(csv_line), chr(10) || chr(13))) as row_text
        from {name}_errors
        group by line
        """,
        {"blanks": blanks},
    )


def _number_rows(
    connection: duckdb.DuckDBPyConnection, name: str, columns: tuple[str, ...], counted: int, rejected: int
) -> None:
    if rejected:
        connection.execute(
            f"""
            create table {name} as
            select numbers._row_number, cells.*
            from (
                select range as _row_number from range(1, {counted} + 1)
                where range not in (select row_number from {name}_rejects) order by range
            ) as numbers
            positional join {name}_cells as cells
            """
        )
        connection.execute(f"drop table {name}_cells")
    else:
        # A fresh table keeps the order of the file, so its row ids are the row numbers less one.
        listed = ", ".join(identifier(column) for column in columns)
        connection.execute(f"create view {name} as select rowid + 1 as _row_number, {listed} from {name}_cells")


def _reject_nul_rows(connection: duckdb.DuckDBPyConnection, name: str, columns: tuple[str, ...]) -> int:
    condition = " or ".join(f"contains({identifier(column)}, chr(0))" for column in columns)
    connection.execute(f"create table {name}_nul as select * from {name} where {condition}")
    connection.execute(
        f"""
        insert into {name}_rejects
        select _row_number, 'parse_nul_byte', 'The row holds a NUL byte.', to_json(rows)
        from {name}_nul as rows
        """
    )
    connection.execute(f"create table {name}_clean as select * from {name} where not coalesce({condition}, false)")
    connection.execute(f"drop {'view' if _is_view(connection, name) else 'table'} {name}")
    connection.execute(f"alter table {name}_clean rename to {name}")
    return _count(connection, f"{name}_nul")


def _is_view(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
    row = connection.execute("select count(*) from duckdb_views() where view_name = $name", {"name": name}).fetchone()
    return bool(row and row[0])
