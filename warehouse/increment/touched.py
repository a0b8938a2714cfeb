"""Which rows an increment builds anew: everything that new extracts or the passing of time can change, and what is
judged together with it.
"""

# ruff: noqa: S608 - names come from contracts and this file

from datetime import datetime

import duckdb

from warehouse.contract import Contract, get_contract
from warehouse.gone_rows import gone_sql, key_text, sightings_sql, snapshots_sql
from warehouse.increment.errors import FullBuildNeeded
from warehouse.increment.neighbours import close_scope, make_links
from warehouse.increment.scope import EVENTS, HANGING, REGISTERS, TICKETS, add, demand_few, has_rows, make_scope
from warehouse.increment.witnesses import add_witnesses
from warehouse.run_context import RunContext

#: A verdict is open for so many hours after an instant (rulings A5, D8, D11; C4 and E5 for what was asked for).
_HOURS_AFTER_RESOLUTION = (0, 168, 720)
_HOURS_AFTER_REQUEST = 24


def find_touched(connection: duckdb.DuckDBPyConnection, context: RunContext) -> int:
    """Fill schema `scope` and return the number of tickets in it.

    `landed` is the warehouse, `base` the last build, the opened file the workplace. Raises FullBuildNeeded when so
    much is touched that a full build is cheaper, or when the last build knows extracts that the warehouse does not.
    """
    make_scope(connection)
    shown_before = _shown_before(connection)
    _list_extracts(connection, context)
    _find_changed_rows(connection)
    _add_changed(connection)
    _add_elapsed(connection, shown_before, context.as_of)
    make_links(connection)
    close_scope(connection)
    add_witnesses(connection)
    close_scope(connection)
    return demand_few(connection)


def _shown_before(connection: duckdb.DuckDBPyConnection) -> datetime:
    row = connection.execute("select as_of from base.core.dim_run").fetchone()
    assert row is not None  # noqa: S101 - a published build has exactly one row
    return row[0]


def _list_extracts(connection: duckdb.DuckDBPyConnection, context: RunContext) -> None:
    """Which extracts counted before and count now, in the order in which staging ranks them."""
    connection.execute(
        """
        create temp table extracts as
        select
            extract_id,
            row_number() over (order by extracted_at, file_name, extract_id) as landing_order,
            state = 'accepted' and extracted_at <= $known_at as counts_now,
            extract_id in (select extract_id from base.core.dim_extract_entries) as counted_before
        from landed.meta.extracts
        """,
        {"known_at": context.known_at},
    )
    row = connection.execute(
        """
        select count(*) from (
            select distinct extract_id from base.core.dim_extract_entries
            anti join extracts using (extract_id)
        )
        """
    ).fetchone()
    if row and row[0]:
        raise FullBuildNeeded("the last build holds extracts that the warehouse does not know")
    connection.execute("delete from extracts where not counts_now and not counted_before")
    connection.execute("create temp view counting as select extract_id from extracts where counts_now")
    connection.execute(f"create temp table snapshots as {snapshots_sql('landed.', 'counting')}")
    connection.execute(f"create temp table sightings as {sightings_sql('landed.', 'counting', 'snapshots')}")


def _versions(contract: Contract, column: str, gone: str) -> str:
    """The row in force of each key among the extracts for which `column` holds (rulings A13, B1-B3).

    A key that its source no longer has is in force no more; of a ticket this is told with the row.
    """
    names = ", ".join(("_source_system", *contract.column_names))
    newest = f"{contract.version_column} desc nulls last, " if contract.version_column else ""
    return f"""
        select {names}, gone_since from (
            select versions.*, gone_since from versions
            left join {gone} as gone
                on gone.contract = '{contract.name}' and gone.source_system = versions._source_system
                and gone.row_key = {key_text(contract, "versions")}
        )
        where {column} {"" if contract is TICKETS else "and gone_since is null"}
        qualify row_number() over (
            partition by {", ".join(contract.key)}
            order by gone_since is not null, {newest}landing_order desc, _row_number desc
        ) = 1
    """


def _find_changed_rows(connection: duckdb.DuckDBPyConnection) -> None:
    """Tables `changed_<contract>`: both versions of every row that the extracts that came or went have changed."""
    _find_gone_rows(connection)
    for contract in (TICKETS, *HANGING, *map(get_contract, REGISTERS)):
        keys = ", ".join(contract.key)
        has_turned = has_rows(connection, f"(select 1 from turned where contract = '{contract.name}')")
        also_turned = (
            f"""
                union
                select {keys} from landed.raw.{contract.raw_table}
                where {key_text(contract)} in (select row_key from turned where contract = '{contract.name}')
        """
            if has_turned
            else ""
        )
        equal_keys = " and ".join(f"named.{key} is not distinct from raw.{key}" for key in contract.key)
        connection.execute(f"""
            create or replace temp table versions as
            with named as (
                select distinct {keys} from landed.raw.{contract.raw_table}
                where _extract_id in (select extract_id from extracts where counts_now <> counted_before)
                {also_turned}
            )
            select raw.*, landing_order, counts_now, counted_before
            from landed.raw.{contract.raw_table} as raw
            inner join extracts on raw._extract_id = extracts.extract_id
            where exists (select 1 from named where {equal_keys})
        """)
        before = _versions(contract, "counted_before", "gone_before")
        now = _versions(contract, "counts_now", "gone_now")
        connection.execute(f"""
            create temp table changed_{contract.raw_table} as
            with before as ({before}), now as ({now})
            (select * from before except all select * from now)
            union all
            (select * from now except all select * from before)
        """)


