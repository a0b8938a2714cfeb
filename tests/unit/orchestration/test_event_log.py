"""The event log with kept connections holds what Dagster's own holds, and survives what happens to its files."""

import threading
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.storage.event_log import SqliteEventLogStorage

from orchestration.dagster_home import prepare_dagster_home
from orchestration.event_log import _MOST_OPEN, KeptSqliteEventLog
from warehouse.settings import Settings


@dg.asset
def one() -> dg.MaterializeResult:
    return dg.MaterializeResult(metadata={"rows": 7})


@dg.asset_check(asset=one)
def one_is_seven() -> dg.AssetCheckResult:
    return dg.AssetCheckResult(passed=True)


@pytest.fixture
def instance(settings: Settings):
    prepare_dagster_home(settings)
    with dg.DagsterInstance.get() as found:
        yield found


def _run(instance: dg.DagsterInstance) -> str:
    return dg.materialize([one, one_is_seven], instance=instance).run_id


def _log_of(instance: dg.DagsterInstance) -> KeptSqliteEventLog:
    storage = instance.event_log_storage
    assert isinstance(storage, KeptSqliteEventLog)
    return storage


def test_a_run_is_read_back_by_dagsters_own_storage(instance: dg.DagsterInstance) -> None:
    run_id = _run(instance)
    kept = _log_of(instance)
    own = SqliteEventLogStorage(kept._base_dir)
    events = [record.dagster_event_type for record in own.get_logs_for_run(run_id)]
    assert events == [record.dagster_event_type for record in kept.get_logs_for_run(run_id)]
    assert {dg.DagsterEventType.ASSET_MATERIALIZATION, dg.DagsterEventType.RUN_SUCCESS} <= set(events)
    assert [str(key) for key in own.all_asset_keys()] == [str(one.key)]
    latest = own.get_latest_materialization_events([one.key])[one.key]
    assert latest is not None
    assert latest.run_id == run_id
    assert latest.asset_materialization.metadata["rows"].value == 7


def test_few_files_are_open_however_many_runs_are_read(instance: dg.DagsterInstance) -> None:
    runs = [_run(instance) for _ in range(_MOST_OPEN + 2)]
    kept = _log_of(instance)
    counts = {len(kept.get_logs_for_run(run_id)) for run_id in runs}
    assert len(counts) == 1
    assert min(counts) > 5
    assert len(kept._engines) == _MOST_OPEN


def test_a_log_that_was_deleted_begins_anew(instance: dg.DagsterInstance) -> None:
    run_id = _run(instance)
    kept = _log_of(instance)
    for file in Path(kept._base_dir).glob(f"{run_id}.db*"):
        file.unlink()
    assert kept.get_logs_for_run(run_id) == []
    kept.wipe()
    assert kept.all_asset_keys() == []
    assert len(kept.get_logs_for_run(_run(instance))) > 5


def test_threads_share_it(instance: dg.DagsterInstance) -> None:
    run_id = _run(instance)
    kept, found = _log_of(instance), []
    readers = [threading.Thread(target=lambda: found.append(len(kept.get_logs_for_run(run_id)))) for _ in range(8)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert len(found) == 8
    assert len(set(found)) == 1
