"""How long a piece of work took, how much processor time and how much memory, its child processes included."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_SECONDS_BETWEEN_LOOKS = 0.1
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass
class Measured:
    """Seconds of wall clock and processor, and the largest resident memory of the process and its children in GB.

    Processor time of a child counts when it has ended.
    """

    wall_s: float = 0.0
    cpu_s: float = 0.0
    peak_gb: float = 0.0

    def rounded(self) -> dict[str, float]:
        return {"wall_s": round(self.wall_s, 2), "cpu_s": round(self.cpu_s, 2), "peak_gb": round(self.peak_gb, 2)}


@contextmanager
def measuring() -> Iterator[Measured]:
    """Measure what happens inside the block."""
    found = Measured()
    is_over = threading.Event()
    watcher = threading.Thread(target=_watch, args=(found, is_over), daemon=True)
    wall, cpu = time.perf_counter(), _processor_seconds()
    watcher.start()
    try:
        yield found
    finally:
        found.wall_s = time.perf_counter() - wall
        found.cpu_s = _processor_seconds() - cpu
        is_over.set()
        watcher.join()


def _processor_seconds() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _watch(found: Measured, is_over: threading.Event) -> None:
    while not is_over.wait(_SECONDS_BETWEEN_LOOKS):
        found.peak_gb = max(found.peak_gb, _resident_bytes(os.getpid()) / 1e9)


def _resident_bytes(process: int) -> int:
    """Return the resident memory of a process and everything it started; a process that ended meanwhile has none."""
    try:
        own = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1]) * _PAGE
        threads = list(Path(f"/proc/{process}/task").iterdir())
        children = [child for thread in threads for child in (thread / "children").read_text("ascii").split()]
    except OSError:
        return 0
    return own + sum(_resident_bytes(int(child)) for child in children)
