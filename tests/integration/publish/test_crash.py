"""A publisher that is killed after any step leaves readers with a whole build, and the next run heals the rest."""

import os
import signal
import subprocess
import sys

import pytest

from tests.integration.publish.conftest import Publisher
from warehouse.builds import current_build, list_builds, published_file
from warehouse.checksums import file_sha256, read_in_fresh_process
from warehouse.operations import OperationsStore
from warehouse.publish import CRASH_VARIABLE, PUBLISH_STEPS, remove_leftovers, rollback
from warehouse.settings import Settings

_PUBLISH = """
import sys
from pathlib import Path
from tests.integration.publish.conftest import Publisher
from warehouse.operations import OperationsStore
from warehouse.settings import load_settings

settings = load_settings(home=Path(sys.argv[1]), threads=1, memory_limit="500MB", keep_builds=2)
Publisher(settings, OperationsStore(settings)).publish("b2")
"""


@pytest.mark.parametrize("step", PUBLISH_STEPS)
def test_kill_after_step(publisher: Publisher, settings: Settings, store: OperationsStore, step: str):
    publisher.publish("b1")
    done = subprocess.run(
        [sys.executable, "-c", _PUBLISH, str(settings.home)],
        env={**os.environ, CRASH_VARIABLE: step},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr

    build = current_build(settings)
    expected = "b2" if PUBLISH_STEPS.index(step) >= PUBLISH_STEPS.index("pointer_replaced") else "b1"
    assert build.build_id == expected
    assert file_sha256(published_file(settings, build.build_id)) == build.sha256
    assert read_in_fresh_process(published_file(settings, build.build_id)) == build.checksums

    remove_leftovers(settings)
    assert current_build(settings).build_id == expected
    assert list(settings.build_dir.iterdir()) == []
    described = {item.build_id for item in list_builds(settings)}
    assert {path.name.split(".")[0] for path in settings.published_dir.iterdir()} == described

    publisher.publish("b3")
    assert current_build(settings).build_id == "b3"
    assert rollback(settings, store, expected).build_id == expected
