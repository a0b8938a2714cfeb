"""When a refresh builds upon the last build, and when it builds everything."""

import hashlib
import shutil
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from orchestration import steps
from orchestration.fingerprint import recipe_fingerprint
from orchestration.steps import RefreshRequest, begin_increment
from warehouse.builds import Build, description_file, point_to, private_file, published_file
from warehouse.connections import writer
from warehouse.increment.errors import FullBuildNeeded
from warehouse.manifest import prepare_warehouse
from warehouse.operations import OperationsStore
from warehouse.run_context import RunContext, write_context
from warehouse.settings import Settings

NOON = datetime(2025, 10, 31, 12)
CONTEXT = RunContext("build-1", "run-1", NOON, NOON, "Asia/Shanghai", "CN", "CNY", False)


@pytest.fixture
def eager(settings: Settings) -> Settings:
    """Settings of a company of any size that builds increments."""
    return settings.model_copy(update={"increment_rows": 0})


@pytest.fixture
def base(eager: Settings) -> Build:
    """The published build of a warehouse whose next build has a context."""
    with writer(eager.warehouse_file, eager) as connection:
        prepare_warehouse(connection)
        write_context(connection, CONTEXT)
    return _publish(eager)


def _publish(settings: Settings, **changes: object) -> Build:
    recipe = recipe_fingerprint(settings)
    empty = hashlib.sha256().hexdigest()
    build = Build("build-0", "run-0", NOON, NOON, NOON, "Asia/Shanghai", "", empty, 100, empty, {}, 1, recipe=recipe)
    build = replace(build, whole_bytes=100)
    build = replace(build, **changes)  # type: ignore[arg-type]
    published_file(settings, build.build_id).touch()
    private_file(settings, build.build_id).touch()
    description_file(settings, build.build_id).write_text(build.to_json(), encoding="utf-8")
    point_to(settings, build.build_id)
    return build


def _begin(settings: Settings, request: RefreshRequest | None = None) -> Build | None:
    return begin_increment(settings, OperationsStore(settings), request or RefreshRequest(), "run-1")


def test_the_published_build_is_built_upon(eager: Settings, base: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[tuple[Build, RunContext]] = []
    monkeypatch.setattr(steps, "make_workplace", lambda _, build, context: made.append((build, context)))
    assert _begin(eager) == base
    assert made == [(base, CONTEXT)]


@pytest.mark.parametrize(
    "request_", [RefreshRequest(full=True), RefreshRequest(known_at=date(2025, 10, 30))], ids=["full", "known_at"]
)
def test_whoever_asks_for_everything_gets_everything(eager: Settings, base: Build, request_: RefreshRequest) -> None:
    assert _begin(eager, request_) is None


def test_a_small_company_is_built_whole(settings: Settings, base: Build) -> None:
    assert settings.increment_rows == 1_000_000
    assert _begin(settings) is None


@pytest.mark.parametrize(
    "changes",
    [{"recipe": "another"}, {"recipe": ""}, {"as_of": datetime(2025, 11, 1)}, {"bytes": 151}, {"sha256": "0"}],
    ids=["rules", "old", "later", "grown", "damaged"],
)
def test_another_build_is_not_built_upon(eager: Settings, base: Build, changes: dict[str, object]) -> None:
    _publish(eager, **changes)
    assert _begin(eager) is None


def test_a_chosen_evening_is_built_whole(eager: Settings, base: Build) -> None:
    with writer(eager.warehouse_file, eager) as connection:
        write_context(connection, replace(CONTEXT, is_as_of_chosen=True))
    assert _begin(eager) is None


def test_a_damaged_pointer_and_a_missing_file_ask_for_everything(eager: Settings, base: Build) -> None:
    private_file(eager, base.build_id).unlink()
    assert _begin(eager) is None
    eager.current_pointer.write_text("{", encoding="utf-8")
    assert _begin(eager) is None


def test_a_scope_that_does_not_pay_is_built_whole_and_the_log_says_why(
    eager: Settings, base: Build, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object) -> int:
        raise FullBuildNeeded("900 tickets are touched, of 1,000")

    monkeypatch.setattr(steps, "make_workplace", refuse)
    with caplog.at_level("INFO"):
        assert _begin(eager) is None
    assert "everything is built: 900 tickets are touched, of 1,000" in caplog.text


def test_reference_data_and_rules_are_part_of_the_recipe(settings: Settings, tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    shutil.copytree(settings.seeds, seeds)
    copied = settings.model_copy(update={"seeds": seeds})
    assert recipe_fingerprint(copied) == recipe_fingerprint(settings)
    with (seeds / "kpi_targets.csv").open("a", encoding="utf-8") as file:
        file.write("\n")
    assert recipe_fingerprint(copied) != recipe_fingerprint(settings)
    assert recipe_fingerprint(settings.model_copy(update={"zone": "Europe/Berlin"})) != recipe_fingerprint(settings)
