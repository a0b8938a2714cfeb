"""Untouched rows that an increment builds as well, because they prove what models conclude from all rows."""

# ruff: noqa: S608 - names come from contracts and this file

import duckdb

from warehouse.increment.scope import (
    COLLABORATIONS,
    EVENTS,
    HANGING,
    INSPECTIONS,
    ORDERS,
    RESPONSES,
    TICKETS,
    add,
    has_rows,
    is_outside,
)

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


def add_witnesses(connection: duckdb.DuckDBPyConnection) -> None:
    """Add an untouched row for everything that models conclude from the existence of any row.

    What a source can tell, on which day data begin, and which members of a dimension only facts know: with one row
    that proves it, a build of few rows concludes what a build of all rows concludes. `merged` compares the outcome.
    """
    for table, key, columns in _PROOFS:
        contract = next((c for c in (TICKETS, *HANGING) if c.key[0] == key), TICKETS)
        for column in columns:
            add(
                connection,
                contract,
                f"""
                select arg_min({key}, {key}) from base.core.{table}
                where {column} is not null and {is_outside(contract, key)} group by source_system
            """,
            )
    add(
        connection,
        TICKETS,
        f"""
        select arg_min(ticket_id, ticket_id) from base.core.fct_ticket_events
        where {is_outside(TICKETS, "ticket_id")} group by source_system, event_type
    """,
    )
    for instant, condition in (("opened_at", "true"), ("case_opened_at", "ticket_id = case_id")):
        add(
            connection,
            TICKETS,
            f"""
            select arg_min(ticket_id, {instant}) from base.core.fct_tickets
            where {condition} and {is_outside(TICKETS, "ticket_id")} group by region_id
        """,
        )
    for dimension, (member, columns_of) in NAMED_BY.items():
        unregistered = f"(select {member} from base.core.{dimension} where not is_registered)"
        if not has_rows(connection, f"({unregistered})"):
            continue
        for contract, column in columns_of.items():
            owner, key = (TICKETS, "ticket_id") if contract is EVENTS else (contract, contract.key[0])
            add(
                connection,
                owner,
                f"""
                select arg_max(raw.{key}, (extracts.landing_order, raw._row_number))
                from landed.raw.{contract.raw_table} as raw
                inner join extracts on raw._extract_id = extracts.extract_id
                where raw.{column} in {unregistered} and {is_outside(owner, "raw." + key)} group by raw.{column}
            """,
            )
