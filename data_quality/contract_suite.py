"""The suite of a landing table, derived from its contract: nothing here knows a particular table."""

from collections.abc import Sequence

from data_quality.check import (
    Check,
    between,
    in_set,
    literal,
    no_rows_where,
    not_null,
    quoted,
    unique,
)
from data_quality.rule import rule
from warehouse.contract import LINEAGE_COLUMNS, Contract, ContractColumn


def landed_rows(contract: Contract, extract_ids: Sequence[str]) -> str:
    """Return SQL for the rows of some extracts."""
    ids = ", ".join(map(literal, extract_ids))
    return f"select * from raw.{contract.raw_table} where _extract_id in ({ids})"  # noqa: S608


def contract_checks(contract: Contract, snapshot_ids: Sequence[str]) -> list[Check]:
    """Return every check that the contract promises; keys are unique within each of the snapshots named."""
    table = f"raw.{contract.raw_table}"
    checks = [not_null(rule("lineage_value"), table, name) for name in LINEAGE_COLUMNS]
    for column in contract.columns:
        checks += _column_checks(table, column)
    if snapshot_ids:
        ids = ", ".join(map(literal, snapshot_ids))
        key = ("_extract_id", *contract.key)
        checks.append(unique(rule("key_is_unique"), table, key, where=f"_extract_id in ({ids})"))
    return checks


def _column_checks(table: str, column: ContractColumn) -> list[Check]:
    checks = []
    if column.required:
        checks.append(not_null(rule("required_value"), table, column.name))
    if column.values:
        checks.append(in_set(rule("known_code"), table, column.name, column.values))
    if column.min is not None or column.max is not None:
        checks.append(between(rule("value_in_range"), table, column.name, column.min, column.max))
    if column.pattern is not None:
        # GX has no regex for DuckDB, hence our own predicate
        predicate = f"not regexp_full_match({quoted(column.name)}, {literal(column.pattern)})"
        checks.append(no_rows_where(rule("value_in_pattern"), table, predicate, column.name))
    return checks


def promise(contract: Contract, column_name: str) -> str:
    """Return what the contract promises of a column's values, as people read it."""
    if column_name not in contract.column_names:
        return ""
    column = contract.column(column_name)
    if column.values:
        return ", ".join(column.values)
    if column.pattern is not None:
        return column.pattern
    if column.min is not None and column.max is not None:
        return f"{column.min:g} … {column.max:g}"
    if column.min is not None:
        return f"≥ {column.min:g}"
    return f"≤ {column.max:g}" if column.max is not None else ""
