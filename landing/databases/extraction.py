"""Every database of the mappings, read once: what is new becomes files that land like any other."""

import errno
import logging
import time
from collections.abc import Callable
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from landing.database_source import DatabaseSource
from landing.databases.address import Address, find_address, variable_of
from landing.databases.extract_file import About, is_known, read_about, write_extract
from landing.databases.failure import is_lost, refusal_of
from landing.databases.session import Session, Span, open_session
from landing.databases.watermark import Mark, StoredMark, begin_of_next
from landing.mapping_model import Mapping
from landing.refusal import RefusalError
from warehouse.builds import sync_folder
from warehouse.clock import now_utc
from warehouse.errors import MappingError
from warehouse.settings import Settings

_log = logging.getLogger(__name__)

#: Seconds before another attempt after the connection failed or broke.
RETRY_AFTER = (1.0, 5.0)
_OF_OUR_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EFBIG, errno.EIO, errno.EMFILE)
_STAMP = "%Y%m%dT%H%M%S%f"


@dataclass(frozen=True)
class Reading:
    """One table or query of one system: what its extracts are called, and which contracts it feeds."""

    system: str
    mapping: str
    zone: str
    source: DatabaseSource
    contracts: tuple[str, ...]
    is_whole: bool

    @property
    def folder(self) -> str:
        """Where its extracts lie below `home/extracts`, and how their names in the manifest begin."""
        return f"{self.system}/{self.source.reading}"


@dataclass(frozen=True)
class Unread:
    """A table or query that could not be read, and why; what landed of it before stays in force."""

    reading: Reading
    reason: RefusalError


@dataclass(frozen=True)
class _Waiting:
    """An extract that is whole but not in its place yet."""

    part: Path
    rows: int


def read_instant(file_name: str) -> datetime | None:
    """Return when an extract was read (naive UTC), by its name."""
    try:
        return datetime.strptime(Path(file_name).stem, _STAMP)  # noqa: DTZ007 - names are in UTC
    except ValueError:
        return None


def readings_of(mappings: tuple[Mapping, ...]) -> list[Reading]:
    """Return what the mappings read of databases; entries that ask for the same rows share one reading.

    Raises MappingError when two mappings of one system read the same rows: they would count twice.
    """
    found: dict[str, Reading] = {}
    for mapping in mappings:
        for entry in mapping.tables:
            source = entry.source
            if not isinstance(source, DatabaseSource):
                continue
            whole = entry.delivery == "snapshot"
            new = Reading(mapping.system, mapping.name, mapping.time_zone, source, (entry.contract,), whole)
            known = found.get(new.folder)
            if known and known.mapping != mapping.name:
                raise MappingError(
                    f"{known.mapping}.yml and {mapping.name}.yml both read {source.words} of database "
                    f"{source.database} for system {mapping.system}; put their table entries into one mapping"
                )
            if known:
                new = replace(known, contracts=(*known.contracts, entry.contract), is_whole=known.is_whole or whole)
            found[new.folder] = new
    return list(found.values())


def extract_databases(
    settings: Settings,
    mappings: tuple[Mapping, ...],
    earlier: Dictionary[str, Path],
    folder: Path,
    report: Callable[[str], None] | None = None,
) -> tuple[Unread, ...]:
    """Read every database of the mappings, each in one snapshot per system, into files below `home/extracts`.

    `earlier` gives, by `Reading.folder`, the last extract that is in force; `folder` is for temporary files. Returns
    what could not be read: the next table is read then; but when a connection breaks, nothing of its snapshot is kept.
    """
    readings = readings_of(mappings)
    groups: dict[tuple[str, str], list[Reading]] = {}
    for reading in readings:
        groups.setdefault((reading.mapping, reading.source.database), []).append(reading)
    for part in settings.extracts_dir.rglob("*.part"):
        part.unlink()
    unread: list[Unread] = []
    for (_, name), group in groups.items():
        try:
            address = find_address(name)
        except RefusalError as refusal:
            unread += [Unread(reading, refusal) for reading in group]
            continue
        unread += _Snapshot(settings, address, group, earlier, folder, report).take()
    for one in unread:
        _log.warning("not read: %s", one.reason.en)
    return tuple(unread)


