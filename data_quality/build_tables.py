"""What a build file contains: its tables and columns, and which contracts delivered rows to it."""

from dataclasses import dataclass, field

from data_quality.gate_file import GateFile

_FLOATING = frozenset({"DOUBLE", "FLOAT"})
_NUMERIC = ("DOUBLE", "FLOAT", "DECIMAL", "BIGINT", "HUGEINT", "INTEGER", "SMALLINT", "TINYINT", "UBIGINT")


@dataclass(frozen=True)
class BuildTables:
    """Columns and their types by table (`core.fct_tickets`), views included."""

    columns: dict[str, dict[str, str]]
    delivered: frozenset[str] = field(default_factory=frozenset)

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
    return BuildTables(columns, frozenset(delivered))
