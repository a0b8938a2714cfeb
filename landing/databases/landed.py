"""Extracts of databases between their files and the manifest: what is in force, what waits, what could not be read."""

from collections.abc import Callable
from pathlib import Path

import duckdb

from landing.database_source import DatabaseSource
from landing.databases.extraction import Unread, extract_databases, readings_of
from landing.landing_folder import LandedFile, Match, fingerprint_file, list_files
from landing.mapping_model import Mapping
from warehouse.clock import now_utc
from warehouse.connections import writer
from warehouse.manifest import ExtractState, UnreadTable, prepare_warehouse
from warehouse.settings import Settings


def read_databases(
    settings: Settings,
    mappings: tuple[Mapping, ...],
    run_id: str,
    folder: Path,
    report: Callable[[str], None] | None = None,
) -> tuple[UnreadTable, ...]:
    """Read what is new in the databases of the mappings into files; return what could not be read.

    The warehouse is not held open meanwhile. `folder` is for temporary files.
    """
    if not readings_of(mappings):
        return ()
    with writer(settings.warehouse_file, settings) as connection:
        prepare_warehouse(connection)
        earlier = _in_force(connection, settings)
    unread = extract_databases(settings, mappings, earlier, folder, report)
    return tuple(_noted(one, run_id) for one in unread)


def database_files(
    settings: Settings, mappings: tuple[Mapping, ...], connection: duckdb.DuckDBPyConnection
) -> list[tuple[LandedFile, Match]]:
    """Return the extracts below `home/extracts`, oldest first, with the entries that each feeds.

    An extract never changes, so one that the manifest knows is not hashed again.
    """
    known = {
        (name, size): sha256
        for name, size, sha256 in connection.execute("select file_name, bytes, sha256 from meta.extracts").fetchall()
    }
    found = []
    for reading in readings_of(mappings):
        folder = settings.extracts_dir / reading.folder
        for path in list_files(folder) if folder.is_dir() else ():
            name, size = path.relative_to(settings.extracts_dir).as_posix(), path.stat().st_size
            sha256 = known.get((name, size))
            file = LandedFile(path, name, sha256, size) if sha256 else fingerprint_file(path, settings.extracts_dir)
            mapping = next(each for each in mappings if each.name == reading.mapping)
            entries = tuple(
                number
                for number, entry in enumerate(mapping.tables)
                if isinstance(entry.source, DatabaseSource) and entry.source.reading == reading.source.reading
            )
            if file:
                found.append((file, Match(mapping, entries)))
    return found


def _in_force(connection: duckdb.DuckDBPyConnection, settings: Settings) -> dict[str, Path]:
    """The archived copy of the last extract of each table that was not refused or withdrawn, by its folder."""
    rows = connection.execute(
        "select file_name, sha256 from meta.extracts where list_contains($states, state) order by file_name",
        {"states": [str(ExtractState.ACCEPTED), str(ExtractState.CANDIDATE)]},
    ).fetchall()
    copies = {name.rpartition("/")[0]: settings.archive_dir / sha256 for name, sha256 in rows}
    return {folder: copy for folder, copy in copies.items() if copy.is_file()}


def _noted(one: Unread, run_id: str) -> UnreadTable:
    return UnreadTable(
        source_system=one.reading.system,
        reading=one.reading.folder,
        database=one.reading.source.database,
        contracts=one.reading.contracts,
        run_id=run_id,
        failed_at=now_utc(),
        reason_code=one.reason.code,
        reason_en=one.reason.en,
        reason_zh=one.reason.zh,
    )
