"""The suite `build`: checks of the file as a whole, over its catalogue instead of one table's rows."""

from data_quality.check import BATCH, Check, literal, no_rows_from, no_rows_where
from data_quality.marts import MARTS
from data_quality.rule import rule
from warehouse.contract import load_contracts

SUITE = "build"

#: One row per column of the file, views included, with the number of indexes beside it.
SOURCE = """
    select schema_name || '.' || table_name as table_name, column_name from duckdb_columns()
    where not internal and database_name = current_database()
"""

#: Columns that share the name of a private one and hold something else.
HARMLESS_COLUMNS = frozenset({"kpi.dim_kpis.description"})

#: Tables that quote landed values, column by column.
QUOTING_TABLES = ("core.fct_bad_cells", "core.fct_quarantined_rows")


def private_columns() -> list[str]:
    """Return the names of all contract columns that may only be seen through the private file."""
    return sorted({c.name for contract in load_contracts().values() for c in contract.columns if c.is_private})


def file_checks() -> list[Check]:
    """Return the checks of the catalogue, to be evaluated on SOURCE."""
    private = ", ".join(map(literal, private_columns()))
    harmless = ", ".join(map(literal, sorted(HARMLESS_COLUMNS)))
    identifiers = f"""
        select table_name || '.' || column_name as detail from {BATCH}
        where column_name in ({private}) and table_name || '.' || column_name not in ({harmless})
    """  # noqa: S608
    guarded = ", ".join(map(literal, MARTS))
    unguarded = f"select distinct table_name as detail from {BATCH} where table_name not in ({guarded})"  # noqa: S608
    indexes = f"select index_name as detail from duckdb_indexes() where exists (select 1 from {BATCH})"  # noqa: S608
    return [
        no_rows_from(rule("no_direct_identifiers"), SUITE, identifiers),
        no_rows_from(rule("table_is_guarded"), SUITE, unguarded),
        no_rows_from(rule("no_indexes"), SUITE, indexes),
    ]


def quoting_checks() -> list[Check]:
    """Return the checks of the tables that quote landed values."""
    private = ", ".join(map(literal, private_columns()))
    predicate = f"value is not null and column_name in ({private})"
    return [
        no_rows_where(rule("no_private_values"), table, predicate, "value", needs={table: ("column_name", "value")})
        for table in QUOTING_TABLES
    ]
