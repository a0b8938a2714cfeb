"""dbt's own unit tests: every rule computes what its hand-computed rows say."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from orchestration.dbt_runner import (
    BUILDING,
    BUILDING_PRIVATE,
    PROFILES_DIR,
    dbt_environment,
    dbt_executable,
    target_dir,
)
from warehouse.builds import current_build, private_file, published_file
from warehouse.settings import CHECKOUT, load_settings


@pytest.fixture(scope="module")
def results(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, str]]:
    """Run all unit tests against the tables of a home; dbt looks up there what columns their inputs have."""
    home = tmp_path_factory.mktemp("dbt") / "home"
    shutil.copytree(demo_home, home)
    settings = load_settings(home=home)
    build = current_build(settings)
    assert build is not None
    for source, name in (
        (published_file(settings, build.build_id), BUILDING),
        (private_file(settings, build.build_id), BUILDING_PRIVATE),
    ):
        shutil.copyfile(source, settings.build_dir / name)
    done = subprocess.run(
        [
            dbt_executable(), "test", "--select", "test_type:unit", "--project-dir", str(CHECKOUT),
            "--profiles-dir", str(PROFILES_DIR), "--target-path", str(target_dir(settings)),
        ],
        cwd=CHECKOUT, env={**os.environ, **dbt_environment(settings)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    report = target_dir(settings) / "run_results.json"
    assert report.is_file(), done.stdout + done.stderr
    found: list[dict[str, str]] = json.loads(report.read_text(encoding="utf-8"))["results"]
    return found


def test_every_unit_test_passes(results: list[dict[str, str]]) -> None:
    wrong = [f"{result['unique_id']}: {result['message']}" for result in results if result["status"] != "pass"]
    assert not wrong, "\n".join(wrong)


def test_there_are_unit_tests_of_every_rule(results: list[dict[str, str]]) -> None:
    """Every intermediate, measures and kpi model whose SQL decides something has at least one."""
    tested = {result["unique_id"].split(".")[2] for result in results}
    deciding = {
        path.stem
        for folder in ("intermediate", "marts/measures", "marts/kpi")
        for path in (CHECKOUT / "dbt_project" / "models" / folder).glob("*.sql")
    }
    assert deciding - tested == {"dim_kpis", "kpi_sides", "kpi_sql"}, "generated from the catalogue: pytest tests those"
