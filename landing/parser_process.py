"""The child process that parses: one for all files of a run, limited in memory and time, replaceable when it dies."""

import logging
import multiprocessing
import resource
import time
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb

from landing.corrections import CorrectedRows, CorrectionJob
from landing.parsing import parse_file, read_correction
from landing.parsing_job import ParsedFile, ParsingJob
from landing.refusal import RefusalError

_SHARE_FOR_DUCKDB = 0.6
#: Allocators reserve more addresses than they use: the watch over resident memory is the limit, this its safety net.
_ADDRESSES_PER_BYTE = 4
_SECONDS_BETWEEN_LOOKS = 0.1
_READY = "ready"
_START_SECONDS = 120  # a busy machine may take long to start a process; that is no file's fault
_log = logging.getLogger(__name__)


def _serve(pipe: Connection, memory_bytes: int) -> None:
    """Parse what comes through the pipe until it closes."""
    addresses = memory_bytes * _ADDRESSES_PER_BYTE
    resource.setrlimit(resource.RLIMIT_AS, (addresses, addresses))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    memory_limit = f"{int(memory_bytes * _SHARE_FOR_DUCKDB) >> 20}MiB"
    with suppress(EOFError, BrokenPipeError, KeyboardInterrupt):
        pipe.send(_READY)
        while True:
            job: ParsingJob | CorrectionJob = pipe.recv()
            pipe.send(_outcome(job, memory_limit))


def _outcome(job: ParsingJob | CorrectionJob, memory_limit: str) -> ParsedFile | CorrectedRows | RefusalError:
    try:
        if isinstance(job, CorrectionJob):
            return read_correction(job, memory_limit)
        return parse_file(job, memory_limit)
    except RefusalError as refusal:
        return refusal
    except (MemoryError, duckdb.OutOfMemoryException):
        return _out_of_memory(job.file_name)
    except Exception as error:
        _log.exception("parsing %s failed", job.file_name)
        reason = f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
        return RefusalError(
            "parser_failed",
            f"{job.file_name}: the file cannot be parsed ({reason})",
            f"{job.file_name}：文件无法解析（{reason}）",
        )


def _resident_bytes(process_id: int | None) -> int:
    """Memory that a process uses; 0 where the system does not tell or the process has ended."""
    try:
        pages = int(Path(f"/proc/{process_id}/statm").read_text(encoding="ascii").split()[1])
    except (OSError, IndexError):
        return 0
    return pages * resource.getpagesize()


def _out_of_memory(file_name: str) -> RefusalError:
    return RefusalError(
        "out_of_memory",
        f"{file_name}: parsing needs more memory than allowed; deliver smaller files or raise AFTERCARE_PARSE_MEMORY",
        f"{file_name}：解析所需内存超过限制，请拆分文件或调大 AFTERCARE_PARSE_MEMORY",
    )


class Parser:
    """A parsing process that starts with the first job and is restarted after it died or was killed."""

    def __init__(self, memory_bytes: int, seconds: float) -> None:
        self._memory_bytes = memory_bytes
        self._seconds = seconds
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        #: True when nobody waits for what is parsed any more.
        self.is_abandoned = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    @property
    def process_id(self) -> int | None:
        """Process that parses at present, if any."""
        return self._process.pid if self._process else None

    def parse(self, job: ParsingJob) -> ParsedFile:
        """Return the parsed file; raises RefusalError, also when the process died, hung or ran out of memory."""
        outcome = self._ask(job)
        assert isinstance(outcome, ParsedFile)  # noqa: S101
        return outcome

    def read_correction(self, job: CorrectionJob) -> CorrectedRows:
        """Return which rows a file of corrections is about; raises RefusalError likewise."""
        outcome = self._ask(job)
        assert isinstance(outcome, CorrectedRows)  # noqa: S101
        return outcome

    def _ask(self, job: ParsingJob | CorrectionJob) -> object:
        try:
            pipe = self._ready_pipe()
            pipe.send(job)
            self._await(pipe, job.file_name)
            outcome = pipe.recv()
        except (EOFError, OSError) as error:
            self._stop()
            raise RefusalError(
                "parser_died",
                f"{job.file_name}: the parsing process died on this file, as it does when memory runs out",
                f"{job.file_name}：解析进程在处理该文件时崩溃，可能是内存不足",
            ) from error
        if isinstance(outcome, RefusalError):
            if outcome.code == "out_of_memory":
                self._stop()  # the next file gets a process with nothing left over
            raise outcome
        return outcome

    def abandon(self) -> None:
        """End the process, from another thread; a `parse` that waits for it raises RefusalError."""
        self.is_abandoned = True
        process = self._process
        if process:
            process.kill()

    def _await(self, pipe: Connection, file_name: str) -> None:
        """Wait for an outcome; kill the process and raise RefusalError when it takes too long or too much memory."""
        until = time.monotonic() + self._seconds
        while not pipe.poll(_SECONDS_BETWEEN_LOOKS):
            if self._process and _resident_bytes(self._process.pid) > self._memory_bytes:
                self._stop()
                raise _out_of_memory(file_name)
            if time.monotonic() > until:
                self._stop()
                raise RefusalError(
                    "parser_timeout",
                    f"{file_name}: parsing took longer than {self._seconds:g} seconds and was stopped; deliver "
                    "smaller files or raise AFTERCARE_PARSE_SECONDS",
                    f"{file_name}：解析超过 {self._seconds:g} 秒，已终止，请拆分文件或调大 AFTERCARE_PARSE_SECONDS",
                )

    def _ready_pipe(self) -> Connection:
        if self._pipe is None or self._process is None or not self._process.is_alive():
            self._stop()
            context = multiprocessing.get_context("spawn")
            self._pipe, theirs = context.Pipe()
            self._process = context.Process(target=_serve, args=(theirs, self._memory_bytes), daemon=True)
            self._process.start()
            theirs.close()
            if not (self._pipe.poll(_START_SECONDS) and self._pipe.recv() == _READY):
                self._stop()
                raise EOFError("the parsing process did not start")
        return self._pipe

    def _stop(self) -> None:
        if self._pipe:
            self._pipe.close()
        if self._process:
            self._process.kill()
            self._process.join()
        self._pipe = self._process = None
