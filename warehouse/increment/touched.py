"""Which rows an increment builds anew: everything that new extracts or the passing of time can change, and what is
judged together with it.

The result are tables of ids in schema `scope` of the workplace: `scope.crm__tickets` and one per contract whose rows
hang on tickets. Other contracts are small and built anew as a whole.
"""

# ruff: noqa: S608 - names come from contracts and this file

from collections.abc import Iterator
from datetime import datetime

import duckdb

from warehouse.contract import Contract, get_contract
from warehouse.increment.errors import FullBuildNeeded
from warehouse.run_context import RunContext

TICKETS = get_contract("crm.tickets")
EVENTS = get_contract("crm.ticket_events")

ORDERS = get_contract("erp.work_orders")
REQUESTS = get_contract("erp.parts_requests")
RESPONSES = get_contract("survey.responses")
COLLABORATIONS = get_contract("crm.collaborations")
INSPECTIONS = get_contract("crm.quality_inspections")

#: Contracts whose rows hang on tickets and have an id of their own.
HANGING = (ORDERS, REQUESTS, RESPONSES, COLLABORATIONS, INSPECTIONS)

#: Registers, and the columns that say who or what they are about.
REGISTERS = {
    "erp.employees": "employee_id",
    "erp.products": "product_id",
    "crm.customers": "customer_id",
}

#: Above this share of all tickets an increment costs more than it saves.
LARGEST_SHARE = 0.25

#: A verdict is open for so many hours after an instant (rulings A5, D8, D11; C4 and E5 for what was asked for).
_HOURS_AFTER_RESOLUTION = (0, 168, 720)
_HOURS_AFTER_REQUEST = 24

#: Dimensions with members that only facts know: their member, and the columns of contracts that name it.
NAMED_BY = {
    "dim_employees": ("employee_id", {
        TICKETS: "agent_id", EVENTS: "agent_id", ORDERS: "employee_id", RESPONSES: "agent_id",
        INSPECTIONS: "agent_id",
    }),
    "dim_products": ("product_id", {TICKETS: "product_id", ORDERS: "product_id"}),
    "dim_regions": ("region_id", {TICKETS: "region_id", ORDERS: "region_id", RESPONSES: "region_id"}),
    "dim_root_causes": ("root_cause_id", {TICKETS: "root_cause_id"}),
    "dim_teams": ("team_id", {TICKETS: "team_id", EVENTS: "team_id", COLLABORATIONS: "requesting_team_id"}),
}  # fmt: skip

#: What rows of the last build can prove about their source: table, its id, and the columns (ruling B21).
_PROOFS = (
    ("fct_tickets", "ticket_id", (
        "source_first_response_at", "source_resolved_at", "source_closed_at", "is_escalated", "resolution_mode",
        "asset_id", "customer_id", "nullif(case_type, 'unknown')",
    )),
    ("fct_ticket_events", "ticket_id", ("status", "agent_id")),
    ("fct_work_orders", "work_order_id", ("arrived_at",)),
    ("fct_collaborations", "collaboration_id", ("responded_at",)),
)  # fmt: skip


def find_touched(connection: duckdb.DuckDBPyConnection, context: RunContext) -> int:
    """Fill schema `scope` and return the number of tickets in it.

    `landed` is the warehouse, `base` the last build, the opened file the workplace. Raises FullBuildNeeded when so
    much is touched that a full build is cheaper, or when the last build knows extracts that the warehouse does not.
    """
    connection.execute("create schema scope")
    for contract in (TICKETS, *HANGING):
        connection.execute(f"create table scope.{contract.raw_table} (id varchar primary key)")
    shown_before = _shown_before(connection)
    _list_extracts(connection, context)
    _find_changed_rows(connection)
    _add_changed(connection)
    _add_elapsed(connection, shown_before, context.as_of)
    _make_links(connection)
    _close(connection)
    _add_witnesses(connection)
    _close(connection)
    return _demand_few(connection)


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
            row_number() over (order by extracted_at, loaded_at, extract_id) as landing_order,
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


def _versions(contract: Contract, column: str) -> str:
    """The row in force of each key among the extracts for which `column` holds (rulings A13, B1-B3)."""
    names = ", ".join(("_source_system", *contract.column_names))
    newest = f"{contract.version_column} desc nulls last, " if contract.version_column else ""
    return f"""
        select {names} from versions where {column}
        qualify row_number() over (
            partition by {", ".join(contract.key)} order by {newest}landing_order desc, _row_number desc
        ) = 1
    """


