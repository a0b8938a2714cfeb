"""The small exports of all presets, refreshed together in one home: a few figures of each system, computed by hand.

Everything happens in March 2025; the newest instant, the morning of the 30th, is as-of, so that what was resolved before
the 23rd has stood for 7 days.
"""

from pathlib import Path
from typing import Any

import pytest

from tests.built_once import built_once
from tests.command_line import aftercare
from tests.unit.landing.presets.conftest import FIXTURES, PRESETS, fixture_files, workbook_of

LOCAL = "Europe/Berlin"
#: Presets whose exports have local times, with the zone of the fixtures.
LOCAL_PRESETS = ("dynamics_field_service", "odoo_helpdesk", "erpnext_support", "surveymonkey_survey")


def deliver(folder: Path) -> None:
    for system in sorted(path.name for path in FIXTURES.iterdir()):
        (folder / system).mkdir(parents=True)
        for name, content in fixture_files(system).items():
            target, data = name, content
            if system == "dynamics":
                numbers = ("Work Order Number", "Name", "Work Order")
                target = {"workorders.csv": "All Work Orders.xlsx", "bookings.csv": "Bookings.xlsx"}[name]
                data = workbook_of(content, "Sheet1", numbers)
            (folder / system / target).write_bytes(data)


def write_mappings(folder: Path) -> None:
    """Presets as a user adapts them: copied, with the zone of the exports."""
    folder.mkdir()
    for preset in PRESETS.glob("*.yml"):
        text = preset.read_text(encoding="utf-8")
        if preset.stem in LOCAL_PRESETS:
            text = text.replace("time_zone: UTC", f"time_zone: {LOCAL}")
        (folder / preset.name).write_text(text, encoding="utf-8")


def build(home: Path) -> None:
    deliver(home / "landing")
    write_mappings(home / "mappings")
    command = ["refresh", "--format", "json", "--sources", str(home / "mappings"), "--landing", str(home / "landing")]
    done = aftercare(home, *command, extra={"AFTERCARE_ZONE": LOCAL})
    assert done.code == 0, f"{done.out}\n{done.err}"
    assert (done.json["status"], done.json["refused"]) == ("published", [])


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    return built_once(tmp_path_factory, worker_id, "all_presets", build)


@pytest.fixture(scope="session")
def figures(home: Path) -> dict[tuple[str, str], dict[str, Any]]:
    """The figures of March 2025 by KPI and system."""
    kpis = sorted({kpi for kpi, _ in EXPECTED})
    command = ["kpis", *(part for kpi in kpis for part in ("--kpi", kpi)), "--slice", "source_system", "--period", "month"]
    done = aftercare(home, *command, "--format", "json", extra={"AFTERCARE_ZONE": LOCAL})
    assert done.code == 0, done.err
    return {
        (row["kpi_key"], row["slice_value"]): row for row in done.json if str(row["period_start"])[:7] == "2025-03"
    }


#: KPI and system: numerator, denominator, or why there is none.
EXPECTED: dict[tuple[str, str], tuple[float, float] | str] = {
    # merged, deleted and cancelled-before-touch cases are no cases
    ("tickets_created", "salesforce"): (6, 1),
}


@pytest.mark.parametrize(("kpi", "system"), EXPECTED)
def test_figures(figures: dict[tuple[str, str], dict[str, Any]], kpi: str, system: str) -> None:
    expected = EXPECTED[kpi, system]
    figure = figures[kpi, system]
    if isinstance(expected, str):
        assert (figure["value"], figure["null_reason"]) == (None, expected)
        return
    assert figure["numerator"] == pytest.approx(expected[0], abs=1e-9)
    assert figure["denominator"] == pytest.approx(expected[1], abs=1e-9)
