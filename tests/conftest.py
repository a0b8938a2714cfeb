"""Homes that many tests read: built once per test run, whatever the number of workers."""

import fcntl
from pathlib import Path

import hypothesis
import pytest

from tests.command_line import aftercare

DEMO_TICKETS = 1_500

# how long an example takes says more about the machine than about the code
hypothesis.settings.register_profile("aftercare", deadline=None)
hypothesis.settings.load_profile("aftercare")


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A published demo company of 1,500 tickets until 2025-10. Read only: copy what you want to change."""
    base = tmp_path_factory.getbasetemp()
    shared = (base if worker_id == "master" else base.parent) / "demo-home"
    shared.mkdir(exist_ok=True)
    with (shared.parent / "demo-home.lock").open("w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "current.json").exists():
            done = aftercare(shared, "demo", "--tickets", str(DEMO_TICKETS), "--no-serve")
            assert done.code == 0, done.err
    return shared
