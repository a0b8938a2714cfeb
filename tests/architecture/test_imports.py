"""The imports point down, and what must be lazy is."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("warehouse", "landing", "data_quality", "demo", "analytics", "reviews", "orchestration", "dashboards")


def test_import_contracts_hold() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout


def test_the_command_line_starts_without_heavy_libraries() -> None:
    code = (
        "import sys, orchestration.cli;"
        "heavy = {'dagster', 'duckdb', 'great_expectations', 'pandas', 'numpy', 'streamlit', 'dbt', 'sqlalchemy'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_duckdb_is_opened_in_one_module_only() -> None:
    openers = [
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if "duckdb.connect(" in path.read_text(encoding="utf-8")
    ]
    assert openers == ["warehouse/connections.py"]


def test_time_is_asked_in_one_module_only() -> None:
    askers = [
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if "datetime.now(" in path.read_text(encoding="utf-8") or "date.today(" in path.read_text(encoding="utf-8")
    ]
    assert askers == ["warehouse/clock.py"]


def test_no_model_asks_for_the_time() -> None:
    words = ("now()", "current_date", "current_timestamp", "today()")
    askers = [
        f"{path.name}: {word}"
        for path in (ROOT / "dbt_project").rglob("*.sql")
        for word in words
        if word in path.read_text(encoding="utf-8").replace("`now()`", "")
    ]
    assert askers == []
