"""Reading the published build: one process-wide connection per build, one cursor per query.

A page takes a reader once and uses it to its end, so that all its numbers come from one build. A superseded reader
is dropped, never closed, because other threads may still hold cursors of it (research/reliability.md 1.2).
"""

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from warehouse.builds import SCHEMA_VERSION, Build, current_build, get_build, list_builds, private_file, published_file
from warehouse.connections import open_reader
from warehouse.errors import BuildError
from warehouse.settings import Settings

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

_POINTER_SECONDS = 2.0


class BuildReader:
    """Answers queries from one published build. Safe to share between threads."""

    def __init__(self, build: Build, settings: Settings) -> None:
        if build.schema_version != SCHEMA_VERSION:
            raise BuildError(
                f"build {build.build_id} has schema version {build.schema_version}, this program reads "
                f"{SCHEMA_VERSION}; run `aftercare refresh`"
            )
        self.build = build
        self._settings = settings
        self._connection = open_reader(published_file(settings, build.build_id), settings)

    def frame(self, sql: str, parameters: Mapping[str, Any] | Sequence[Any] = ()) -> "pd.DataFrame":
        """Run one statement and return its rows as a frame. Values go in as parameters, never as text."""
        return self._connection.cursor().execute(sql, parameters).df()

    def rows(self, sql: str, parameters: Mapping[str, Any] | Sequence[Any] = ()) -> list[dict[str, Any]]:
        """Run one statement and return its rows as dicts."""
        cursor = self._connection.cursor().execute(sql, parameters)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def private_frame(self, sql: str, parameters: Mapping[str, Any] | Sequence[Any] = ()) -> "pd.DataFrame | None":
        """Run one statement on the private file of the build; None when there is none. Only for who may see it all."""
        path = private_file(self._settings, self.build.build_id)
        if not path.is_file():
            return None
        return open_reader(path, self._settings).cursor().execute(sql, parameters).df()

    @contextmanager
    def scratch(self) -> "Iterator[Scratch]":
        """Yield a connection of its own that may keep intermediate results in memory; they vanish with it."""
        cursor = self._connection.cursor()
        try:
            yield Scratch(cursor)
        finally:
            cursor.close()


class Scratch:
    """Intermediate results of one question, as temporary tables that nobody else sees."""

    def __init__(self, cursor: "duckdb.DuckDBPyConnection") -> None:
        self._cursor = cursor

    def keep(self, name: str, sql: str, parameters: Mapping[str, Any] | Sequence[Any] = ()) -> None:
        """Keep the rows of a query under a name."""
        self._cursor.execute(f"create temp table {name} as {sql}", parameters)

    def frame(self, sql: str) -> "pd.DataFrame":
        """Run one statement over what was kept and return its rows as a frame."""
        return self._cursor.execute(sql).df()


class _Registry:
    """The reader of the current build per home, looked up at most every two seconds."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._readers: dict[Path, tuple[float, BuildReader | None]] = {}

    def current(self, settings: Settings) -> BuildReader | None:
        with self._lock:
            looked_at, reader = self._readers.get(settings.home, (float("-inf"), None))
            if time.monotonic() - looked_at < _POINTER_SECONDS and reader is not None:
                return reader
            build = _current_or_newest(settings)
            if build is None:
                reader = None
            elif reader is None or reader.build.build_id != build.build_id:
                reader = _open_or_fall_back(build, settings)
            self._readers[settings.home] = (time.monotonic(), reader)
            return reader


def _current_or_newest(settings: Settings) -> Build | None:
    """Return the current build, or the newest one that is left when the pointer is damaged or its file is gone."""
    try:
        return current_build(settings)
    except BuildError:
        builds = list_builds(settings)
        if not builds:
            raise
        return builds[0]


def _open_or_fall_back(build: Build, settings: Settings) -> BuildReader:
    """Open a build, or the newest older one that can be read; raises BuildError when none can."""
    older = [other for other in list_builds(settings) if other.build_id < build.build_id]
    failure: BuildError | None = None
    for candidate in (build, *older):
        try:
            return BuildReader(candidate, settings)
        except BuildError as error:
            failure = failure or error
    assert failure is not None  # noqa: S101 - the loop ran at least once
    raise failure


_REGISTRY = _Registry()


def current_reader(settings: Settings) -> BuildReader | None:
    """Return the reader of the current build, or None before the first publish; a new build shows within 2 s."""
    return _REGISTRY.current(settings)


def reader_of(settings: Settings, build_id: str | None = None) -> BuildReader:
    """Return a reader of one build, by default the current one; raises BuildError when there is none."""
    if build_id is not None:
        return BuildReader(get_build(settings, build_id), settings)
    reader = current_reader(settings)
    if reader is None:
        raise BuildError("nothing has been published yet; run `aftercare refresh`")
    return reader
