"""Reading entries and their landed rows from the warehouse, and writing their metrics where a suite can ask them."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Any

from data_quality.check import literal
from data_quality.entry_metrics import Entry, EntryMetrics, Vanished
from data_quality.gate_file import GateFile
from warehouse.connections import writer
from warehouse.contract import Contract, load_contracts
from warehouse.gone_rows import gone_sql, sightings_sql, snapshots_sql
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
        for name in ("mapped_columns", "unmapped_columns", "waived"):
            values[name] = tuple(values[name] or ())
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


def count_vanished(file: GateFile, entries: Sequence[Entry]) -> dict[tuple[str, str], Vanished]:
    """Return what candidate snapshots no longer have of what was there, by extract and contract."""
    found: dict[tuple[str, str], Vanished] = {}
    for name in dict.fromkeys(entry.contract for entry in entries if entry.delivery == "snapshot"):
        vanished = {
            (system, part, taken_at): Vanished(gone, known)
            for system, part, taken_at, gone, known in file.rows(_vanished_sql(load_contracts()[name]))
        }
        for entry in entries:
            said = vanished.get((entry.source_system, entry.part or "", entry.extracted_at))
            if entry.contract == name and entry.delivery == "snapshot" and said:
                found[entry.extract_id, name] = said
    return found


def _vanished_sql(contract: Contract) -> str:
    """SELECT of system, part, time of a snapshot, keys that are gone with it, keys that were there before it."""
    keys = ", ".join(contract.key)
    return f"""
        with accepted as (select extract_id from meta.extracts where state = '{ExtractState.ACCEPTED}'),
        following as (
            select extract_id from meta.extracts
            where
                state = '{ExtractState.CANDIDATE}'
                or (
                    state = '{ExtractState.ACCEPTED}' and coalesce(replaced_by, '') not in (
                        select extract_id from meta.extracts where state = '{ExtractState.CANDIDATE}'
                    )
                )
        ),
        snapshots_before as ({snapshots_sql("", "accepted")}),
        sightings_before as ({sightings_sql("", "accepted", "snapshots_before")}),
        gone_before as ({gone_sql(contract, "", "snapshots_before", "sightings_before")}),
        snapshots_after as ({snapshots_sql("", "following")}),
        sightings_after as ({sightings_sql("", "following", "snapshots_after")}),
        gone_after as ({gone_sql(contract, "", "snapshots_after", "sightings_after")}),
        turned as (
            select source_system, coalesce(part, '') as part, max(gone_since) as taken_at, count(*) as gone
            from gone_after anti join gone_before using (source_system, row_key)
            group by all
        ),
        known as (
            select landed._source_system as source_system, count(distinct hash({keys})) as keys
            from raw.{contract.raw_table} as landed
            where _extract_id in (select extract_id from accepted) group by all
        ),
        known_of_part as (
            select seen.source_system, seen.part, count(distinct hash({keys})) as keys
            from raw.{contract.raw_table} as landed
            inner join sightings_after as seen on landed._extract_id = seen.extract_id
            where seen.contract = '{contract.name}' and seen.part is not null
                and _extract_id in (select extract_id from accepted)
            group by all
        )
        select
            turned.source_system, turned.part, turned.taken_at, turned.gone,
            case when turned.part = '' then known.keys else coalesce(known_of_part.keys, known.keys) end
            - (
                select count(*) from gone_before
                where gone_before.source_system = turned.source_system
                    and (turned.part = '' or gone_before.part = turned.part)
            )
        from turned
        inner join known using (source_system)
        left join known_of_part using (source_system, part)
    """  # noqa: S608


def write_metrics(path: Path, settings: Settings, metrics: Sequence[EntryMetrics]) -> None:
    """Write metrics as table meta.extract_entries of a new small DuckDB file."""
    path.unlink(missing_ok=True)
    columns = ", ".join(f"{field.name} {_SQL_TYPES[field.type]}" for field in fields(EntryMetrics))
    with writer(path, settings) as connection:
        connection.execute("create schema meta")
        connection.execute(f"create table {METRICS_TABLE} ({columns})")
        marks = ", ".join("?" for _ in fields(EntryMetrics))
        connection.executemany(f"insert into {METRICS_TABLE} values ({marks})", [astuple(item) for item in metrics])  # noqa: S608
