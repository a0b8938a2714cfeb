"""The registry: no table of a build passes only because it is empty."""

import pytest

from data_quality.build_tables import BuildTables
from data_quality.file_suite import private_columns, quoting_checks
from data_quality.kpi_suite import kpi_checks
from data_quality.mart_suite import mart_checks
from data_quality.marts import MARTS
from data_quality.reconciliation_suite import reconciliation_checks
from tests.unit.data_quality.build_fixture import CONTEXT
from warehouse.contract import load_contracts

#: Kinds that an empty or torn table cannot pass.
TELLING = {"row_count", "freshness", "reconciliation", "volume"}

#: Tables that are rightly empty and relate to nothing else: what protects them is said instead.
EXEMPT = {
    "core.bridge_case_teams": "shares_sum_to_one",
    "core.fct_open_cases": "grain_is_unique",
    "core.fct_gone_rows": "grain_is_unique",
    "measures.contributions_ticket_stages": "grain_is_unique",
    "measures.percentiles_tickets": "grain_is_unique",
    "measures.percentiles_work_orders": "grain_is_unique",
    "kpi.kpi_targets_in_force": "grain_is_unique",
}


def checks_of(table: str) -> list:
    mart = MARTS[table]
    columns = dict.fromkeys((*mart.grain, *mart.instants, "extract_id", "some_number"), "DOUBLE")
    tables = BuildTables({table: columns}, frozenset(load_contracts()))
    checks = [*mart_checks(mart, tables, CONTEXT), *reconciliation_checks(tables, CONTEXT, None), *kpi_checks()]
    return [check for check in checks if check.table == table]


@pytest.mark.parametrize("table", MARTS)
def test_every_table_has_a_rule_that_an_empty_one_fails(table):
    checks = checks_of(table)
    if table in EXEMPT:
        assert EXEMPT[table] in {check.rule.id for check in checks}
    else:
        assert TELLING & {check.rule.kind for check in checks}


@pytest.mark.parametrize("table", [table for table, mart in MARTS.items() if mart.is_required])
def test_required_tables_have_a_grain(table):
    assert MARTS[table].grain


def test_inputs_are_contracts():
    for mart in MARTS.values():
        assert set(mart.inputs) <= set(load_contracts())


def test_private_columns_come_from_the_contracts():
    assert private_columns() == [
        "comment", "customer_name", "description", "employee_name", "note", "phone", "subject",
    ]  # fmt: skip
    assert {check.table for check in quoting_checks()} <= set(MARTS)


def test_missing_names_the_first_table_or_column_that_is_not_there():
    tables = BuildTables({"core.a": {"x": "DOUBLE", "y": "VARCHAR"}})
    assert tables.missing({"core.a": ("x", "y")}) is None
    assert tables.missing({"core.a": ("x", "z")}) == ("core.a", "z")
    assert tables.missing({"core.b": ()}) == ("core.b", "")
    assert tables.floating_columns("core.a") == ["x"]
