"""The only place that opens DuckDB files.

Three kinds of connection, because DuckDB locks files per process and has no privileges inside: `writer` (one at a
time), `reader` (published and audited files, hardened) and `sandbox` (mapping SQL over foreign text).
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb

from warehouse.errors import BuildError
from warehouse.settings import Settings

#: What duckdb.connect takes as config.
_Config = dict[str, str | bool | int | float | list[str]]

_OFFLINE = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
}


def _quoted(file: Path) -> str:
    return "'" + str(file).replace("'", "''") + "'"


def _make_quiet(connection: duckdb.DuckDBPyConnection) -> None:
    """UTC whatever the machine says, and no progress bar in the middle of a command's output."""
    connection.execute("set global TimeZone = 'UTC'")
    connection.execute("set enable_progress_bar = false")


@contextmanager
def writer(
    path: Path,
    settings: Settings,
    *,
    foreign_files: tuple[Path, ...] = (),
    attached: Mapping[str, Path] | None = None,
    written: Mapping[str, Path] | None = None,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a DuckDB file (or `:memory:`) read-write in UTC and close it again, so that the file lock is free for dbt.

    `foreign_files` are the only other files (folders) that its SQL may touch. `attached` opens further files read-only
    under their alias, `written` read-write.
    """
    if str(path) != ":memory:":
        path.parent.mkdir(parents=True, exist_ok=True)
    settings.temp_dir.mkdir(parents=True, exist_ok=True)
    config: _Config = {
        **_OFFLINE,
        "memory_limit": settings.memory_limit,
        "threads": str(settings.threads),
        "temp_directory": str(settings.temp_dir),
    }
    connection = duckdb.connect(str(path), config=config)
    try:
        _make_quiet(connection)
        if foreign_files:
            allowed = ", ".join(map(_quoted, foreign_files))
            connection.execute(f"set allowed_directories = [{allowed}]")
        for files, mode in ((attached, " (read_only)"), (written, "")):
            for alias, file in (files or {}).items():
                connection.execute(f"attach {_quoted(file)} as {alias}{mode}")
        connection.execute("set enable_external_access = false")
        yield connection
    finally:
        connection.close()


def open_reader(path: Path, settings: Settings, attached: dict[str, Path] | None = None) -> duckdb.DuckDBPyConnection:
    """Open an immutable DuckDB file for queries: read-only, no files, no network, no settings.

    Use one `.cursor()` per query and thread. `attached` opens further files read-only under their alias.
    Raises BuildError when the file is missing or cannot be read.
    """
    if not path.is_file():
        raise BuildError(f"{path.name} does not exist in {path.parent}")
    config: _Config = {
        **_OFFLINE,
        "memory_limit": settings.reader_memory_limit,
        "threads": str(settings.threads),
        "python_enable_replacements": "false",
    }
    try:
        connection = duckdb.connect(str(path), read_only=True, config=config)
        # DuckDB shares one instance per file and process: a second connection finds it hardened already
        if _is_locked(connection):
            return connection
        _make_quiet(connection)
        for alias, file in (attached or {}).items():
            connection.execute(f"attach {_quoted(file)} as {alias} (read_only)")
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")
    except duckdb.Error as error:
        raise BuildError(f"{path.name} cannot be opened: {error}") from error
    return connection


def _is_locked(connection: duckdb.DuckDBPyConnection) -> bool:
    row = connection.execute("select current_setting('lock_configuration')").fetchone()
    return bool(row and row[0])


@contextmanager
def reader(path: Path, settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """`open_reader` for one question, closed afterwards."""
    connection = open_reader(path, settings)
    try:
        yield connection
    finally:
        connection.close()


def open_sandbox(memory_limit: str, threads: int, temp_dir: Path) -> duckdb.DuckDBPyConnection:
    """Open an in-memory DuckDB for parsing; the caller calls `lock_sandbox` before it runs SQL of a mapping."""
    config: _Config = {
        **_OFFLINE,
        "memory_limit": memory_limit,
        "threads": str(threads),
        "temp_directory": str(temp_dir),
    }
    connection = duckdb.connect(":memory:", config=config)
    _make_quiet(connection)
    return connection


def lock_sandbox(connection: duckdb.DuckDBPyConnection) -> None:
    """Take files, network and settings away from a sandbox, for good."""
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
