"""A file as a table of texts inside the parsing sandbox."""

from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, field

import duckdb

from landing.quoting import identifier
from landing.refusal import RefusalError

#: As many as a sheet of Excel has; more is no table that people work with.
MAX_COLUMNS = 16_384


@dataclass(frozen=True)
class SourceTable:
    """Where the rows of a file are: table `name` with `_row_number` and text columns, table `<name>_rejects`.

    A streamed source is a view over the file itself, without row numbers: the one entry that is made of it reads it
    once, and `keep_cells` makes it a table when rows must be shown whole.

    Cells of Excel and Parquet keep their type beside their text: `instants` (local times), `dates`, `numbers` and
    `zoned` (instants with their own zone) give, per text column, the column that holds the typed cell (null where the
    cell was something else).
    """

    name: str
    columns: tuple[str, ...]
    rows_parsed: int
    rows_rejected: int = 0
    instants: Dictionary[str, str] = field(default_factory=dict)
    dates: Dictionary[str, str] = field(default_factory=dict)
    numbers: Dictionary[str, str] = field(default_factory=dict)
    zoned: Dictionary[str, str] = field(default_factory=dict)
    #: True where records need not have all keys: one that none of them has is empty, not missing.
    has_optional_keys: bool = False
    #: Table behind a view `name`, in the order of the file: its row ids are the row numbers less one.
    cells: str | None = None
    #: SQL that scans the file, for a streamed source.
    scan: str | None = None

    def keep_cells(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Make sure that `rows_at` can be asked: a streamed file is read a second time, into a table."""
        if self.scan and self.cells:
            connection.execute(f"create table if not exists {self.cells} as {self.scan}")

    def rows_at(self, row_numbers: str) -> str:
        """Return SQL of the rows, text columns only, whose `_row_number` a select statement names."""
        if self.cells:
            # a row id is found without reading the other rows
            named = f"select _row_number - 1 from ({row_numbers})"  # noqa: S608
            return f"select rowid + 1 as _row_number, * from {self.cells} where rowid in ({named})"  # noqa: S608
        hidden = f"exclude ({', '.join(map(identifier, self.typed_columns))})" if self.typed_columns else ""
        return f"select * {hidden} from {self.name} where _row_number in ({row_numbers})"  # noqa: S608

    @property
    def rows_read(self) -> int:
        return self.rows_parsed + self.rows_rejected

    @property
    def rejects(self) -> str:
        """Table of rows that could not be split into cells: row_number, reason_code, reason, row_text."""
        return f"{self.name}_rejects"

    @property
    def typed_columns(self) -> tuple[str, ...]:
        return tuple(companion for companions in self.companions for companion in companions.values())

    @property
    def companions(self) -> tuple[Dictionary[str, str], ...]:
        """The dictionaries of typed cells, in the order of the fields of `value_sql.Cell`."""
        return (self.instants, self.dates, self.numbers, self.zoned)


def create_rejects(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Create the empty table of rejects of a source table."""
    connection.execute(
        f"create table {name}_rejects (row_number bigint, reason_code varchar, reason varchar, row_text varchar)"
    )


def clean_header(names: list[str], file_name: str) -> tuple[str, ...]:
    """Return the column names of a header: trimmed, a nameless one called `column_<position>`.

    Raises RefusalError when two columns have the same name (letter case does not tell them apart), when none has one
    or when there are absurdly many.
    """
    if len(names) > MAX_COLUMNS:
        raise too_many_columns(file_name, len(names))
    cleaned = [name.strip() or f"column_{position}" for position, name in enumerate(names, start=1)]
    if not any(name.strip() for name in names):
        raise RefusalError(
            "no_header",
            f"{file_name}: the header row is empty; the first row must name the columns",
            f"{file_name}：表头行为空，首行必须是列名",
        )
    if any("\0" in name for name in cleaned):
        raise RefusalError(
            "damaged_file",
            f"{file_name}: a column name holds a NUL byte; deliver the file again",
            f"{file_name}：列名中含有 NUL 字节，请重新交付",
        )
    seen: set[str] = {"_row_number"}
    for name in cleaned:
        if name.lower() in seen:
            raise RefusalError(
                "duplicate_column",
                f"{file_name}: two columns are called {name!r}; every column needs its own name",
                f"{file_name}：有两列都叫 {name!r}，每列必须有不同的名称",
            )
        seen.add(name.lower())
    return tuple(cleaned)


def too_many_columns(file_name: str, columns: int) -> RefusalError:
    """Return the refusal of a file whose header is absurd."""
    return RefusalError(
        "too_many_columns",
        f"{file_name}: the file has {columns} columns; at most {MAX_COLUMNS} are read",
        f"{file_name}：文件有 {columns} 列，最多读取 {MAX_COLUMNS} 列",
    )
