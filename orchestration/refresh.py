"""A refresh in this process: the very job that the schedule runs, with its outcome as a value."""

import contextlib
import logging
import os
import uuid
from dataclasses import dataclass

from orchestration.dagster_home import prepare_dagster_home
from orchestration.lock import hold_refresh_lock, release_refresh_lock
from orchestration.steps import RefreshRequest
from warehouse.builds import Build, current_build
from warehouse.connections import reader
from warehouse.errors import RefreshError
from warehouse.manifest import Extract, ExtractState, UnreadTable, list_extracts, list_unread
from warehouse.operations import OperationsStore, Run, RunStatus
from warehouse.settings import Settings

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class RefreshOutcome:
    """How a refresh ended: its record, the build that readers see now, the extracts that wait refused.

    `unread` are the tables of databases that this run could not read.
    """

    run: Run
    current: Build | None
    refused: tuple[Extract, ...]
    unread: tuple[UnreadTable, ...] = ()


def refresh(settings: Settings, request: RefreshRequest) -> RefreshOutcome:
    """Run the daily job here and now.

    Returns when it published or found nothing new; raises RefreshError with the reason in one sentence otherwise,
    with readers on the last build.
    """
    hold_refresh_lock(settings)
    try:
        return _refresh(settings, request)
    finally:
        release_refresh_lock(settings)


def _refresh(settings: Settings, request: RefreshRequest) -> RefreshOutcome:
    settings.make_folders()
    prepare_dagster_home(settings)
    import dagster as dg

    from orchestration.definitions import DAILY_REFRESH, aftercare

    run_id = str(uuid.uuid4())
    store = OperationsStore(settings)
    # dagster-dbt writes every line of dbt to standard output; it belongs into the log
    dbt_log = (settings.log_dir / "dbt-output.log").open("w", encoding="utf-8")
    with dg.DagsterInstance.get() as instance, dbt_log, contextlib.redirect_stdout(dbt_log):
        job = aftercare().resolve_job_def(DAILY_REFRESH)
        result = job.execute_in_process(
            run_config={
                "resources": {"refresh_request": {"config": _resource_config(request)}},
                "loggers": {"file": {}},
            },
            instance=instance,
            run_id=run_id,
            raise_on_error=False,
        )
    run = next((run for run in store.list_runs() if run.run_id == run_id), None)
    if run is None or run.status is RunStatus.RUNNING:
        run = _unfinished(settings, store, run_id, result)
    if run.status not in (RunStatus.PUBLISHED, RunStatus.NOTHING_NEW):
        raise RefreshError(run.reason_en or f"the refresh ended as {run.status}")
    refused, unread = _left_behind(settings, run_id)
    return RefreshOutcome(run, current_build(settings), refused, unread)


def _resource_config(request: RefreshRequest) -> dict[str, object]:
    return {
        "sources": str(request.sources.absolute()) if request.sources else "",
        "landing": str(request.landing.absolute()) if request.landing else "",
        "full": request.full,
        "as_of": request.as_of.isoformat() if request.as_of else "",
        "known_at": request.known_at.isoformat() if request.known_at else "",
        "make_current": request.make_current,
    }


def _unfinished(settings: Settings, store: OperationsStore, run_id: str, result: object) -> Run:
    """Close a run whose end nobody wrote down, with what Dagster knows of it."""
    failures = [event for event in getattr(result, "all_events", ()) if event.is_failure]
    reason = failures[0].message if failures and failures[0].message else "the run ended without an outcome"
    if not any(run.run_id == run_id for run in store.list_runs()):
        store.start_run(run_id, os.getpid())
    store.finish_run(run_id, RunStatus.FAILED, reason_en=reason, reason_zh=reason)
    return next(run for run in store.list_runs() if run.run_id == run_id)


def _left_behind(settings: Settings, run_id: str) -> tuple[tuple[Extract, ...], tuple[UnreadTable, ...]]:
    with reader(settings.warehouse_file, settings) as connection:
        refused = list_extracts(connection, states=(ExtractState.REFUSED,))
        unread = [table for table in list_unread(connection) if table.run_id == run_id]
    return tuple(refused), tuple(unread)
