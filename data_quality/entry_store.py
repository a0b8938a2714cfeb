"""Reading entries and their landed rows from the warehouse, and writing their metrics where a suite can ask them."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Any

from data_quality.check import literal
from data_quality.entry_metrics import Entry, EntryMetrics
from data_quality.gate_file import GateFile
from warehouse.connections import writer
from warehouse.contract import load_contracts
from warehouse.manifest import ExtractState
from warehouse.settings import Settings

METRICS_TABLE = "meta.extract_entries"

_SQL_TYPES: dict[Any, str] = {
    str: "varchar",
    int: "bigint",
    int | None: "bigint",
    float: "double",
    float | None: "double",
}


@dataclass(frozen=True)
class RefusedExtract:
    """An extract that landing refused in this run, with the sentence it gave."""

    extract_id: str
    file_name: str
    reason_code: str
    reason_en: str
    reason_zh: str


def has_manifest(file: GateFile) -> bool:
    """True when anything ever landed in this warehouse."""
    return bool(
        file.number("select count(*) from duckdb_tables() where schema_name || '.' || table_name = 'meta.extracts'")
    )


def candidate_ids(file: GateFile) -> list[str]:
    """Return the extracts that wait for gate 1, in landing order."""
    rows = file.rows(
        f"select extract_id from meta.extracts where state = '{ExtractState.CANDIDATE}' order by loaded_at, extract_id"  # noqa: S608
    )
    return [row[0] for row in rows]


def refused_extracts(file: GateFile, run_id: str) -> list[RefusedExtract]:
    """Return the extracts of a run that are refused already."""
    rows = file.rows(
        f"""
        select extract_id, file_name, coalesce(reason_code, 'refused'), coalesce(reason_en, ''),
               coalesce(reason_zh, reason_en, '')
        from meta.extracts where state = '{ExtractState.REFUSED}' and run_id = {literal(run_id)}
        order by loaded_at, extract_id
        """  # noqa: S608
    )
    return [RefusedExtract(*row) for row in rows]


def read_entries(file: GateFile, state: ExtractState) -> list[Entry]:
    """Return every entry of the extracts in a state, in landing order."""
    names = [field.name for field in fields(Entry)]
    rows = file.rows(
        f"""
        select {", ".join(names)} from meta.extract_entries join meta.extracts using (extract_id)
        where state = '{state}' order by loaded_at, extract_id, entry
        """  # noqa: S608
    )
    entries = []
    for row in rows:
        values = dict(zip(names, row, strict=True))
        for name in ("mapped_columns", "unmapped_columns"):
            values[name] = tuple(values[name])
        entries.append(Entry(**values))
    return entries


def count_rows_in_raw(file: GateFile, entries: Sequence[Entry]) -> dict[tuple[str, str], int]:
    """Return the rows that really are in the landing tables, by extract and contract."""
    counts: dict[tuple[str, str], int] = {}
    for contract in dict.fromkeys(entry.contract for entry in entries):
        ids = {entry.extract_id for entry in entries if entry.contract == contract}
        rows = file.rows(
            f"""
            select _extract_id, count(*) from raw.{load_contracts()[contract].raw_table}
            where _extract_id in ({", ".join(map(literal, sorted(ids)))}) group by _extract_id
            """  # noqa: S608
        )
        counts |= {(extract_id, contract): count for extract_id, count in rows}
    return counts


def write_metrics(path: Path, settings: Settings, metrics: Sequence[EntryMetrics]) -> None:
    """Write metrics as table meta.extract_entries of a new small DuckDB file."""
    path.unlink(missing_ok=True)
    columns = ", ".join(f"{field.name} {_SQL_TYPES[field.type]}" for field in fields(EntryMetrics))
    with writer(path, settings) as connection:
        connection.execute("create schema meta")
        connection.execute(f"create table {METRICS_TABLE} ({columns})")
        marks = ", ".join("?" for _ in fields(EntryMetrics))
        connection.executemany(f"insert into {METRICS_TABLE} values ({marks})", [astuple(item) for item in metrics])  # noqa: S608
