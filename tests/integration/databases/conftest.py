"""Servers that live as long as a worker, and homes that land what is in them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from landing import delivery
from landing.databases import extraction
from landing.delivery import LandingReport
from landing.mapping_model import Mapping
from tests.database_servers import Server, mariadb_server, postgres_server
from tests.unit.landing.conftest import InProcessParser, Site
from warehouse.settings import load_settings


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def mariadb() -> Iterator[Server]:
    with mariadb_server() as server:
        yield server


@dataclass(frozen=True)
class DatabaseSite(Site):
    """A home whose mapping reads the database `crm`."""

    def read(self, source: dict[str, Any], columns: dict[str, Any] | None = None, **entry: Any) -> LandingReport:
        """Land one entry of tickets."""
        columns = columns or {"ticket_id": "id", "opened_at": "opened"}
        table = {"contract": "crm.tickets", "from": {"database": "crm"} | source, "columns": columns}
        return self.land(mapping_of(table | entry))

    @property
    def extracts(self) -> list[Path]:
        return sorted(path for path in self.settings.extracts_dir.rglob("*") if path.is_file())

    def cells(self) -> list[dict[str, Any]]:
        """The rows of the newest extract as they were written."""
        found = duckdb.sql(f"select * from read_parquet('{self.extracts[-1]}')")
        return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]

    def accept(self) -> None:
        """What gate 1 does with what has landed."""
        with duckdb.connect(str(self.settings.warehouse_file)) as connection:
            connection.execute("update meta.extracts set state = 'accepted' where state = 'candidate'")

    def refuse(self) -> None:
        with duckdb.connect(str(self.settings.warehouse_file)) as connection:
            connection.execute("update meta.extracts set state = 'refused' where state = 'candidate'")


def mapping_of(*entries: dict[str, Any], system: str = "acme", time_zone: str = "Asia/Shanghai") -> Mapping:
    return Mapping.model_validate({"system": system, "time_zone": time_zone, "tables": list(entries), "name": system})


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DatabaseSite:
    monkeypatch.setattr(delivery, "Parser", InProcessParser)
    monkeypatch.setattr(extraction, "RETRY_AFTER", (0.05,))
    settings = load_settings(
        home=tmp_path / "home",
        zone="Asia/Shanghai",
        threads=1,
        memory_limit="512MB",
        pseudonym_key="a key for the tests only",
    )
    settings.make_folders()
    return DatabaseSite(settings)
