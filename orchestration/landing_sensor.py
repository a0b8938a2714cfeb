"""The sensor on the landing folder: new content that has come to rest asks for a refresh, once.

It looks at names, sizes and times of change; a file is hashed when it is new or changed and has come to rest. Whether
content is known is asked of the archive, which has every file from before its rows land: the manifest lies in a
DuckDB file, and whoever reads that keeps the next refresh from writing it.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import dagster as dg

from landing.landing_folder import can_be_read, fingerprint_file, list_files
from orchestration.process import is_alive
from warehouse.operations import OperationsStore, RunStatus
from warehouse.settings import Settings, load_settings

INTERVAL_SECONDS = 60
#: Beyond this the refresh itself finds out what is new: a tick of the sensor must be short.
HASHED_BYTES = 4 << 30

#: Size in bytes and time of change in nanoseconds of every file, by its path below the landing folder.
FolderState = dict[str, tuple[int, int]]


@dataclass(frozen=True)
class Memory:
    """What the sensor knows from earlier ticks: the folder at the last one, and the files that were dealt with."""

    seen: str = ""
    handled: FolderState = field(default_factory=dict)

    @classmethod
    def from_cursor(cls, cursor: str | None) -> "Memory":
        """Return the memory that a cursor holds; an empty one before the first tick."""
        if not cursor:
            return cls()
        stored = json.loads(cursor)
        return cls(stored["seen"], {name: (size, changed) for name, (size, changed) in stored["handled"].items()})

    def to_cursor(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True)
class Decision:
    """What a tick comes to: a run with this key, or none for this reason; and what to remember."""

    reason: str
    memory: Memory
    run_key: str | None = None


def folder_state(folder: Path) -> FolderState:
    """Return the files that landing could read; one that goes away meanwhile is left out."""
    state: FolderState = {}
    for path in list_files(folder) if folder.is_dir() else ():
        if not can_be_read(path.name):
            continue
        try:
            status = path.stat()
        except FileNotFoundError:
            continue
        state[path.relative_to(folder).as_posix()] = (status.st_size, status.st_mtime_ns)
    return state


def decide(
    state: FolderState, memory: Memory, *, is_known: Callable[[str], bool | None], is_busy: Callable[[], bool]
) -> Decision:
    """Decide about one look at the folder.

    `is_known(name)` tells whether the content has landed before, None when the file changes while it is read;
    `is_busy()` whether a refresh is running. A folder in which a file is new or changed has to look the same at two
    ticks: nothing lands half while something else is still being copied.
    """
    fresh = [name for name, status in state.items() if memory.handled.get(name) != status]
    seen = _digest(state)
    if not fresh:
        return Decision("nothing new", Memory(seen, dict(state)))
    if seen != memory.seen:
        return Decision(f"new or changed files: {len(fresh)}; waiting until they rest", Memory(seen, memory.handled))
    if is_busy():
        return Decision("a refresh is running; looking again after it", memory)
    verdicts: list[bool | None] = [False]
    if sum(state[name][0] for name in fresh) <= HASHED_BYTES:
        verdicts = [is_known(name) for name in fresh]
    if None in verdicts:
        return Decision("a file changes while it is read; waiting until it rests", Memory("", memory.handled))
    handled = Memory(seen, dict(state))
    if all(verdicts):
        return Decision(f"content that landed before, in files: {len(fresh)}", handled)
    return Decision("new content", handled, run_key=_digest({name: state[name] for name in fresh}))


def _digest(state: FolderState) -> str:
    return hashlib.sha256(json.dumps(sorted(state.items())).encode()).hexdigest()[:32]


def has_landed(settings: Settings, name: str) -> bool | None:
    """Return whether the archive has the content of a file of the landing folder; None when it changes meanwhile."""
    file = fingerprint_file(settings.landing_dir / name, settings.landing_dir)
    return None if file is None else (settings.archive_dir / file.sha256).exists()


def is_refreshing(settings: Settings) -> bool:
    """Return whether a refresh of this home is running, by whomever it was started."""
    if not settings.operations_file.is_file():
        return False
    runs = OperationsStore(settings).list_runs()
    return any(run.status is RunStatus.RUNNING and is_alive(run.process_id) for run in runs)


def look(settings: Settings, cursor: str | None) -> Decision:
    """Look at the landing folder of a home once."""
    return decide(
        folder_state(settings.landing_dir),
        Memory.from_cursor(cursor),
        is_known=lambda name: has_landed(settings, name),
        is_busy=lambda: is_refreshing(settings),
    )


def make_landing_sensor(job: Any) -> dg.SensorDefinition:
    """Return the sensor that requests `job`; what did not publish is not asked for again until the folder changes."""

    @dg.sensor(
        name="landing_folder",
        job=job,
        minimum_interval_seconds=INTERVAL_SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Requests the daily refresh when new content has come to rest in the landing folder.",
    )
    def landing_folder(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        decision = look(load_settings(), context.cursor)
        cursor = decision.memory.to_cursor()
        if decision.run_key is None:
            return dg.SensorResult(skip_reason=decision.reason, cursor=cursor)
        return dg.SensorResult(run_requests=[dg.RunRequest(run_key=decision.run_key)], cursor=cursor)

    return landing_folder
