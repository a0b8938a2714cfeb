"""Homes that many tests read, and the order of tests."""

from pathlib import Path

import hypothesis
import pytest

from tests.built_once import built_once
from tests.command_line import aftercare

DEMO_TICKETS = 1_500

#: So many that each planted story of the demo company shows (docs/demo.md).
STORY_TICKETS = 12_000

# how long an example takes says more about the machine than about the code
hypothesis.settings.register_profile("aftercare", deadline=None)
hypothesis.settings.load_profile("aftercare")


#: Tests that refresh homes and open browsers take longest and come first: no worker waits for another at the end.
_LONGEST_FIRST = ("integration", "browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order the tests by how long their kind takes."""
    folders = {name: position for position, name in enumerate(_LONGEST_FIRST)}
    items.sort(key=lambda item: min(folders.get(part, len(folders)) for part in item.path.parts))


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A published demo company of 1,500 tickets until 2025-10. Read only: copy what you want to change."""
    return _published_demo(tmp_path_factory, worker_id, "demo-home", DEMO_TICKETS)


@pytest.fixture(scope="session")
def story_home(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A published demo company of 12,000 tickets until 2025-10, large enough for its stories. Read only."""
    return _published_demo(tmp_path_factory, worker_id, "story-home", STORY_TICKETS)


def _published_demo(tmp_path_factory: pytest.TempPathFactory, worker_id: str, name: str, tickets: int) -> Path:
    def build(home: Path) -> None:
        done = aftercare(home, "demo", "--tickets", str(tickets), "--no-serve")
        assert done.code == 0, done.err

    return built_once(tmp_path_factory, worker_id, name, build)
