"""The canary of Great Expectations on DuckDB: loud when either side changes its behaviour."""

import os
import subprocess
import sys

import duckdb_sqlalchemy
import pytest
import sqlalchemy as sa

from data_quality.check import between
from data_quality.duckdb_dialect import gate_url, register_dialect
from data_quality.gate_file import open_gate_file
from data_quality.rule import rule
from warehouse.connections import writer


@pytest.fixture
def url(settings):
    path = settings.home / "canary.duckdb"
    with writer(path, settings) as connection:
        connection.execute("create table t as select range as a from range(10)")
    register_dialect()
    return gate_url(path, settings)


def validate(url: str):
    import great_expectations as gx
    import great_expectations.expectations as gxe

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    source = context.data_sources.add_sql(name="canary", connection_string=url)
    batch = (
        source.add_query_asset(name="t", query="select * from t").add_batch_definition_whole_table("all").get_batch()
    )
    result = batch.validate(gxe.ExpectColumnValuesToBeBetween(column="a", min_value=0, max_value=7))
    source.get_engine().dispose()
    return result


def test_great_expectations_works_with_the_dialect(url):
    result = validate(url)
    assert result.success is False
    assert result.result["unexpected_count"] == 2


def test_great_expectations_still_needs_the_dialect(url):
    """When this fails, Great Expectations or duckdb-sqlalchemy learnt it: the dialect may go."""
    result = validate(url.replace("duckdb+gate", "duckdb"))
    assert result.success is False
    assert "unexpected_count" not in result.result
    assert "list index out of range" in str(result.exception_info)


def test_dialect_differs_only_where_it_must():
    from data_quality.duckdb_dialect import GateDialect

    assert issubclass(GateDialect, duckdb_sqlalchemy.Dialect)
    changed = {name for name in vars(GateDialect) if not name.startswith("_")}
    assert changed == {"driver", "supports_statement_cache", "do_begin", "do_commit", "do_rollback"}


@pytest.mark.parametrize("sql", ["insert into t values (1)", "select * from glob('/*')", "set threads = 1"])
def test_audited_file_can_only_be_read(url, sql):
    engine = sa.create_engine(url)
    with engine.connect() as connection, pytest.raises(sa.exc.DBAPIError):
        connection.exec_driver_sql(sql).fetchall()
    engine.dispose()


def test_broken_expectation_becomes_an_observation_with_its_error(settings, url):
    check = between(rule("volume"), "t", "no_such_column", 0, 1)
    with open_gate_file(settings.home / "canary.duckdb", settings) as file:
        (seen,) = file.evaluate("t", "select * from t", [check])
    assert seen.bad_rows is None
    assert "no_such_column" in seen.error


def test_import_does_not_load_great_expectations():
    script = (
        "import sys, data_quality.extract_gate, data_quality.build_gate;"
        "print(sorted(m for m in sys.modules if m.split('.')[0] in ('great_expectations', 'pandas')))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=os.environ)
    assert done.stdout.strip() == "[]"
