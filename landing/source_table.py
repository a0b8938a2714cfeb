"""A file as a table of texts inside the parsing sandbox."""

from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, field

import duckdb

from landing.refusal import RefusalError


@dataclass(frozen=True)
class SourceTable:
    """Where the rows of a file are: table `name` with `_row_number` and text columns, table `<name>_rejects`.

    Excel cells keep their type beside their text: `instants`, `dates` and `numbers` give, per text column, the
    column that holds the typed cell (null where the cell was something else).
    """

    name: str
    columns: tuple[str, ...]
    rows_parsed: int
    rows_rejected: int = 0
    instants: Dictionary[str, str] = field(default_factory=dict)
    dates: Dictionary[str, str] = field(default_factory=dict)
    numbers: Dictionary[str, str] = field(default_factory=dict)

    @property
    def rows_read(self) -> int:
        return self.rows_parsed + self.rows_rejected

    @property
    def rejects(self) -> str:
        """Table of rows that could not be split into cells: row_number, reason_code, reason, row_text."""
        return f"{self.name}_rejects"

    @property
    def typed_columns(self) -> tuple[str, ...]:
        return (*self.instants.values(), *self.dates.values(), *self.numbers.values())


def create_rejects(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Create the empty table of rejects of a source table."""
    connection.execute(
        f"create table {name}_rejects (row_number bigint, reason_code varchar, reason varchar, row_text varchar)"
    )


def clean_header(names: list[str], file_name: str) -> tuple[str, ...]:
    """Return the column names of a header: trimmed, a nameless one called `column_<position>`.

    Raises RefusalError when two columns have the same name (letter case does not tell them apart) or none has one.
    """
    cleaned = [name.strip() or f"column_{position}" for position, name in enumerate(names, start=1)]
    if not any(name.strip() for name in names):
        raise RefusalError(
            "no_header",
            f"{file_name}: the header row is empty; the first row must name the columns",
            f"{file_name}：表头行为空，首行必须是列名",
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
