"""One transaction per extract: contract rows, counts, quarantine, bad cells, identities and the manifest row."""

# ruff: noqa: S608 - names are quoted, texts are literals or parameters; mapping SQL runs in the sandbox only

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from landing.parsing_job import ParsedEntry, ParsedFile
from landing.quoting import identifier, literal
from landing.refusal import RefusalError
from warehouse.contract import get_contract
from warehouse.manifest import ExtractState


@dataclass(frozen=True)
class ExtractHeader:
    """What the manifest says about an extract, whatever becomes of it."""

    extract_id: str
    source_system: str
    mapping: str
    mapping_fingerprint: str
    file_name: str
    sha256: str
    bytes: int
    extracted_at: datetime
    loaded_at: datetime
    run_id: str
    contracts: tuple[str, ...] = ()
    #: Files that correct rows of this one, by sha256, in the order in which they came.
    corrections: tuple[str, ...] = ()


@dataclass(frozen=True)
class NewCorrection:
    """A file of corrected rows that counts from now on: which rows of which delivered file."""

    name: str
    sha256: str
    row_numbers: tuple[int, ...]


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Commit what happens inside, or nothing of it."""
    connection.execute("begin")
    try:
        yield
    except BaseException:
        connection.execute("rollback")
        raise
    connection.execute("commit")


def load_extract(
    connection: duckdb.DuckDBPyConnection,
    header: ExtractHeader,
    parsed: ParsedFile,
    wanted: frozenset[str],
    corrections: tuple[NewCorrection, ...] = (),
) -> None:
    """Load a parsed file as candidate; earlier extracts of the same bytes and system are marked for replacement.

    `wanted` are the extracts that the present mappings call for: those are never replaced. `corrections` are those that
    it is the first to hold.
    """
    with transaction(connection):
        for entry in parsed.entries:
            _load_entry(connection, header, entry)
        _insert_extract(connection, header, ExtractState.CANDIDATE, None)
        for correction in corrections:
            connection.execute(
                "insert into meta.corrections values ($system, $sha256, $correction, $name, $rows, $at)",
                {
                    "system": header.source_system,
                    "sha256": header.sha256,
                    "correction": correction.sha256,
                    "name": correction.name,
                    "rows": list(correction.row_numbers),
                    "at": header.loaded_at,
                },
            )
        replace_earlier(connection, header, wanted)


def refuse_extract(connection: duckdb.DuckDBPyConnection, header: ExtractHeader, refusal: RefusalError) -> None:
    """Write the manifest row of an extract that did not land."""
    with transaction(connection):
        _insert_extract(connection, header, ExtractState.REFUSED, refusal)


def replace_earlier(connection: duckdb.DuckDBPyConnection, header: ExtractHeader, wanted: frozenset[str]) -> None:
    """Mark the other extracts of the same bytes and system for replacement by this one.

    They stay in force until gate 1 accepts it (`warehouse.manifest.settle_replacements`): a refusal must lose nothing.
    """
    connection.execute(
        """
        update meta.extracts
        set replaced_by = $extract_id
        where sha256 = $sha256 and source_system = $source_system and extract_id <> $extract_id
            and state <> 'replaced' and not list_contains($wanted, extract_id)
            -- the same bytes that came again later, under the same mapping, are another delivery
            and (mapping_fingerprint <> $fingerprint or coalesce(corrections, []) <> $corrections::varchar[])
        """,
        {
            "fingerprint": header.mapping_fingerprint,
            "corrections": list(header.corrections),
            "extract_id": header.extract_id,
            "sha256": header.sha256,
            "source_system": header.source_system,
            "wanted": sorted(wanted),
        },
    )


def _insert_extract(
    connection: duckdb.DuckDBPyConnection, header: ExtractHeader, state: ExtractState, refusal: RefusalError | None
) -> None:
    values = vars(header) | {
        "contracts": list(header.contracts),
        "corrections": list(header.corrections),
        "state": str(state),
        "reason_code": refusal.code if refusal else None,
        "reason_en": refusal.en if refusal else None,
        "reason_zh": refusal.zh if refusal else None,
        "state_changed_at": header.loaded_at,
    }
    names = ", ".join(values)
    connection.execute(
        f"insert into meta.extracts ({names}) values ({', '.join(f'${name}' for name in values)})", values
    )


def _load_entry(connection: duckdb.DuckDBPyConnection, header: ExtractHeader, entry: ParsedEntry) -> None:
    contract = get_contract(entry.contract)
    origin = {"extract_id": header.extract_id, "file_name": header.file_name, "at": header.loaded_at}
    about = f"{literal(header.extract_id)}, {entry.entry}, {literal(entry.contract)}, {literal(header.file_name)}"
    if entry.rows_file:
        columns = ", ".join(identifier(name) for name in entry.mapped_columns)
        inserted = connection.execute(
            f"""
            insert into raw.{contract.raw_table} ({columns}, _source_system, _extract_id, _extract_file, _row_number,
                _extracted_at, _loaded_at)
            select {columns}, $system, $extract_id, $file_name, _row_number, $extracted_at, $at
            from {_parquet(entry.rows_file)}
            """,
            origin | {"system": header.source_system, "extracted_at": header.extracted_at},
        ).fetchone()
        if inserted is None or inserted[0] != entry.rows_loaded:
            raise RefusalError(
                "unaccounted_rows",
                f"{header.file_name}: {inserted} rows were stored, {entry.rows_loaded} expected; please report this",
                f"{header.file_name}：应写入 {entry.rows_loaded} 行，实际 {inserted} 行，请报告此缺陷",
            )
    if entry.quarantine_file:
        connection.execute(
            f"""
            insert into meta.quarantine by name
            select
                {literal(header.extract_id)} as extract_id, {entry.entry} as entry,
                {literal(entry.contract)} as contract, {literal(header.file_name)} as file_name,
                row_number, column_name, value, reason_code, reason, row_text, $at as quarantined_at, row_key
            from {_parquet(entry.quarantine_file)}
            """,
            {"at": header.loaded_at},
        )
    if entry.bad_cells_file:
        connection.execute(f"insert into meta.bad_cells select {about}, * from {_parquet(entry.bad_cells_file)}")
    if entry.identities_file:
        connection.execute(
            f"""
            insert into private.identities
            select kind, pseudonym, identifier, $extract_id from {_parquet(entry.identities_file)} as found
            anti join private.identities as known using (kind, pseudonym, identifier)
            """,
            {"extract_id": header.extract_id},
        )
    _insert_capabilities(connection, header, entry)
    _insert_counts(connection, header, entry)


def _parquet(path: Path) -> str:
    return f"read_parquet({literal(str(path))})"


def _insert_capabilities(connection: duckdb.DuckDBPyConnection, header: ExtractHeader, entry: ParsedEntry) -> None:
    if entry.capabilities:
        connection.execute(
            """
            insert into meta.source_capabilities
            select $extract_id, $system, $contract, pair.column_name, pair.value
            from (select unnest($pairs::struct(column_name varchar, value varchar)[]) as pair)
            """,
            {
                "extract_id": header.extract_id,
                "system": header.source_system,
                "contract": entry.contract,
                "pairs": [{"column_name": column, "value": value} for column, value in entry.capabilities],
            },
        )


def _insert_counts(connection: duckdb.DuckDBPyConnection, header: ExtractHeader, entry: ParsedEntry) -> None:
    names = (
        "entry", "contract", "delivery", "rows_read", "rows_loaded", "rows_rejected", "rows_quarantined", "rows_folded",
        "rows_filtered", "rows_identical", "rows_conflicting", "bad_cells", "worst_column", "worst_bad_share",
        "first_instant", "last_instant", "part", "rows_without_key",
    )  # fmt: skip
    values = {name: getattr(entry, name) for name in names} | {
        "extract_id": header.extract_id,
        "mapped_columns": list(entry.mapped_columns),
        "unmapped_columns": list(entry.unmapped_columns),
    }
    connection.execute(
        f"insert into meta.extract_entries ({', '.join(values)}) values ({', '.join(f'${name}' for name in values)})",
        values,
    )