@dataclass(frozen=True)
class _Snapshot:
    settings: Settings
    address: Address
    readings: list[Reading]
    earlier: Dictionary[str, Path]
    folder: Path
    report: Callable[[str], None] | None

    def take(self) -> list[Unread]:
        """Read everything in one snapshot, from the start again when the connection fails; return what failed."""
        for pause in (*RETRY_AFTER, None):
            broken = self._attempt()
            if isinstance(broken, list):
                return broken
            if pause is None or not is_lost(broken):
                return [Unread(reading, broken) for reading in self.readings]
            _log.info("%s; another attempt follows", broken.en)
            time.sleep(pause)
        raise AssertionError("the last attempt returns")

    def _attempt(self) -> list[Unread] | RefusalError:
        """Return what could not be read, or why the whole snapshot failed; then none of its files is kept."""
        waiting: dict[Path, _Waiting] = {}
        unread: list[Unread] = []
        words = ""
        failure: BaseException | None = None
        try:
            with open_session(self.address, self.readings[0].zone, self.settings.extract_seconds) as session:
                read_at = now_utc()
                for reading in self.readings:
                    words = reading.source.words
                    refusal = self._read(session, reading, read_at, waiting)
                    if refusal and is_lost(refusal):
                        self._drop(waiting)
                        return refusal
                    if refusal:
                        unread.append(Unread(reading, refusal))
                words = ""
        except RefusalError as refusal:
            self._drop(waiting)
            return refusal
        except Exception as error:  # a driver may raise anything
            failure = error
        if failure is not None:
            self._drop(waiting)
            if _is_our_disk(failure):
                raise failure
            return self._refusal(failure, words)
        for target, extract in waiting.items():
            extract.part.replace(target)
            sync_folder(target.parent)
        return unread

    def _read(
        self, session: Session, reading: Reading, read_at: datetime, waiting: dict[Path, _Waiting]
    ) -> RefusalError | None:
        """Read one table into a waiting file, unless it has nothing new; return why it cannot be read."""
        if self.report:
            self.report(f"{reading.source.database}: {reading.source.words}")
        target = self.settings.extracts_dir / reading.folder / f"{read_at:{_STAMP}}.parquet"
        part = target.with_suffix(".part")
        failure: BaseException | None = None
        try:
            with session.guarded():
                rows = self._write(session, reading, read_at, part)
        except Exception as error:  # a driver may raise anything
            failure = error
        if failure is not None:
            part.unlink(missing_ok=True)
            if _is_our_disk(failure):
                raise failure
            return self._refusal(failure, reading.source.words)
        earlier = self.earlier.get(reading.folder)
        is_empty_change = rows == 0 and not reading.is_whole
        is_old = earlier is not None and is_known(
            part, earlier, self.settings, self.folder, whole=reading.source.watermark is None
        )
        if is_empty_change or is_old:
            part.unlink()
            _log.info("%s: nothing new among %s rows", reading.folder, rows)
        else:
            waiting[target] = _Waiting(part, rows)
            _log.info("%s: %s rows read", reading.folder, rows)
        return None

    def _write(self, session: Session, reading: Reading, read_at: datetime, part: Path) -> int:
        source = reading.source
        reached: Mark | None = None
        since: Mark | None = None
        if source.watermark:
            earlier = self.earlier.get(reading.folder)
            about = read_about(earlier) if earlier else None
            before = about.watermark.value() if about and about.watermark else None
            since = begin_of_next(before, source) if before is not None else None
            reached = session.newest(source, reading.zone)
            reached = before if reached is None else reached
        stored = StoredMark.of(reached) if reached is not None else None
        about = About(source.database, read_at.isoformat(), stored)
        return write_extract(part, session.batches(source, Span(since)), about)

    def _refusal(self, error: BaseException, words: str) -> RefusalError:
        variable = variable_of(self.address.name)
        return refusal_of(error, self.address, words, variable, self.settings.extract_seconds)

    @staticmethod
    def _drop(waiting: dict[Path, _Waiting]) -> None:
        for extract in waiting.values():
            extract.part.unlink(missing_ok=True)


def _is_our_disk(error: BaseException) -> bool:
    return isinstance(error, OSError) and error.errno in _OF_OUR_DISK
