"""Landing: every new file of the landing folder becomes an extract, in the warehouse and in the archive."""

import logging
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import duckdb

from landing.archive import archive_file, private_folder, remove_stale_copies
from landing.databases.landed import database_files, read_databases
from landing.known_extracts import read_known
from landing.landing_folder import LandedFile
from landing.loading import ExtractHeader, load_extract, refuse_extract, replace_earlier, transaction
from landing.mapping import contract_mapping
from landing.mapping_model import Mapping
from landing.parser_process import Parser
from landing.parsing import read_correction
from landing.parsing_job import ParsedFile, ParsingJob
from landing.pending_corrections import correction_job, find_corrections
from landing.refusal import RefusalError
from landing.tasks import Task, archived_files, find_delivered, is_of_database, task_of
from warehouse.clock import now_utc
from warehouse.connections import writer
from warehouse.errors import ExtractError
from warehouse.manifest import ExtractState, UnreadTable, list_extracts, note_unread, prepare_warehouse, set_state
from warehouse.pseudonyms import PseudonymKey, load_key
from warehouse.quarantine_file import NAME_START
from warehouse.settings import Settings

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class LandedExtract:
    """What became of one file under one mapping; the reasons are set when it was refused."""

    extract_id: str
    file_name: str
    contracts: tuple[str, ...]
    rows_read: int
    rows_loaded: int
    reason_en: str | None = None
    reason_zh: str | None = None
    #: Source columns that the mapping names and the file lacks; their contract columns are null.
    absent_columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class LandingReport:
    """What one run found: new extracts, refused ones, how many were known, and files that nothing maps."""

    landed: tuple[LandedExtract, ...]
    refused: tuple[LandedExtract, ...]
    unchanged: int
    unmatched_files: tuple[str, ...]
    #: Tables and queries of databases that could not be read; what landed of them before stays in force.
    unread: tuple[UnreadTable, ...] = ()


def land(
    settings: Settings,
    *,
    run_id: str,
    landing_dir: Path,
    mappings: tuple[Mapping, ...],
    extracted_at: datetime | None = None,
    report: Callable[[str, int, int], None] | None = None,
    with_databases: bool = True,
) -> LandingReport:
    """Land every file of the folder that is new under its mapping, and what is new in databases; files stay.

    `extracted_at` (naive UTC) overrides the extraction time of all of them, `report(file, done, total)` tells how far
    the run is when a new file begins. A file that cannot be landed is refused and the run goes on; so it does when a
    database cannot be read. Raises MappingError when two mappings of one system claim the same file.
    """
    started = now_utc()
    settings.make_folders()
    remove_stale_copies(settings.archive_dir)
    working = private_folder(settings.temp_dir)
    try:
        found = find_delivered(landing_dir, mappings, contract_mapping(settings.zone))
        tell = (lambda what: report(what, 0, 0)) if report else None
        unread = read_databases(settings, mappings, run_id, working, tell) if with_databases else ()
        with writer(settings.warehouse_file, settings, foreign_files=(working,)) as connection:
            prepare_warehouse(connection)
            # rows know their number; kept in order they fill row groups by halves, which every checkpoint rewrites
            connection.execute("set preserve_insertion_order = false")
            if with_databases:
                note_unread(connection, unread, [mapping.system for mapping in mappings])
            known = read_known(connection)
            with Parser(settings.parse_memory, settings.parse_seconds) as parser:
                corrections = find_corrections(
                    connection, found.correcting, known, settings.archive_dir,
                    lambda asked: parser.run(read_correction, correction_job(asked, working, settings.threads)),
                )  # fmt: skip
                matched = [*found.matched, *database_files(settings, mappings, connection)]
                matched += archived_files(settings, corrections, known, matched, mappings)
                tasks = [
                    task_of(file, match, known, corrections, found.refusals.get(file.name)) for file, match in matched
                ]
                run = _Run(settings, run_id, started, extracted_at, connection, parser, load_key(settings), working)
                refused = tuple(run.refuse_correction(file, refusal) for file, refusal in corrections.refused)
                landed = run.land_all(tasks, tuple(found.unmatched), report)
                return replace(
                    landed,
                    refused=(*landed.refused, *refused),
                    unchanged=landed.unchanged + corrections.unchanged,
                    unread=unread,
                )
    finally:
        shutil.rmtree(working, ignore_errors=True)


