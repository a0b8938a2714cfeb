"""A DuckDB file under audit: opened read-only, asked by Great Expectations and by our own SQL."""

import logging
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from data_quality.check import BATCH, Check
from data_quality.duckdb_dialect import gate_url, register_dialect
from warehouse.settings import Settings

_ROW_COUNT = "ExpectTableRowCountToBeBetween"
_OWN_SQL = "UnexpectedRowsExpectation"


@dataclass(frozen=True)
class Observation:
    """What Great Expectations saw: the number of bad rows, or why it could not look."""

    bad_rows: int | None
    error: str | None = None


class GateFile:
    """Answers SQL and evaluates suites on one file; `open_gate_file` opens and closes it.

    Great Expectations is imported by the first suite (or `import_ahead`), because that takes seconds and a gate
    without candidates needs none of it.
    """

    def __init__(self, path: Path, settings: Settings) -> None:
        register_dialect()
        self._url = gate_url(path, settings)
        self._engine = sa.create_engine(self._url)
        self._source: Any = None
        self._assets = 0

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Run one statement and return its rows; raises sqlalchemy.exc.SQLAlchemyError."""
        with self._engine.connect() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(sql).fetchall()]

    def records(self, sql: str) -> list[dict[str, Any]]:
        """Run one statement and return its rows by column name."""
        with self._engine.connect() as connection:
            return [dict(row) for row in connection.exec_driver_sql(sql).mappings().fetchall()]

    def number(self, sql: str) -> Any:
        """Return the only value of a statement."""
        return self.rows(sql)[0][0]

    def evaluate(self, suite: str, source: str, checks: Sequence[Check]) -> list[Observation]:
        """Let Great Expectations evaluate checks on the rows of a select statement, in the order of the checks.

        The suite carries the name of the table it guards. Raises what Great Expectations raises when it cannot
        even start; an expectation that breaks becomes an Observation with an error.
        """
        if not checks:
            return []
        import great_expectations as gx
        import great_expectations.expectations as gxe

        if self._source is None:
            self._source = _quiet_context(gx).data_sources.add_sql(name="gate", connection_string=self._url)
        self._assets += 1
        asset = self._source.add_query_asset(name=f"{suite} {self._assets}", query=source)
        batch = asset.add_batch_definition_whole_table("all").get_batch()
        expectations = [_expectation(gxe, check, position) for position, check in enumerate(checks)]
        outcome = batch.validate(
            gx.ExpectationSuite(name=suite, expectations=expectations),
            result_format={"result_format": "BASIC", "partial_unexpected_count": 0},
        )
        # Great Expectations sorts results its own way: the position in meta brings them back into ours
        by_position = {item.expectation_config.meta["position"]: item for item in outcome.results}
        return [_observe(check, by_position[position]) for position, check in enumerate(checks)]

    def close(self) -> None:
        """Let go of the file, so that a writer may open it."""
        if self._source is not None:
            self._source.get_execution_engine().close()
            self._source.get_engine().dispose()
        self._engine.dispose()


@cache
def import_ahead() -> None:
    """Import Great Expectations in the background: it takes seconds, in which landing waits for its parser anyway."""
    threading.Thread(target=import_module, args=("great_expectations",), daemon=True).start()


@contextmanager
def open_gate_file(path: Path, settings: Settings) -> Iterator[GateFile]:
    """Open a DuckDB file for a gate and close it afterwards."""
    file = GateFile(path, settings)
    try:
        yield file
    finally:
        file.close()


def _quiet_context(gx: Any) -> Any:
    """An ephemeral context: nothing on disk, no Data Docs, no progress bars, no analytics."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    return context


def _expectation(gxe: Any, check: Check, position: int) -> Any:
    arguments = dict(check.arguments)
    if check.expectation == _OWN_SQL:
        # Great Expectations formats the query: every brace but the batch's must be doubled
        escaped = check.bad_rows.replace("{", "{{").replace("}", "}}").replace("{" + BATCH + "}", BATCH)
        arguments["unexpected_rows_query"] = escaped
    return getattr(gxe, check.expectation)(**arguments, meta={"position": position, "rule": check.rule.id})


def _observe(check: Check, result: Any) -> Observation:
    error = _error_of(result.exception_info)
    if error is not None:
        return Observation(None, error)
    if check.expectation == _ROW_COUNT:
        return Observation(0 if result.success else 1)
    counted = result.result.get("observed_value" if check.expectation == _OWN_SQL else "unexpected_count")
    if counted is None and result.result.get("element_count") == 0:
        return Observation(0)  # the sum over no rows is null
    if counted is None:
        return Observation(None, f"{check.expectation} returned no count")
    return Observation(int(counted))


def _error_of(info: Any) -> str | None:
    """Return the first exception message; Great Expectations nests one entry per metric when a metric broke."""
    if not info:
        return None
    entries = [info] if "raised_exception" in info else list(info.values())
    for entry in entries:
        if entry.get("raised_exception"):
            return str(entry.get("exception_message") or "no message").strip().splitlines()[0]
    return None
