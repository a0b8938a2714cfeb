"""A copy of the last build with what was built anew put into it.

Rows of facts are exchanged by id. Sums are exact (integers and decimals), so a sum is what it was, without what the
old rows added, with what the new rows add. Distributions do not add up: those of the years in which a duration changed
are made again.
"""

# ruff: noqa: S608 - names come from contracts and this file

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from warehouse.checksums import rows_checksum
from warehouse.connections import writer
from warehouse.increment.conclusions import demand_same_conclusions, demand_same_fits
from warehouse.increment.scope import EVENTS, HANGING, TICKETS, is_outside
from warehouse.increment.workplace import workplace_dir
from warehouse.settings import Settings

#: Facts that are exchanged by id: their id column and the scope that lists the ids.
_BY_ID: Mapping[str, tuple[str, str]] = {
    "core.fct_tickets": ("ticket_id", "crm__tickets"),
    "core.fct_ticket_events": ("case_id", "crm__tickets"),
    "core.fct_ticket_intervals": ("case_id", "crm__tickets"),
    "core.fct_case_stages": ("case_id", "crm__tickets"),
    "core.bridge_case_teams": ("case_id", "crm__tickets"),
    "core.fct_open_cases": ("case_id", "crm__tickets"),
    "core.fct_reconciliation": ("ticket_id", "crm__tickets"),
    "core.fct_work_orders": ("work_order_id", "erp__work_orders"),
    "core.fct_parts_requests": ("request_id", "erp__parts_requests"),
    "core.fct_survey_responses": ("response_id", "survey__responses"),
    "core.fct_collaborations": ("collaboration_id", "crm__collaborations"),
    "core.fct_quality_inspections": ("inspection_id", "crm__quality_inspections"),
    "private.private_ticket_texts": ("ticket_id", "crm__tickets"),
    "private.private_comments": ("response_id", "survey__responses"),
}

#: Sums over facts that are exchanged by id.
_SUMMED = (
    "measures_tickets", "measures_ticket_stages", "measures_survey_responses", "measures_work_orders",
    "measures_parts_requests", "measures_quality_inspections", "measures_collaborations", "changes_open_cases",
)  # fmt: skip

#: Facts of which the sums of the rows that go are made.
_OF_SUMS = (
    "core.fct_tickets", "core.fct_case_stages", "core.bridge_case_teams", "core.fct_survey_responses",
    "core.fct_work_orders", "core.fct_parts_requests", "core.fct_quality_inspections", "core.fct_collaborations",
    "core.fct_open_cases",
)  # fmt: skip

#: Where each percentile table takes its durations from.
_DISTRIBUTED = {"percentiles_tickets": "contributions_tickets", "percentiles_work_orders": "contributions_work_orders"}

#: Made again from the exchanged facts and sums.
_MADE_AGAIN = ("measures_open_cases", "measures_spine")

_DIMENSIONS = ("dim_regions", "dim_root_causes", "dim_products", "dim_customers", "dim_dates", "dim_run", "dim_stages")


@dataclass(frozen=True)
class Increment:
    """The files of an increment: the last build (with its private file), the workplace, and dbt's compiled models."""

    base: Path
    base_private: Path
    workplace: Path
    compiled: Path

    def sql(self, model: str) -> str:
        """The SELECT of a model; raises FileNotFoundError when dbt did not build it."""
        return next(self.compiled.rglob(f"{model}.sql")).read_text(encoding="utf-8")


def merge(settings: Settings, increment: Increment, target: Path, private_target: Path) -> None:
    """Write the files of the build, and beside the workplace what gate 2 holds them to (`read_exchanged`).

    Raises FullBuildNeeded when a conclusion about all rows has changed.
    """
    shutil.copyfile(increment.base, target)
    shutil.copyfile(increment.base_private, private_target)
    with _opened(settings, target, increment, new_rows_file(settings)) as connection:
        demand_same_conclusions(connection)
        _take_old_sums(connection, increment)
        years = {table: _changed_years(connection, source) for table, source in _DISTRIBUTED.items()}
        _exchange_quarantined_rows(connection)
        _exchange_gone_rows(connection)
        exchanged = _exchange_rows(connection)
        demand_same_fits(connection)
        for table in _SUMMED:
            _exchange_sums(connection, table)
        for table in _MADE_AGAIN:
            _fill(connection, f"measures.{table}", increment.sql(table))
        connection.execute("checkpoint")
    for table, changed in years.items():
        _exchange_distributions(settings, increment, target, table, changed)
    private_rows = new_rows_file(settings).with_name("building.private.duckdb")
    with _opened(settings, private_target, increment, private_rows) as connection:
        _exchange_rows(connection)
        connection.execute("checkpoint")
    _exchanged_file(increment.workplace).write_text(json.dumps(exchanged), encoding="utf-8")


