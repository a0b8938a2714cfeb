"""The scope of an increment: tables of ids in schema `scope` of the workplace.

There is `scope.crm__tickets` and one per contract whose rows hang on tickets. Rows of other contracts are few and built
anew as a whole.
"""

# ruff: noqa: S608 - names come from contracts and this file

from datetime import datetime

import duckdb

from warehouse.contract import Contract, get_contract
from warehouse.increment.errors import FullBuildNeeded

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


def make_scope(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the empty tables of ids."""
    connection.execute("create schema scope")
    for contract in (TICKETS, *HANGING):
        connection.execute(f"create table scope.{contract.raw_table} (id varchar primary key)")


def add(
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


def is_outside(contract: Contract, key: str) -> str:
    """SQL that is true for rows out of scope."""
    return f"{key} not in (select id from scope.{contract.raw_table})"


def has_rows(connection: duckdb.DuckDBPyConnection, relation: str) -> bool:
    """True when a relation has any row."""
    return connection.execute(f"select 1 from {relation} limit 1").fetchone() is not None


def demand_few(connection: duckdb.DuckDBPyConnection) -> int:
    """Return the number of tickets in the scope; raises FullBuildNeeded when it is too large to pay."""
    row = connection.execute(
        "select (select count(*) from scope.crm__tickets), (select count(*) from base.core.fct_tickets)"
    ).fetchone()
    assert row is not None  # noqa: S101 - aggregates without group by have one row
    touched, known = row
    if touched > LARGEST_SHARE * known:
        raise FullBuildNeeded(f"{touched:,} tickets are touched, of {known:,}")
    return int(touched)
