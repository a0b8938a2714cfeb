"""Homes that many tests read: built once per test run, whatever the number of workers."""

import fcntl
from pathlib import Path

import hypothesis
import pytest

from tests.command_line import aftercare

DEMO_TICKETS = 1_500

#: So many that each planted story of the demo company shows (docs/demo.md).
STORY_TICKETS = 12_000

# how long an example takes says more about the machine than about the code
hypothesis.settings.register_profile("aftercare", deadline=None)
hypothesis.settings.load_profile("aftercare")


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A published demo company of 1,500 tickets until 2025-10. Read only: copy what you want to change."""
    return _published_demo(tmp_path_factory, worker_id, "demo-home", DEMO_TICKETS)


@pytest.fixture(scope="session")
def story_home(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A published demo company of 12,000 tickets until 2025-10, large enough for its stories. Read only."""
    return _published_demo(tmp_path_factory, worker_id, "story-home", STORY_TICKETS)


def _published_demo(tmp_path_factory: pytest.TempPathFactory, worker_id: str, name: str, tickets: int) -> Path:
    base = tmp_path_factory.getbasetemp()
    shared = (base if worker_id == "master" else base.parent) / name
    shared.mkdir(exist_ok=True)
    with (shared.parent / f"{name}.lock").open("w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "current.json").exists():
            done = aftercare(shared, "demo", "--tickets", str(tickets), "--no-serve")
            assert done.code == 0, done.err
    return shared
