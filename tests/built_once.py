"""Folders that are dear to build: built once per test run, whatever the number of workers."""

import fcntl
from collections.abc import Callable
from pathlib import Path

import pytest


def built_once(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str, name: str, build: Callable[[Path], None]
) -> Path:
    """Return a folder that whichever worker comes first has filled; the others wait for it. Read only."""
    base = tmp_path_factory.getbasetemp()
    shared = (base if worker_id == "master" else base.parent) / name
    done = shared.with_suffix(".done")
    with shared.with_suffix(".lock").open("w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            assert not shared.exists(), f"another worker failed to build {name}"
            shared.mkdir()
            build(shared)
            done.touch()
    return shared