@dataclass(frozen=True)
class _Reading:
    """A file that is being archived and parsed."""

    task: Task
    outcome: Future[ParsedFile | RefusalError | None]


@dataclass(frozen=True)
class _Run:
    settings: Settings
    run_id: str
    #: Extracts of one run that do not say when they were taken were taken together.
    started: datetime
    extracted_at: datetime | None
    connection: duckdb.DuckDBPyConnection
    parser: Parser
    key: PseudonymKey
    working: Path

    def land_all(
        self, tasks: list[Task], unmatched: tuple[str, ...], report: Callable[[str, int, int], None] | None
    ) -> LandingReport:
        """Land the tasks in their order; while one is loaded the next one is parsed."""
        outcomes: list[LandedExtract] = []
        known = {extract.extract_id: extract.state for extract in list_extracts(self.connection)}
        wanted = frozenset(task.extract_id for task in tasks)
        unchanged = 0

        def finish(reading: _Reading) -> None:
            outcome = self._load(reading, wanted)
            if outcome is not None:
                known[outcome.extract_id] = ExtractState.REFUSED if outcome.reason_en else ExtractState.CANDIDATE
                outcomes.append(outcome)

        with self._reader() as reader:
            ahead: _Reading | None = None
            for done, task in enumerate(tasks):
                if ahead and task.extract_id in (*known, ahead.task.extract_id):
                    finish(ahead)
                    ahead = None
                if task.extract_id not in known:
                    if report:
                        report(task.file.name, done, len(tasks))
                    begun = _Reading(task, reader.submit(self._read, task))
                    if ahead:
                        finish(ahead)
                    ahead = begun
                elif self._reinstate(task, known[task.extract_id], wanted):
                    outcomes.append(self._reinstated(task))
                    known[task.extract_id] = ExtractState.CANDIDATE
                else:
                    unchanged += 1
            if ahead:
                finish(ahead)
        if report and tasks:
            report(tasks[-1].file.name, len(tasks), len(tasks))
        landed = tuple(outcome for outcome in outcomes if not outcome.reason_en)
        return LandingReport(landed, tuple(o for o in outcomes if o.reason_en), unchanged, unmatched)

    @contextmanager
    def _reader(self) -> Iterator[ThreadPoolExecutor]:
        """A thread that waits for the parser; when loading fails, what is being parsed is abandoned."""
        with ThreadPoolExecutor(1) as reader:
            try:
                yield reader
            except BaseException:
                reader.shutdown(wait=False, cancel_futures=True)
                self.parser.abandon()
                raise

    def _read(self, task: Task) -> ParsedFile | RefusalError | None:
        """Archive and parse a file; None when it changed or went away meanwhile."""
        if task.refusal:
            return task.refusal
        folder = self._folder(task)
        folder.mkdir()
        try:
            archived = archive_file(task.file, self.settings.archive_dir)
        except (RefusalError, FileNotFoundError) as error:
            _log.warning("%s", error)
            return None
        job = ParsingJob(
            archived, task.file.name, task.match.mapping, task.match.entries, self.settings.zone, folder, self.key,
            self.settings.threads, task.corrections, task.earlier_ids,
        )  # fmt: skip
        try:
            return self.parser.parse(job)
        except RefusalError as refusal:
            if refusal.code != "parser_died" or self.parser.is_abandoned:
                return refusal
        # whoever killed it may have meant another process: once more, in a new one
        _log.warning("the parsing process died on %s; it is read once more", task.file.name)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        try:
            return self.parser.parse(job)
        except RefusalError as refusal:
            return refusal

    def _folder(self, task: Task) -> Path:
        return self.working / task.extract_id

    def _load(self, reading: _Reading, wanted: frozenset[str]) -> LandedExtract | None:
        """Load what a file was parsed to, or write down why it is refused."""
        task = reading.task
        try:
            parsed = reading.outcome.result()
            if parsed is None:
                return None
            if isinstance(parsed, RefusalError):
                raise parsed
            load_extract(self.connection, self._header(task), parsed, wanted, task.new_corrections)
            return _landed(task, parsed)
        except RefusalError as refusal:
            refuse_extract(self.connection, self._header(task), refusal)
            _log.warning("refused: %s", refusal.en)
            return LandedExtract(task.extract_id, task.file.name, task.contracts, 0, 0, refusal.en, refusal.zh)
        finally:
            shutil.rmtree(self._folder(task), ignore_errors=True)

    def _header(self, task: Task) -> ExtractHeader:
        now = now_utc()
        mapping = task.match.mapping
        return ExtractHeader(
            extract_id=task.extract_id,
            source_system=mapping.system,
            mapping=mapping.name,
            mapping_fingerprint=task.fingerprint,
            file_name=task.file.name,
            sha256=task.file.sha256,
            bytes=task.file.bytes,
            extracted_at=self._taken_at(task),
            loaded_at=now,
            run_id=self.run_id,
            contracts=task.contracts,
            corrections=tuple(correction.sha256 for correction in task.corrections),
        )

    def refuse_correction(self, file: LandedFile, refusal: RefusalError) -> LandedExtract:
        """Write down that a file of corrections cannot be understood."""
        now = now_utc()
        header = ExtractHeader(
            file.sha256[:16], NAME_START, NAME_START, "", file.name, file.sha256, file.bytes, now, now, self.run_id
        )
        refuse_extract(self.connection, header, refusal)
        return LandedExtract(header.extract_id, file.name, (), 0, 0, refusal.en, refusal.zh)

    def _taken_at(self, task: Task) -> datetime:
        mapping = task.match.mapping
        is_told = mapping.has_time_in_name or is_of_database(task.match)
        stated = None if is_told else mapping.extracted_at_utc(task.file.name)
        return self.extracted_at or stated or task.taken_at or self.started

    def _reinstate(self, task: Task, state: ExtractState, wanted: frozenset[str]) -> bool:
        """True when a mapping went back to what it was: the rows that it made then count again."""
        row = self.connection.execute(
            "select replaced_by from meta.extracts where extract_id = $id", {"id": task.extract_id}
        ).fetchone()
        if row is None or row[0] is None or row[0] in wanted:
            return False
        if state is not ExtractState.REPLACED:
            # the replacement was never accepted, so this extract is in force as it is
            self._keep(task)
            return False
        return True

    def _keep(self, task: Task) -> None:
        with transaction(self.connection):
            self.connection.execute(
                "update meta.extracts set replaced_by = null where extract_id = $id", {"id": task.extract_id}
            )
            replace_earlier(self.connection, self._header(task), frozenset())

    def _reinstated(self, task: Task) -> LandedExtract:
        with transaction(self.connection):
            set_state(self.connection, [task.extract_id], ExtractState.CANDIDATE)
            self.connection.execute(
                "update meta.extracts set replaced_by = null, run_id = $run_id where extract_id = $id",
                {"id": task.extract_id, "run_id": self.run_id},
            )
            replace_earlier(self.connection, self._header(task), frozenset())
        counts = self.connection.execute(
            "select max(rows_read), sum(rows_loaded) from meta.extract_entries where extract_id = $id",
            {"id": task.extract_id},
        ).fetchone() or (0, 0)
        return LandedExtract(task.extract_id, task.file.name, task.contracts, int(counts[0] or 0), int(counts[1] or 0))