def _find_gone_rows(connection: duckdb.DuckDBPyConnection) -> None:
    """Tables `gone_before` and `gone_now`, and `turned`: rows that are gone, or back, or gone at another time."""
    columns = "contract, source_system, row_key, row_id, last_seen_at, gone_since"
    connection.execute(f"create temp table gone_before as select {columns} from base.core.fct_gone_rows")
    connection.execute("create temp table gone_now as from gone_before limit 0")
    for contract in (TICKETS, *HANGING, EVENTS, *map(get_contract, REGISTERS)):
        connection.execute(f"""
            insert into gone_now by name
            select '{contract.name}' as contract, * exclude (part)
            from ({gone_sql(contract, "landed.", "snapshots", "sightings")})
        """)
    listed = ", ".join(f"'{contract.name}'" for contract in (TICKETS, *HANGING, EVENTS, *map(get_contract, REGISTERS)))
    connection.execute(f"""
        create temp table turned as
        with before as (select * from gone_before where contract in ({listed}))
        (select * from before except all select * from gone_now)
        union all
        (select * from gone_now except all select * from before)
    """)


def _add_changed(connection: duckdb.DuckDBPyConnection) -> None:
    for contract in (TICKETS, *HANGING):
        add(connection, contract, f"select {contract.key[0]} from changed_{contract.raw_table}")
        add(connection, contract, f"select row_id from turned where contract = '{contract.name}'")
        _add_tickets_of(connection, contract, f"select * from changed_{contract.raw_table}")
    add(connection, TICKETS, f"select row_id from turned where contract = '{EVENTS.name}'")
    # of an event that comes again the newer row counts, and which row it is decides ties
    add(
        connection, TICKETS,
        f"""
        select ticket_id from landed.raw.{EVENTS.raw_table}
        where _extract_id in (select extract_id from extracts where counts_now <> counted_before)
        """,
    )  # fmt: skip
    for register, column in REGISTERS.items():
        connection.execute(
            f"create temp table changed_{column} as "
            f"select distinct {column} as id from changed_{get_contract(register).raw_table}"
        )


def _add_elapsed(connection: duckdb.DuckDBPyConnection, before: datetime, now: datetime) -> None:
    """What time alone changes: what was ahead of the last build, what is open, what is judged after a while."""
    # what begins at as-of itself is not seen before time goes on
    between = ">= $before and {} <= $now"
    times = {"before": before, "now": now}
    for contract in (TICKETS, EVENTS, *HANGING):
        instants = [column.name for column in contract.columns if column.type == "instant"]
        shown = " or ".join(f"({name} {between.format(name)})" for name in instants)
        if "requested_at" in instants:
            due = f"(requested_at + interval {_HOURS_AFTER_REQUEST} hours)"
            shown += f" or ({due} {between.format(due)})"
        _add_rows(connection, contract, shown, times)
    judged = " or ".join(
        f"(({instant} + interval {hours} hours) {between.format(f'({instant} + interval {hours} hours)')})"
        for instant in ("first_resolved_at", "stable_resolved_at", "standing_resolved_at")
        for hours in _HOURS_AFTER_RESOLUTION
    )
    add(
        connection, TICKETS,
        f"""
        select ticket_id from base.core.fct_tickets
        where
            -- what goes on ends at as-of
            ticket_id in (select case_id from base.core.fct_ticket_intervals where is_censored)
            or is_response_pending or is_half_an_hour_pending
            or (due_at {between.format("due_at")})
            or {judged}
        """,
        times,
    )  # fmt: skip
    # a ticket that is gone is deleted at as-of, until as-of has passed the snapshot that says so
    add(
        connection, TICKETS,
        "select row_id from base.core.fct_gone_rows where contract = 'crm.tickets' and gone_since >= $before",
        {"before": before},
    )  # fmt: skip
    # posts begin on local days, whatever the zone
    connection.execute(
        """
        insert into changed_employee_id
        select employee_id from landed.raw.erp__employees
        where effective_from >= cast($before as date) - 1 and effective_from <= cast($now as date) + 1
        """,
        times,
    )
    for contract in (TICKETS, EVENTS, *HANGING):
        for column in contract.columns:
            register = "employee_id" if column.pii == "employee" else column.name
            if register in REGISTERS.values() and has_rows(connection, f"changed_{register}"):
                _add_rows(connection, contract, f"{column.name} in (select id from changed_{register})")


def _add_rows(
    connection: duckdb.DuckDBPyConnection, contract: Contract, condition: str, values: dict[str, datetime] | None = None
) -> None:
    """Add the rows of a contract that meet a condition, and their tickets."""
    rows = f"""
        select * from landed.raw.{contract.raw_table}
        where _extract_id in (select extract_id from extracts) and ({condition})
    """
    if contract is EVENTS:
        add(connection, TICKETS, f"select ticket_id from ({rows})", values)
    else:
        add(connection, contract, f"select {contract.key[0]} from ({rows})", values)
        _add_tickets_of(connection, contract, rows, values)


def _add_tickets_of(
    connection: duckdb.DuckDBPyConnection, contract: Contract, rows: str, values: dict[str, datetime] | None = None
) -> None:
    if contract is not TICKETS:
        add(connection, TICKETS, f"select ticket_id from ({rows})", values)
