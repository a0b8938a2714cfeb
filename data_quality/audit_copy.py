"""A copy of what a view answers: a view of many branches is computed once, not once per check."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from data_quality.check import Check, literal, quoted
from data_quality.gate_file import GateFile, open_gate_file
from data_quality.marts import Mart
from warehouse.connections import writer
from warehouse.settings import Settings

#: So many values of a view's first column are computed at a time: all at once take more memory than there is.
_VALUES_AT_A_TIME = 8


@contextmanager
def open_audit_copy(
    path: Path, settings: Settings, marts: Sequence[Mart], checks: Iterable[Check]
) -> Iterator[GateFile]:
    """Open a small file with the rows of views, and the columns of other tables that their checks need.

    The file is removed afterwards. No other connection of this process may have the build open meanwhile.
    """
    needed: dict[str, dict[str, None]] = {}
    for check in checks:
        for table, columns in check.needs.items():
            needed.setdefault(table, {}).update(dict.fromkeys(columns))
    copied = {mart.table for mart in marts}
    selects = {
        table: [f"select {', '.join(map(quoted, columns))} from {table}"]  # noqa: S608
        for table, columns in needed.items()
        if table not in copied
    }
    copy = settings.temp_dir / f"audit-{path.stem}.duckdb"
    copy.unlink(missing_ok=True)
    try:
        attached = {"build": path}
        with writer(Path(":memory:"), settings, attached=attached, written={"copy": copy}) as connection:
            connection.execute("use build")
            selects |= {mart.table: _in_parts(connection, mart) for mart in marts}
            for table, statements in selects.items():
                connection.execute(f"create schema if not exists copy.{table.split('.')[0]}")
                for position, statement in enumerate(statements):
                    into = f"insert into copy.{table}" if position else f"create table copy.{table} as"
                    connection.execute(f"{into} {statement}")
        with open_gate_file(copy, settings) as file:
            yield file
    finally:
        copy.unlink(missing_ok=True)


def _in_parts(build: duckdb.DuckDBPyConnection, mart: Mart) -> list[str]:
    if mart.parts is None:
        return [mart.source]
    column = mart.grain[0]
    found = build.execute(f"select distinct {column} from {mart.parts} order by 1").fetchall()  # noqa: S608
    values = [literal(row[0]) for row in found]
    starts = range(0, len(values), _VALUES_AT_A_TIME)
    chunks = [", ".join(values[start : start + _VALUES_AT_A_TIME]) for start in starts]
    return [f"select * from ({mart.source}) where {column} in ({chunk})" for chunk in chunks] or [mart.source]  # noqa: S608