def _find_changed_rows(connection: duckdb.DuckDBPyConnection) -> None:
    """Tables `changed_<contract>`: both versions of every row that the extracts that came or went have changed."""
    for contract in (TICKETS, *HANGING, *map(get_contract, REGISTERS)):
        keys = ", ".join(contract.key)
        equal_keys = " and ".join(f"named.{key} is not distinct from raw.{key}" for key in contract.key)
        connection.execute(f"""
            create or replace temp table versions as
            with named as (
                select distinct {keys} from landed.raw.{contract.raw_table}
                where _extract_id in (select extract_id from extracts where counts_now <> counted_before)
            )
            select raw.*, landing_order, counts_now, counted_before
            from landed.raw.{contract.raw_table} as raw
            inner join extracts on raw._extract_id = extracts.extract_id
            where exists (select 1 from named where {equal_keys})
        """)
        before, now = _versions(contract, "counted_before"), _versions(contract, "counts_now")
        connection.execute(f"""
            create temp table changed_{contract.raw_table} as
            with before as ({before}), now as ({now})
            (select * from before except all select * from now)
            union all
            (select * from now except all select * from before)
        """)


def _add_changed(connection: duckdb.DuckDBPyConnection) -> None:
    for contract in (TICKETS, *HANGING):
        _add(connection, contract, f"select {contract.key[0]} from changed_{contract.raw_table}")
        _add_tickets_of(connection, contract, f"select * from changed_{contract.raw_table}")
    # of an event that comes again the newer row counts, and which row it is decides ties
    _add(
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
    _add(
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
            if register in REGISTERS.values() and _has_rows(connection, f"changed_{register}"):
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
        _add(connection, TICKETS, f"select ticket_id from ({rows})", values)
    else:
        _add(connection, contract, f"select {contract.key[0]} from ({rows})", values)
        _add_tickets_of(connection, contract, rows, values)


def _add_tickets_of(
    connection: duckdb.DuckDBPyConnection, contract: Contract, rows: str, values: dict[str, datetime] | None = None
) -> None:
    if contract is not TICKETS:
        _add(connection, TICKETS, f"select ticket_id from ({rows})", values)


def _add(
    connection: duckdb.DuckDBPyConnection, contract: Contract, ids: str, values: dict[str, datetime] | None = None
) -> int:
    """Add ids to the scope of a contract; returns how many were not there yet."""
    row = connection.execute(
        f"""
        insert into scope.{contract.raw_table}
        select distinct id from ({ids}) as found(id)
        where id is not null and id not in (select id from scope.{contract.raw_table})
        """,
        values or {},
    ).fetchone()
    return int(row[0]) if row else 0


def _make_links(connection: duckdb.DuckDBPyConnection) -> None:
    """What is judged together: `pairs` of rows, and tickets by what they are about (`groups`), of any version.

    A repeat is a case about the same asset or, where the asset is not known, the same customer, product and cause
    (ruling D11); a merged ticket is part of another one (D14); a complaint is charged to who solved what it is about
    (F4).
    """
    connection.execute("""
        create temp table about as
        select distinct
            ticket_id, asset_id, merged_into_ticket_id, related_ticket_id,
            case
                when customer_id is not null and product_id is not null and root_cause_id is not null
                    then hash(customer_id, product_id, root_cause_id)
            end as fault
        from landed.raw.crm__tickets
        where _extract_id in (select extract_id from extracts)
    """)
    connection.execute("""
        create temp table groups as
        select ticket_id as id, hash(asset_id) as about from about where asset_id is not null
        union all
        select ticket_id as id, fault as about from about
        where fault in (select fault from about where asset_id is null and fault is not null)
    """)
    connection.execute("""
        create temp table pairs as
        select ticket_id as one, merged_into_ticket_id as other from about where merged_into_ticket_id is not null
        union
        select ticket_id as one, related_ticket_id as other from about where related_ticket_id is not null
    """)
    for contract in HANGING:
        connection.execute(f"""
            create temp table tickets_of_{contract.raw_table} as
            select distinct {contract.key[0]} as id, ticket_id from landed.raw.{contract.raw_table}
            where ticket_id is not null and _extract_id in (select extract_id from extracts)
        """)
    connection.execute("""
        create temp table order_of_request as
        select distinct request_id as id, work_order_id from landed.raw.erp__parts_requests
        where work_order_id is not null and _extract_id in (select extract_id from extracts)
    """)


def _close(connection: duckdb.DuckDBPyConnection) -> None:
    """Add what is judged together with what is there, until nothing is added."""
    while sum(_add(connection, contract, ids) for contract, ids in _neighbours()):
        _demand_few(connection)


def _neighbours() -> Iterator[tuple[Contract, str]]:
    tickets = "(select id from scope.crm__tickets)"
    yield TICKETS, f"select other from pairs where one in {tickets}"
    yield TICKETS, f"select one from pairs where other in {tickets}"
    yield (
        TICKETS,
        f"select id from groups where about in (select about from groups where id in {tickets})",
    )
    for contract in HANGING:
        mine = f"tickets_of_{contract.raw_table}"
        yield contract, f"select id from {mine} where ticket_id in {tickets}"
        yield (
            TICKETS,
            f"select ticket_id from {mine} where id in (select id from scope.{contract.raw_table})",
        )
    yield (
        REQUESTS,
        "select id from order_of_request where work_order_id in (select id from scope.erp__work_orders)",
    )
    yield (
        ORDERS,
        "select work_order_id from order_of_request where id in (select id from scope.erp__parts_requests)",
    )


def _add_witnesses(connection: duckdb.DuckDBPyConnection) -> None:
    """Add an untouched row for everything that models conclude from the existence of any row.

    What a source can tell, on which day data begin, and which members of a dimension only facts know: with one row
    that proves it, a build of few rows concludes what a build of all rows concludes. `merged` compares the outcome.
    """
    for table, key, columns in _PROOFS:
        contract = next((c for c in (TICKETS, *HANGING) if c.key[0] == key), TICKETS)
        for column in columns:
            _add(
                connection,
                contract,
                f"""
                select arg_min({key}, {key}) from base.core.{table}
                where {column} is not null and {_is_outside(contract, key)} group by source_system
            """,
            )
    _add(
        connection,
        TICKETS,
        f"""
        select arg_min(ticket_id, ticket_id) from base.core.fct_ticket_events
        where {_is_outside(TICKETS, "ticket_id")} group by source_system, event_type
    """,
    )
    for instant, condition in (("opened_at", "true"), ("case_opened_at", "ticket_id = case_id")):
        _add(
            connection,
            TICKETS,
            f"""
            select arg_min(ticket_id, {instant}) from base.core.fct_tickets
            where {condition} and {_is_outside(TICKETS, "ticket_id")} group by region_id
        """,
        )
    for dimension, (member, columns_of) in NAMED_BY.items():
        unregistered = f"(select {member} from base.core.{dimension} where not is_registered)"
        if not _has_rows(connection, f"({unregistered})"):
            continue
        for contract, column in columns_of.items():
            owner, key = (TICKETS, "ticket_id") if contract is EVENTS else (contract, contract.key[0])
            _add(
                connection,
                owner,
                f"""
                select arg_max(raw.{key}, (extracts.landing_order, raw._row_number))
                from landed.raw.{contract.raw_table} as raw
                inner join extracts on raw._extract_id = extracts.extract_id
                where raw.{column} in {unregistered} and {_is_outside(owner, "raw." + key)} group by raw.{column}
            """,
            )


def _is_outside(contract: Contract, key: str) -> str:
    return f"{key} not in (select id from scope.{contract.raw_table})"


def _has_rows(connection: duckdb.DuckDBPyConnection, relation: str) -> bool:
    return connection.execute(f"select 1 from {relation} limit 1").fetchone() is not None


def _demand_few(connection: duckdb.DuckDBPyConnection) -> int:
    row = connection.execute(
        "select (select count(*) from scope.crm__tickets), (select count(*) from base.core.fct_tickets)"
    ).fetchone()
    assert row is not None  # noqa: S101 - aggregates without group by have one row
    touched, known = row
    if touched > LARGEST_SHARE * known:
        raise FullBuildNeeded(f"{touched:,} tickets are touched, of {known:,}")
    return int(touched)
