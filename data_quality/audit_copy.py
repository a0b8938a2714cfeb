"""A copy of what a view answers: a view of many branches is computed once, not once per check."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from data_quality.check import Check, quoted
from data_quality.gate_file import GateFile, open_gate_file
from data_quality.marts import Mart
from warehouse.connections import reader, writer
from warehouse.settings import Settings


@contextmanager
def open_audit_copy(path: Path, settings: Settings, mart: Mart, checks: Iterable[Check]) -> Iterator[GateFile]:
    """Open a small file with the rows of a view, and the columns of other tables that its checks need.

    The file is removed afterwards. No other connection of this process may have the build open meanwhile.
    """
    needed: dict[str, dict[str, None]] = {}
    for check in checks:
        for table, columns in check.needs.items():
            needed.setdefault(table, {}).update(dict.fromkeys(columns))
    selects = {
        table: f"select {', '.join(map(quoted, columns))} from {table}"  # noqa: S608
        for table, columns in needed.items()
    } | {mart.table: mart.source}
    with reader(path, settings) as build:
        rows = {table: build.execute(sql).to_arrow_table() for table, sql in selects.items()}
    copy = settings.temp_dir / f"audit-{path.stem}.duckdb"
    copy.unlink(missing_ok=True)
    try:
        with writer(copy, settings) as connection:
            for table, found in rows.items():
                connection.execute(f"create schema if not exists {table.split('.')[0]}")
                connection.register("found", found)
                connection.execute(f"create table {table} as select * from found")  # noqa: S608
                connection.unregister("found")
        with open_gate_file(copy, settings) as file:
            yield file
    finally:
        copy.unlink(missing_ok=True)
