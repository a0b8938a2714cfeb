"""The small exports of all presets, refreshed together in one home: a few figures of each system, computed by hand.

Everything happens in March 2025; the newest instant, the morning of the 30th, is as-of: what was resolved before the
23rd has stood for 7 days.
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
    asked = [part for kpi in sorted({kpi for kpi, _ in EXPECTED}) for part in ("--kpi", kpi)]
    command = ["kpis", *asked, "--slice", "source_system", "--period", "month", "--format", "json"]
    done = aftercare(home, *command, extra={"AFTERCARE_ZONE": LOCAL})
    assert done.code == 0, done.err
    return {(row["kpi_key"], row["slice_value"]): row for row in done.json if str(row["period_start"])[:7] == "2025-03"}


UNKNOWN = "not_in_source"

#: KPI and system: numerator and denominator (none for counts), or why there is no figure.
EXPECTED: dict[tuple[str, str], tuple[float, float | None] | str] = {
    # merged, deleted and archived cases are no cases, nor are those cancelled before anybody touched them
    ("tickets_created", "salesforce"): (8 - 2, None),
    ("tickets_created", "zendesk"): (8 - 2, None),
    ("tickets_created", "jira"): (7 - 2, None),
    ("tickets_created", "odoo"): (7 - 2, None),
    ("tickets_created", "erpnext"): (9 - 1, None),
    ("tickets_created", "dynamics_field_service"): (5 - 1, None),
    ("open_backlog", "erpnext"): (4, None),
    ("open_backlog", "jira"): (2, None),
    # the night that summer time begins: 45 minutes, wherever the times are local or not
    ("first_response_minutes", "salesforce"): (25 + 120 + 60 + 45, 4),
    ("first_response_minutes", "zendesk"): (25 + 120 + 60 + 45 + 20, 5),
    ("first_response_minutes", "jira"): (25 + 120 + 60 + 45, 4),
    ("first_response_minutes", "erpnext"): (25 + 120 + 0.25 / 60 + 60 + 45 + 5, 5),
    ("first_response_minutes", "odoo"): UNKNOWN,
    ("first_response_minutes", "dynamics_field_service"): UNKNOWN,
    # reopened after two days, so the second resolution counts
    ("resolution_hours_customer_calendar", "salesforce"): (100 + 6 + 79 + 0, 4),
    ("resolution_hours_customer_calendar", "zendesk"): (100 + 6 + 79 + 20 / 60, 4),
    ("resolution_hours_customer_calendar", "jira"): (100 + 6, 2),
    ("resolution_hours_customer_calendar", "odoo"): (100 + 6, 2),
    ("resolution_hours_customer_calendar", "dynamics_field_service"): (99 + 6, 2),
    # less what the customer took: 47 hours until it was reopened, 48 and 48.5 hours of waiting
    ("resolution_hours_service_calendar", "salesforce"): (100 - 47 + 6 + 79 - 48 + 0, 4),
    ("resolution_hours_service_calendar", "zendesk"): (100 - 47 + 6 + 79 - 48.5 + 20 / 60, 4),
    ("resolution_hours_service_calendar", "jira"): (100 - 47 + 6, 2),
    ("resolution_hours_service_calendar", "erpnext"): UNKNOWN,
    # on hold for others 27.5 hours more, which only Zendesk tells
    ("resolution_hours_own_calendar", "zendesk"): (100 - 47 + 6 + 79 - 48.5 - 27.5 + 20 / 60, 4),
    ("reopen_rate", "salesforce"): (1, 4),
    ("reopen_rate", "zendesk"): (1, 4),
    ("reopen_rate", "jira"): (1, 2),
    ("reopen_rate", "odoo"): UNKNOWN,
    ("transfer_rate", "salesforce"): (1, 6),
    ("transfer_rate", "zendesk"): (1, 6),
    ("transfer_rate", "jira"): (1, 5),
    ("transfer_rate", "erpnext"): UNKNOWN,
    ("escalation_rate", "salesforce"): (1, 6),
    ("escalation_rate", "zendesk"): UNKNOWN,
    # one answer, no transfer, not reopened
    ("first_contact_resolution_rate_gross", "salesforce"): (1, 4),
    ("first_contact_resolution_rate_gross", "zendesk"): (2, 4),
    ("onsite_response_hours", "dynamics_field_service"): (25.5 + 98 + 10 / 60 + 5 + 0.75, 4),
    ("first_time_fix_rate", "dynamics_field_service"): UNKNOWN,
    ("first_time_fix_rate", "erpnext"): (0, 1),
    ("csat_score", "zendesk"): (100 + 0, 2),
    ("csat_score", "qualtrics"): (100 + 25 + 75, 3),
    ("csat_score", "surveymonkey"): (100 + 25 + 50, 3),
    ("nps", "qualtrics"): (1 - 1, 3),
    ("nps", "surveymonkey"): (1 - 2, 3),
}


@pytest.mark.parametrize(("kpi", "system"), EXPECTED)
def test_figures(figures: dict[tuple[str, str], dict[str, Any]], kpi: str, system: str) -> None:
    expected = EXPECTED[kpi, system]
    figure = figures[kpi, system]
    if isinstance(expected, str):
        assert (figure["value"], figure["null_reason"]) == (None, expected)
        return
    assert figure["numerator"] == pytest.approx(expected[0], abs=1e-9)
    assert figure["denominator"] == (None if expected[1] is None else pytest.approx(expected[1], abs=1e-9))
