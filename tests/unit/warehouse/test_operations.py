"""The operations store gives back what was written."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from warehouse.operations import Gate, GateRecord, GateResult, OperationsStore, RunStatus, Verdict
from warehouse.settings import load_settings

RESULT = GateResult("raw.crm__tickets", "known_code", "domain", "critical", "failed", "why", "为何", observed="3")
RECORD = GateRecord(
    Gate.BUILD,
    "b1",
    "r1",
    Verdict.FAILED,
    datetime(2025, 10, 1, 8, 0, 0, 5),
    9,
    "abc",
    {"core.t": {"rows": 1}},
    (RESULT,),
)


def test_gate_record_comes_back_whole(tmp_path: Path):
    store = OperationsStore(load_settings(home=tmp_path))
    assert store.last_gate(Gate.BUILD) is None
    store.record_gate(RECORD)
    assert store.last_gate(Gate.BUILD, "b1") == RECORD
    assert store.last_gate(Gate.BUILD, "b2") is None
    assert store.last_gate(Gate.RAW) is None


def test_newest_record_of_a_gate_wins(tmp_path: Path):
    store = OperationsStore(load_settings(home=tmp_path))
    store.record_gate(RECORD)
    passed = replace(RECORD, verdict=Verdict.PASSED, results=())
    store.record_gate(passed)
    assert store.last_gate(Gate.BUILD, "b1") == passed
    assert OperationsStore(load_settings(home=tmp_path)).last_gate(Gate.BUILD, "b1") == passed


def test_run_comes_back_with_its_reason(tmp_path: Path):
    store = OperationsStore(load_settings(home=tmp_path))
    store.start_run("r1", 42)
    store.update_run("r1", step="gate 1", build_id="b1")
    assert store.list_runs()[0].status is RunStatus.RUNNING
    store.finish_run("r1", RunStatus.STOPPED, reason_en="bad file", reason_zh="坏文件")
    (run,) = store.list_runs()
    assert (run.status, run.step, run.build_id, run.process_id) == (RunStatus.STOPPED, "gate 1", "b1", 42)
    assert (run.reason_en, run.reason_zh) == ("bad file", "坏文件")
    assert run.finished_at >= run.started_at
