"""What a build file contains: its tables and columns, which contracts delivered rows to it, and which of them count."""

from dataclasses import dataclass, field, replace

from data_quality.gate_file import GateFile
from data_quality.marts import MARTS, Mart

_FLOATING = frozenset({"DOUBLE", "FLOAT"})
_NUMERIC = ("DOUBLE", "FLOAT", "DECIMAL", "BIGINT", "HUGEINT", "INTEGER", "SMALLINT", "TINYINT", "UBIGINT")


@dataclass(frozen=True)
class BuildTables:
    """Columns and their types by table (`core.fct_tickets`), views included."""

    columns: dict[str, dict[str, str]]
    delivered: frozenset[str] = field(default_factory=frozenset)
    #: Tables that may be empty although rows were delivered, because none of these can be counted.
    may_be_empty: frozenset[str] = field(default_factory=frozenset)

    def missing(self, needs: dict[str, tuple[str, ...]]) -> tuple[str, str] | None:
        """Return the first table or column that is not there, as (table, column or empty), else None."""
        for table, names in needs.items():
            if table not in self.columns:
                return table, ""
            for name in names:
                if name not in self.columns[table]:
                    return table, name
        return None

    def floating_columns(self, table: str) -> list[str]:
        """Columns that could hold infinity or NaN."""
        return [name for name, kind in self.columns.get(table, {}).items() if kind in _FLOATING]

    def numeric_columns(self, table: str) -> list[str]:
        """Columns that can be summed."""
        return [name for name, kind in self.columns.get(table, {}).items() if kind.startswith(_NUMERIC)]


def read_build_tables(file: GateFile) -> BuildTables:
    """Return the tables, views and columns of a build, and the contracts with rows in core.dim_sources."""
    columns: dict[str, dict[str, str]] = {}
    for schema, table, name, kind in file.rows(
        """
        select schema_name, table_name, column_name, data_type from duckdb_columns()
        where not internal and database_name = current_database() order by all
        """
    ):
        columns.setdefault(f"{schema}.{table}", {})[name] = kind
    delivered: list[str] = []
    sources = columns.get("core.dim_sources", {})
    rows_column = next((name for name in ("rows_loaded", "rows") if name in sources), None)
    if "contract" in sources and rows_column:
        rows = file.rows(f'select distinct contract from core.dim_sources where "{rows_column}" > 0')  # noqa: S608
        delivered = [row[0] for row in rows]
    tables = BuildTables(columns, frozenset(delivered))
    return replace(
        tables, may_be_empty=frozenset(m.table for m in MARTS.values() if _lacks_counted_rows(file, tables, m))
    )


def _lacks_counted_rows(file: GateFile, tables: BuildTables, mart: Mart) -> bool:
    if not mart.counted or mart.counted.split()[0] not in tables.columns:
        return False
    return not file.rows(f"select 1 from {mart.counted} limit 1")  # noqa: S608 - the registry's own words