def _landed(task: Task, parsed: ParsedFile) -> LandedExtract:
    absent = tuple(dict.fromkeys(column for entry in parsed.entries for column in entry.absent_columns))
    if absent:
        _log.warning("%s: the mapping names columns that the file lacks: %s", task.file.name, ", ".join(absent))
    return LandedExtract(
        task.extract_id,
        task.file.name,
        task.contracts,
        rows_read=max(entry.rows_read for entry in parsed.entries),
        rows_loaded=sum(entry.rows_loaded for entry in parsed.entries),
        absent_columns=absent,
    )


def withdraw(settings: Settings, extract_id: str) -> None:
    """Take the rows of an accepted or candidate extract out of all further builds; they stay in raw.

    Raises ExtractError when it is not known or has not landed.
    """
    with writer(settings.warehouse_file, settings) as connection:
        prepare_warehouse(connection)
        found = [extract for extract in list_extracts(connection) if extract.extract_id == extract_id]
        if not found:
            raise ExtractError(f"no extract {extract_id} has landed here; `aftercare quality` lists them")
        if found[0].state not in (ExtractState.ACCEPTED, ExtractState.CANDIDATE):
            raise ExtractError(f"extract {extract_id} is {found[0].state}; only an accepted extract can be withdrawn")
        set_state(
            connection, [extract_id], ExtractState.WITHDRAWN,
            reason_code="withdrawn", reason_en="withdrawn by hand", reason_zh="人工撤回",
        )  # fmt: skip
