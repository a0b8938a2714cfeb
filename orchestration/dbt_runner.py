"""How dbt is called: where its project, manifest and environment are."""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from data_quality.gate_file import import_ahead
from orchestration.fingerprint import code_files, hash_files
from warehouse.errors import RefreshError
from warehouse.settings import CHECKOUT, Settings

if TYPE_CHECKING:
    from dagster_dbt import DbtProject

PROFILES_DIR = CHECKOUT / "dbt_project"
BUILDING = "building.duckdb"
BUILDING_PRIVATE = "building.private.duckdb"

#: Two models at a time share one memory limit: above so many landed rows they would push each other to disk.
_ROWS_OF_A_LARGE_COMPANY = 5_000_000


def dbt_environment(settings: Settings) -> dict[str, str]:
    """Return the variables that dbt_project.yml and profiles.yml read.

    The seeds folder is relative to the checkout, because dbt takes no absolute resource paths.
    """
    return {
        "AFTERCARE_HOME": str(settings.home),
        "AFTERCARE_SEEDS": os.path.relpath(settings.seeds, CHECKOUT),
        "AFTERCARE_MEMORY_LIMIT": settings.memory_limit,
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DBT_LOG_PATH": str(settings.log_dir),
        # the statements stand in the run's folder; to log each of them again takes a fifth of a small refresh
        "DBT_LOG_LEVEL_FILE": "info",
        # where dagster-dbt finds the parse state that it hands on to a run
        "DBT_TARGET_PATH": str(target_dir(settings)),
    }


def models_at_a_time(landed_rows: int) -> int:
    """Return how many models dbt builds at once; each of them uses all processors by itself."""
    return 1 if landed_rows > _ROWS_OF_A_LARGE_COMPANY else 2


def dbt_executable() -> str:
    """Return the dbt of this installation."""
    return str(Path(sys.executable).with_name("dbt"))


def target_dir(settings: Settings) -> Path:
    """Return the folder of dbt's manifest and parse state; one per home, because homes may build at the same time."""
    return settings.dbt_dir


@contextmanager
def dbt_working_in(settings: Settings, folder: Path) -> Iterator[None]:
    """Let dbt work in the warehouse of a folder, under a name that never changes (profiles.yml)."""
    link = settings.dbt_workplace
    link.parent.mkdir(parents=True, exist_ok=True)
    link.unlink(missing_ok=True)
    link.symlink_to(os.path.relpath(folder, link.parent))
    try:
        yield
    finally:
        link.unlink(missing_ok=True)


def fresh_run_dir(settings: Settings) -> Path:
    """Return the emptied folder for what one run of dbt writes: compiled SQL, results, log. The last run's stays."""
    folder = target_dir(settings) / "run"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def prepare_manifest(settings: Settings) -> Path:
    """Parse the dbt project if the manifest is missing or older than the code, and return the manifest's path.

    Raises RefreshError when reference data are missing, or with dbt's own words when the project cannot be parsed.
    """
    _demand_seeds(settings)
    folder = target_dir(settings)
    folder.mkdir(parents=True, exist_ok=True)
    manifest, stamp = folder / "manifest.json", folder / "manifest.fingerprint"
    seed_names = "|".join(sorted(path.name for path in settings.seeds.glob("*.csv")))
    fingerprint = f"{hash_files(code_files())} {seed_names}"
    with (folder / "prepare.lock").open("w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if manifest.is_file() and stamp.is_file() and stamp.read_text(encoding="utf-8") == fingerprint:
            return manifest
        import_ahead()  # a new home or new code: a build will follow
        done = subprocess.run(  # noqa: S603 - our own dbt on our own project
            [
                dbt_executable(), "--quiet", "parse", "--project-dir", str(CHECKOUT),
                "--profiles-dir", str(PROFILES_DIR), "--target-path", str(folder),
            ],
            cwd=CHECKOUT, env={**os.environ, **dbt_environment(settings)}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode != 0:
            raise RefreshError(f"the dbt project cannot be parsed: {(done.stdout + done.stderr).strip()}")
        stamp.write_text(fingerprint, encoding="utf-8")
    return manifest


def _demand_seeds(settings: Settings) -> None:
    import yaml

    declared = yaml.safe_load((CHECKOUT / "dbt_project/models/staging/_seeds.yml").read_text(encoding="utf-8"))
    lacking = [
        f"{seed['name']}.csv" for seed in declared["seeds"] if not (settings.seeds / f"{seed['name']}.csv").is_file()
    ]
    if lacking:
        raise RefreshError(
            f"the reference data in {settings.seeds} lack {', '.join(lacking)}; "
            f"copy what is missing from {CHECKOUT / 'seeds'}"
        )


def dbt_project(settings: Settings) -> "DbtProject":
    """Return dagster-dbt's description of the project, with a manifest that fits the code."""
    from dagster_dbt import DbtProject

    prepare_manifest(settings)
    return DbtProject(
        project_dir=CHECKOUT,
        profiles_dir=PROFILES_DIR,
        target_path=os.path.relpath(target_dir(settings), CHECKOUT),
    )
