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
    dbt_working_in,
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
    with dbt_working_in(settings, settings.home):
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


#: Models that decide nothing by themselves, and what decides instead.
GENERATED = {
    "dim_kpis": "the catalogue, which pytest tests",
    "kpi_sides": "made from the catalogue, which pytest tests",
    "kpi_sql": "made from the catalogue, which pytest tests",
}
PASSED_THROUGH = {
    "fct_bad_cells": "stg_meta__bad_cells as it is",
    "fct_case_stages": "int_case_stages as it is",
    "fct_gone_rows": "stg_meta__gone_rows as it is",
    "fct_parts_stock": "stg_erp__parts_stock, an absent region as unknown",
    "fct_released_rows": "stg_meta__released_rows as it is",
    "fct_ticket_events": "columns of int_case_events",
    "fct_ticket_intervals": "int_ticket_intervals as it is",
}


def test_there_are_unit_tests_of_every_rule(results: list[dict[str, str]]) -> None:
    """Every intermediate, measures and kpi model and every fact whose SQL decides something has at least one."""
    tested = {result["unique_id"].split(".")[2] for result in results}
    models = CHECKOUT / "dbt_project" / "models"
    deciding = {
        path.stem
        for pattern in ("intermediate/*.sql", "marts/measures/*.sql", "marts/kpi/*.sql", "marts/core/fct_*.sql")
        for path in models.glob(pattern)
    }
    assert deciding - tested == GENERATED.keys() | PASSED_THROUGH.keys()
