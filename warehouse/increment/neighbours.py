"""What is judged together with what an increment builds anew."""

# ruff: noqa: S608 - names come from contracts and this file

from collections.abc import Iterator

import duckdb

from warehouse.contract import Contract
from warehouse.increment.scope import HANGING, ORDERS, REQUESTS, TICKETS, add, demand_few


def make_links(connection: duckdb.DuckDBPyConnection) -> None:
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


def close_scope(connection: duckdb.DuckDBPyConnection) -> None:
    """Add what is judged together with what is there, until nothing is added."""
    while sum(add(connection, contract, ids) for contract, ids in _neighbours()):
        demand_few(connection)


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
