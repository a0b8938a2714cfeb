"""The context of a build: which instant it shows, what was known then. One row that every model joins."""

from dataclasses import dataclass
from datetime import datetime

import duckdb

from warehouse.clock import now_utc
from warehouse.contract import load_contracts
from warehouse.errors import RefreshError
from warehouse.manifest import ExtractState
from warehouse.settings import Settings


@dataclass(frozen=True)
class RunContext:
    """`as_of` cuts business instants, `known_at` cuts landing times (ruling A1); both are UTC.

    `base_build_id` is the build that an increment is made upon, None for a full build.
    """

    build_id: str
    run_id: str
    as_of: datetime
    known_at: datetime
    company_zone: str
    company_calendar_id: str
    company_currency: str
    is_as_of_chosen: bool
    base_build_id: str | None = None


def newest_business_instant(connection: duckdb.DuckDBPyConnection, known_at: datetime) -> datetime | None:
    """Return the newest instant of accepted extracts that is no plan and not later than its landing (ruling A1)."""
    branches = [
        f"""
        select max({column}) as instant from raw.{contract.raw_table} as r
        where r._extract_id in (select extract_id from usable) and {column} <= r._extracted_at
        """  # noqa: S608 - names come from the contracts
        for contract in load_contracts().values()
        for column in contract.business_instants
        if contract.column(column).type == "instant"
    ]
    row = connection.execute(
        f"""
        with usable as (
            select extract_id from meta.extracts where state = $accepted and extracted_at <= $known_at
        )
        select max(instant) from ({" union all ".join(branches)})
        """,  # noqa: S608
        {"accepted": str(ExtractState.ACCEPTED), "known_at": known_at},
    ).fetchone()
    return row[0] if row else None


def make_context(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    *,
    build_id: str,
    run_id: str,
    as_of: datetime | None,
    known_at: datetime | None,
) -> RunContext:
    """Fix the context of a build; raises RefreshError when no accepted extract has any business instant."""
    known = known_at or now_utc()
    instant = as_of or newest_business_instant(connection, known)
    if instant is None:
        raise RefreshError("there is no accepted extract yet; put extracts into the landing folder and refresh again")
    return RunContext(
        build_id, run_id, instant, known, settings.zone, settings.calendar_id, settings.currency, as_of is not None
    )


def write_context(connection: duckdb.DuckDBPyConnection, context: RunContext) -> None:
    """Replace the one row of meta.run_context."""
    connection.begin()
    connection.execute("delete from meta.run_context")
    connection.execute("insert into meta.run_context values (?, ?, ?, ?, ?, ?, ?, ?, ?)", list(vars(context).values()))
    connection.commit()


def read_context(connection: duckdb.DuckDBPyConnection) -> RunContext:
    """Return the context of the build that runs; raises RefreshError before the first one."""
    row = connection.execute("select * from meta.run_context").fetchone()
    if row is None:
        raise RefreshError("no build has been started; run `aftercare refresh`")
    return RunContext(*row)
