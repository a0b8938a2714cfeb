"""The small warehouse of an increment: the rows in scope of what hangs on tickets, everything else as it is.

dbt builds in it exactly as it builds in the large one; it lies in `build/increment` of the home.
"""

# ruff: noqa: S608 - names come from contracts and this file

import shutil
from pathlib import Path

import duckdb

from warehouse.builds import Build, published_file
from warehouse.connections import writer
from warehouse.contract import load_contracts
from warehouse.increment.scope import EVENTS, HANGING, TICKETS
from warehouse.increment.touched import find_touched
from warehouse.manifest import prepare_warehouse
from warehouse.run_context import RunContext
from warehouse.settings import Settings

_MANIFEST = (
    "meta.extracts", "meta.extract_entries", "meta.quarantine", "meta.bad_cells", "meta.source_capabilities",
    "meta.run_context", "meta.corrections", "private.identities",
)  # fmt: skip


def workplace_dir(settings: Settings) -> Path:
    return settings.build_dir / "increment"


def workplace_file(settings: Settings) -> Path:
    """The small warehouse; under the name that dbt knows."""
    return workplace_dir(settings) / settings.warehouse_file.name


def make_workplace(settings: Settings, base: Build, context: RunContext) -> int:
    """Write the small warehouse and return the number of tickets in it.

    Raises FullBuildNeeded when an increment on that build would not pay or not be possible.
    """
    folder = workplace_dir(settings)
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "build").mkdir(parents=True)
    attached = {"landed": settings.warehouse_file, "base": published_file(settings, base.build_id)}
    with writer(workplace_file(settings), settings, attached=attached) as connection:
        prepare_warehouse(connection)
        touched = find_touched(connection, context)
        _copy_rows(connection)
        _sum_up_elsewhere(connection)
    return touched


def _copy_rows(connection: duckdb.DuckDBPyConnection) -> None:
    scopes = {contract.name: (contract.key[0], contract.raw_table) for contract in (TICKETS, *HANGING)}
    scopes[EVENTS.name] = ("ticket_id", TICKETS.raw_table)
    for contract in load_contracts().values():
        condition = "true"
        if contract.name in scopes:
            key, scope = scopes[contract.name]
            condition = f"{key} in (select id from scope.{scope})"
        connection.execute(f"""
            insert into raw.{contract.raw_table} by name
            select * from landed.raw.{contract.raw_table}
            where _extract_id in (select extract_id from extracts where counts_now) and {condition}
        """)
    for table in _MANIFEST:
        connection.execute(f"insert into {table} by name select * from landed.{table}")


def _sum_up_elsewhere(connection: duckdb.DuckDBPyConnection) -> None:
    """What the tickets outside say of their source: some causes of a difference are judged by the source as a whole."""
    connection.execute("""
        insert into meta.reconciliation_elsewhere
        select
            source_system,
            max(case when verdict = 'reopened_count' then cast(source_value as bigint) end),
            count(*) filter (where verdict = 'reassigned_count'),
            count(own_value) filter (where verdict = 'reassigned_count'),
            count(*) filter (where verdict = 'reassigned_count' and is_equal),
            count(*) filter (where is_equal_by_holder),
            count(*) filter (where is_equal_by_person)
        from base.core.fct_reconciliation
        where ticket_id not in (select id from scope.crm__tickets)
        group by source_system
    """)
