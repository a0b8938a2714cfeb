"""The models of the project, compiled once for all tests of this folder."""

import pickle
from pathlib import Path

import pytest

from tests.built_once import built_once
from tests.integration.increment.building import Model, compile_models
from warehouse.connections import writer
from warehouse.manifest import prepare_warehouse
from warehouse.settings import load_settings


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> tuple[list[Model], Path]:
    def build(home: Path) -> None:
        settings = load_settings(home=home)
        settings.make_folders()
        with writer(settings.warehouse_file, settings) as connection:
            prepare_warehouse(connection)
        (home / "models.pickle").write_bytes(pickle.dumps(compile_models(settings)))

    home = built_once(tmp_path_factory, worker_id, "compiled-models", build)
    return pickle.loads((home / "models.pickle").read_bytes()), home / "warehouse.duckdb"  # noqa: S301 - our own