def new_rows_file(settings: Settings) -> Path:
    """What dbt built in the workplace: the rows that came."""
    return workplace_dir(settings) / "build" / "building.duckdb"


def read_exchanged(workplace: Path) -> dict[str, Any]:
    """Return the checksums of the rows that have gone (`gone`) and come (`come`), by the facts exchanged by id."""
    exchanged: dict[str, Any] = json.loads(_exchanged_file(workplace).read_text(encoding="utf-8"))
    return exchanged


def _exchanged_file(workplace: Path) -> Path:
    return workplace.with_name("exchanged.json")


@contextmanager
def _opened(settings: Settings, target: Path, increment: Increment, new: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The file that is written as `build`, beside the last build as `base`, what was built as `new`, and the scope."""
    attached = {"base": increment.base, "workplace": increment.workplace, "new": new}
    with writer(Path(":memory:"), settings, attached=attached, written={"build": target}) as connection:
        _insert_without_order(connection)
        connection.execute("use build")
        yield connection


def _insert_without_order(connection: duckdb.DuckDBPyConnection) -> None:
    """Row groups that are filled in order stay half empty, and the next checkpoint writes them again."""
    connection.execute("set preserve_insertion_order = false")


def _tables(connection: duckdb.DuckDBPyConnection, database: str) -> list[str]:
    rows = connection.execute(
        """
        select schema_name || '.' || table_name from duckdb_tables()
        where database_name = $database and not internal order by all
        """,
        {"database": database},
    ).fetchall()
    return [row[0] for row in rows]


def _exchange_rows(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Facts in scope by id; tables that were built of all their rows as a whole. Returns what has gone and come."""
    exchanged: dict[str, Any] = {}
    elsewhere = {
        *(f"measures.{table}" for table in (*_SUMMED, *_MADE_AGAIN, *_DISTRIBUTED)),
        "core.fct_quarantined_rows",
        "core.fct_gone_rows",
    }
    for table in _tables(connection, "build"):
        if table in elsewhere:
            continue
        if table in _BY_ID:
            key, scope = _BY_ID[table]
            touched = f"from build.{table} where {key} in (select id from workplace.scope.{scope})"
            exchanged[table] = {
                "gone": rows_checksum(connection, touched),
                "come": rows_checksum(connection, f"from new.{table}"),
            }
            connection.execute(f"delete {touched}")
            connection.execute(f"insert into build.{table} by name select * from new.{table}")
        elif rows_checksum(connection, f"from build.{table}") != rows_checksum(connection, f"from new.{table}"):
            # what is written anew leaves a hole in the file
            _fill(connection, table, f"select * from new.{table}")
    return exchanged


def _fill(connection: duckdb.DuckDBPyConnection, table: str, rows: str) -> None:
    connection.execute(f"truncate build.{table}")
    connection.execute(f"insert into build.{table} by name {rows}")


def _exchange_quarantined_rows(connection: duckdb.DuckDBPyConnection) -> None:
    """What landing did not quarantine are events that models rejected: in scope are those of its rows."""
    connection.execute("""
        create temp table kept as
        select * from base.core.fct_quarantined_rows as known
        where
            not exists (
                select 1 from workplace.meta.quarantine as landed
                where
                    known.extract_id = landed.extract_id and known.row_number = landed.row_number
                    and known.reason_code = landed.reason_code
            )
            and not exists (
                select 1 from workplace.raw.crm__ticket_events as events
                where known.extract_id = events._extract_id and known.row_number = events._row_number
            )
            and extract_id in (select extract_id from new.core.dim_extract_entries)
    """)
    _fill(
        connection, "core.fct_quarantined_rows",
        "(select * from new.core.fct_quarantined_rows union all select * from kept)",
    )  # fmt: skip


def _exchange_gone_rows(connection: duckdb.DuckDBPyConnection) -> None:
    """Keys of rows out of scope are as gone as they were; the file that said so first may have been taken back."""
    outside = " or ".join(
        f"(contract = '{contract.name}' and {is_outside(owner, 'row_id')})"
        for contract, owner in ((EVENTS, TICKETS), *((contract, contract) for contract in (TICKETS, *HANGING)))
    ).replace("from scope.", "from workplace.scope.")
    _fill(
        connection, "core.fct_gone_rows",
        f"(select * from new.core.fct_gone_rows union all select * from base.core.fct_gone_rows where {outside})",
    )  # fmt: skip


def _take_old_sums(connection: duckdb.DuckDBPyConnection, increment: Increment) -> None:
    """Tables `old_<measures>`: the sums of the rows that go, by the models themselves on those rows alone."""
    connection.execute("attach ':memory:' as old_rows")
    connection.execute("create schema old_rows.core; create schema old_rows.measures")
    for table in _OF_SUMS:
        key, scope = _BY_ID[table]
        connection.execute(f"""
            create table old_rows.{table} as
            select * from base.{table} where {key} in (select id from workplace.scope.{scope})
        """)
    for dimension in _DIMENSIONS:
        connection.execute(f"create view old_rows.core.{dimension} as select * from base.core.{dimension}")
    connection.execute("use old_rows")
    for (view,) in connection.execute(
        """
        select sql from duckdb_views()
        where database_name = 'base' and schema_name = 'measures' and not internal
            and list_contains($views, view_name)
        """,
        {
            "views": [
                f"contributions_{table.removeprefix('measures_').removeprefix('changes_')}"
                for table in _SUMMED
                if table != "measures_ticket_stages"
            ]
        },
    ).fetchall():
        connection.execute(view)
    for table in _SUMMED:
        sums = increment.sql(table).replace('"build".', "old_rows.")
        connection.execute(f"create table old_rows.measures.{table} as {sums}")
    connection.execute("use build")


def _keys_and_measures(connection: duckdb.DuckDBPyConnection, table: str) -> tuple[list[str], list[str]]:
    """The columns that say what is summed, which are texts and dates, and the sums."""
    rows = connection.execute(
        """
        select column_name, data_type in ('VARCHAR', 'DATE') from duckdb_columns()
        where database_name = 'base' and schema_name = 'measures' and table_name = $table order by column_index
        """,
        {"table": table},
    ).fetchall()
    return [name for name, is_key in rows if is_key], [name for name, is_key in rows if not is_key]


def _exchange_sums(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    keys, measures = _keys_and_measures(connection, table)
    by = ", ".join(keys)
    counted = "contributions" if "contributions" in measures else "stage_candidates"
    signed = {sign: ", ".join(f"{sign}{name} as {name}" for name in measures) for sign in ("-", "")}
    summed = ", ".join(f"sum({name}) as {name}" for name in measures)
    connection.execute(f"""
        create or replace temp table differences as
        select {by}, {summed} from (
            select {by}, {signed["-"]} from old_rows.measures.{table}
            union all by name
            select {by}, {signed[""]} from new.measures.{table}
        )
        group by {by}
        having {" or ".join(f"sum({name}) <> 0" for name in measures)}
    """)
    matched = " and ".join(f"sums.{key} = differences.{key}" for key in keys)
    connection.execute(f"""
        create or replace temp table results as
        select {by}, {summed} from (
            select sums.* from build.measures.{table} as sums
            where exists (select 1 from differences where {matched})
            union all by name
            select * from differences
        )
        group by {by}
        having sum({counted}) > 0
    """)
    connection.execute(f"delete from build.measures.{table} as sums using differences where {matched}")
    connection.execute(f"insert into build.measures.{table} by name select * from results")


def _changed_years(connection: duckdb.DuckDBPyConnection, contributions: str) -> list[int]:
    """The years in which any duration of the scope came, went or changed."""
    columns = _duration_columns(connection, contributions)
    old, new = (
        f"select {columns} from {database}.measures.{contributions} where local_date is not null"
        for database in ("old_rows", "new")
    )
    rows = connection.execute(
        f"""
        select distinct year(local_date) from (
            (from ({old}) except all from ({new})) union all (from ({new}) except all from ({old}))
        ) order by 1
        """
    ).fetchall()
    return [row[0] for row in rows]


def _duration_columns(connection: duckdb.DuckDBPyConnection, contributions: str) -> str:
    """Date, members and durations of a contribution: whatever a distribution may be made of."""
    rows = connection.execute(
        """
        select column_name from duckdb_columns()
        where database_name = 'new' and schema_name = 'measures' and table_name = $view
            and (column_name = 'local_date' or data_type = 'VARCHAR' or contains(column_name, '_seconds'))
        """,
        {"view": contributions},
    ).fetchall()
    return ", ".join(row[0] for row in rows)


def _exchange_distributions(
    settings: Settings, increment: Increment, target: Path, table: str, years: list[int]
) -> None:
    """Make the distributions of some years again, by the model itself on the contributions of those years."""
    if not years:
        return
    contributions = _DISTRIBUTED[table]
    asked = " or ".join(
        f"(local_date >= date '{year}-01-01' and local_date < date '{year + 1}-01-01')" for year in years
    )
    with writer(Path(":memory:"), settings, attached={}, written={"result": target}) as connection:
        _insert_without_order(connection)
        connection.execute("attach ':memory:' as build; create schema build.measures")
        connection.execute(
            f"create view build.measures.{contributions} as select * from result.measures.{contributions} where {asked}"
        )
        listed = ", ".join(map(str, years))
        connection.execute(f"delete from result.measures.{table} where year(period_start) in ({listed})")
        connection.execute(f"insert into result.measures.{table} by name {increment.sql(table)}")
        connection.execute("checkpoint result")
