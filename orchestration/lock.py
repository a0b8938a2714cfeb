"""One refresh at a time per home: an operating-system lock that dies with its process."""

import fcntl
import os
from pathlib import Path

from warehouse.errors import RefreshError
from warehouse.settings import Settings


class _HeldLocks:
    """Locks of this process by home; a run takes the lock at its first step and keeps it to its end."""

    def __init__(self) -> None:
        self._descriptors: dict[Path, int] = {}

    def hold(self, settings: Settings) -> None:
        if settings.home in self._descriptors:
            return
        settings.home.mkdir(parents=True, exist_ok=True)
        path = settings.home / "refresh.lock"
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(descriptor, 64).decode(errors="replace").strip() or "unknown"
            os.close(descriptor)
            raise RefreshError(f"another refresh of {settings.home} is running (process {holder})") from error
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        self._descriptors[settings.home] = descriptor

    def release(self, settings: Settings) -> None:
        descriptor = self._descriptors.pop(settings.home, None)
        if descriptor is not None:
            os.close(descriptor)


_HELD = _HeldLocks()


def hold_refresh_lock(settings: Settings) -> None:
    """Take the lock of a home, or keep it if this process has it.

    Raises RefreshError naming the process that holds it.
    """
    _HELD.hold(settings)


def release_refresh_lock(settings: Settings) -> None:
    """Give the lock back, if this process has it."""
    _HELD.release(settings)
