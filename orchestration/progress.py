"""How a run tells how far it is: to a progress bar on the command line, to nobody under the scheduler."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """A step of the refresh and how much of it is done; `total` 0 means not known."""

    step: str
    detail: str = ""
    done: int = 0
    total: int = 0


_LISTENERS: list[Callable[[Progress], None]] = []


def report(step: str, detail: str = "", done: int = 0, total: int = 0) -> None:
    """Tell the listeners, if there are any."""
    for listener in _LISTENERS:
        listener(Progress(step, detail, done, total))


@contextmanager
def listening(listener: Callable[[Progress], None]) -> Iterator[None]:
    """Hear the progress of runs in this process."""
    _LISTENERS.append(listener)
    try:
        yield
    finally:
        _LISTENERS.remove(listener)
