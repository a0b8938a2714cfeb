"""An increment gives what a full build gives, table by table, whatever was delivered."""

import random
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from tests.integration.increment.building import Model, differences, run_models, write_compiled
from tests.integration.increment.world import World
from warehouse.builds import Build
from warehouse.connections import writer
from warehouse.increment import scope
from warehouse.increment.errors import FullBuildNeeded
from warehouse.increment.merged import Increment, merge
from warehouse.increment.workplace import make_workplace, workplace_file
from warehouse.manifest import prepare_warehouse
from warehouse.run_context import RunContext, write_context
from warehouse.settings import Settings, load_settings

#: A company this small is touched to a large part by a delivery that a large one would hardly notice.
LARGEST_SHARE = 0.95


@dataclass(frozen=True)
class Company:
    """A home whose builds are made by the compiled models alone."""

    settings: Settings
    models: list[Model]
    seeds: Path

    def prepare(self, now: datetime, name: str) -> RunContext:
        context = RunContext(name, "run", now, now, "Asia/Shanghai", "CN", "CNY", False)
        with writer(self.settings.warehouse_file, self.settings) as connection:
            write_context(connection, context)
        return context

    def build_everything(self, name: str) -> None:
        run_models(self.settings.warehouse_file, self.models, self.seeds)
        for suffix in ("", ".private"):
            (self.settings.build_dir / f"building{suffix}.duckdb").replace(self.file(name, suffix))

    def build_increment(self, base: str, name: str, context: RunContext) -> int:
        reached = make_workplace(self.settings, _published(base), context)
        run_models(workplace_file(self.settings), self.models, self.seeds)
        increment = Increment(
            self.file(base),
            self.file(base, ".private"),
            workplace_file(self.settings),
            self.settings.dbt_dir / "compiled",
        )
        merge(self.settings, increment, self.file(name), self.file(name, ".private"))
        return reached

    def file(self, name: str, suffix: str = "") -> Path:
        return self.settings.published_dir / f"{name}{suffix}.duckdb"


def _published(name: str) -> Build:
    moment = datetime(2025, 1, 1)
    return Build(name, "run", moment, moment, moment, "Asia/Shanghai", "", "", 0, None, {}, 0)


@pytest.fixture
def company(tmp_path: Path, compiled: tuple[list[Model], Path], monkeypatch: pytest.MonkeyPatch) -> Company:
    monkeypatch.setattr(scope, "LARGEST_SHARE", LARGEST_SHARE)
    models, seeds = compiled
    settings = load_settings(home=tmp_path / "home")
    settings.make_folders()
    write_compiled(models, settings.dbt_dir / "compiled")
    with writer(settings.warehouse_file, settings) as connection:
        prepare_warehouse(connection)
    return Company(settings, models, seeds)


def _deliver_at_random(company: Company, source: Path, seed: int, deliveries: int) -> None:
    """Compare each increment, built upon the one before, with a full build of the same warehouse."""
    draws = random.Random(seed)  # noqa: S311 - no secret
    now = datetime(2025, 6, 1) if draws.random() < 0.5 else datetime(2025, 9, 1, 3, 30)
    told: list[str] = []
    base, increments = "", 0
    for number in range(deliveries + 1):
        attached = {"source": source}
        with writer(company.settings.warehouse_file, company.settings, attached=attached) as connection:
            if number == 0:
                world = World(connection, draws, now)
                connection.execute("insert into private.identities select * from source.private.identities")
                world.deliver_everything_so_far()
            else:
                world.connection = connection
                told += world.deliver()
        name = f"build{number}"
        context = company.prepare(world.now, name)
        company.build_everything(f"full{number}")
        if number:
            try:
                company.build_increment(base, name, context)
            except FullBuildNeeded as reason:
                told.append(f"built in full: {reason}")
            else:
                increments += 1
                for suffix in ("", ".private"):
                    found = differences(company.file(f"full{number}", suffix), company.file(name, suffix))
                    assert not found, f"seed {seed}: {found} after {told}"
                base = name
                continue
        base = f"full{number}"
    assert increments, f"seed {seed}: every delivery asked for a full build: {told}"


@pytest.mark.parametrize("seed", range(5))
def test_an_increment_gives_what_a_full_build_gives(company: Company, demo_home: Path, seed: int) -> None:
    _deliver_at_random(company, demo_home / "warehouse.duckdb", seed, deliveries=2)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(1_000, 1_050))
def test_fifty_histories_of_deliveries(company: Company, demo_home: Path, seed: int) -> None:
    _deliver_at_random(company, demo_home / "warehouse.duckdb", seed, deliveries=4)
