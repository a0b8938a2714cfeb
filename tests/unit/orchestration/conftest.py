"""A home of its own, with the environment of the process as it was before."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from warehouse.settings import Settings, load_settings


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    before = dict(os.environ)
    for name in [name for name in os.environ if name.startswith(("AFTERCARE_", "DAGSTER_", "DBT_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AFTERCARE_HOME", str(tmp_path / "home"))
    made = load_settings()
    made.make_folders()
    yield made
    # the definitions tell dbt and Dagster where things are through the environment
    for name in set(os.environ) - set(before):
        del os.environ[name]
    os.environ.update(before)
