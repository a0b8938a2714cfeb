"""Homes that pages are tried on: full, tickets only, nothing published, last refresh stopped."""

from datetime import datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboards.registry import VIEWS_DIR
from tests.unit.dashboards.small_company import BUILD_ID, publish_small_company
from warehouse.operations import Gate, GateRecord, GateResult, OperationsStore, RunStatus, Verdict
from warehouse.settings import Settings, load_settings

APP = VIEWS_DIR.parent / "app.py"

STOPPED_BUILD = "20251102T010000-def456"
REASON_EN = "crm.tickets.csv: 12.0 % of opened_at cannot be read"
REASON_ZH = "crm.tickets.csv：opened_at 有 12.0% 无法读取"


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return a home of each kind by name."""
    found = {name: tmp_path_factory.mktemp(name) for name in ("full", "tickets_only", "no_build", "stopped")}
    publish_small_company(load_settings(home=found["full"]))
    publish_small_company(load_settings(home=found["tickets_only"]), tickets_only=True)
    stopped = load_settings(home=found["stopped"])
    publish_small_company(stopped)
    record_stopped_run(stopped)
    return found


def record_stopped_run(settings: Settings) -> None:
    """Write a good run and, after it, one that gate 1 stopped."""
    store = OperationsStore(settings)
    store.start_run("run-good", process_id=1)
    store.finish_run("run-good", RunStatus.PUBLISHED)
    store.record_gate(_gate(Gate.BUILD, BUILD_ID, Verdict.PASSED))
    store.start_run("run-stopped", process_id=2)
    failed = GateResult(
        suite="crm.tickets", rule="bad_cells", kind="values", severity="critical", outcome="failed",
        reason_en=REASON_EN, reason_zh=REASON_ZH, table_name="raw.crm_tickets", column_name="opened_at",
        observed="12.0 %", expected="at most 5 %", file_name="crm.tickets.csv",
    )  # fmt: skip
    warned = GateResult(
        suite="crm.tickets", rule="volume", kind="volume", severity="warning", outcome="failed",
        reason_en="crm.tickets.csv has 40 % fewer rows than usual", reason_zh="crm.tickets.csv 的行数比平时少 40%",
    )  # fmt: skip
    store.record_gate(_gate(Gate.RAW, STOPPED_BUILD, Verdict.FAILED, (failed, warned)))
    store.finish_run("run-stopped", RunStatus.STOPPED, reason_en=REASON_EN, reason_zh=REASON_ZH)


def _gate(gate: Gate, build_id: str, verdict: Verdict, results: tuple[GateResult, ...] = ()) -> GateRecord:
    judged_at = datetime(2025, 11, 2, 1, 5)
    return GateRecord(gate, build_id, f"run-{build_id}", verdict, judged_at, rules_checked=42, results=results)


@pytest.fixture
def open_app(homes: dict[str, Path], monkeypatch: pytest.MonkeyPatch):
    """Return a function that runs a page of a home with parameters in its address."""

    def run(home: str, subject: str = "overview", **parameters: str | list[str]) -> AppTest:
        monkeypatch.setenv("AFTERCARE_HOME", str(homes[home]))
        app = AppTest.from_file(APP, default_timeout=60)
        for name, value in parameters.items():
            app.query_params[name] = value
        app.run()
        if subject != "overview":
            app.switch_page(f"views/{subject}.py").run()
        return app

    return run
