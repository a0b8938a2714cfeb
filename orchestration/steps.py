"""The steps of a refresh as plain functions: what runs under Dagster's decorators, and what tests call.

Each step reads what the step before left in the warehouse, so any of them can run again after a crash.
"""

import logging
import os
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from data_quality.build_gate import judge_build
from data_quality.extract_gate import judge_extracts
from data_quality.gate_file import import_ahead
from landing.delivery import LandingReport, land
from landing.mapping import load_mappings
from orchestration.dbt_runner import BUILDING, BUILDING_PRIVATE, target_dir
from orchestration.fingerprint import inputs_fingerprint, recipe_fingerprint
from orchestration.lock import hold_refresh_lock
from orchestration.process import is_alive
from orchestration.progress import report
from warehouse.builds import (
    Build,
    build_file,
    current_build,
    get_build,
    list_builds,
    new_build_id,
    point_to,
    private_build_file,
    private_file,
    published_file,
    readable_build,
)
from warehouse.clock import end_of_local_day, now_utc
from warehouse.connections import writer
from warehouse.errors import RefreshError
from warehouse.increment.errors import FullBuildNeeded
from warehouse.increment.merged import Increment, merge
from warehouse.increment.workplace import make_workplace, workplace_file
from warehouse.manifest import ExtractState, landed_rows, list_extracts, prepare_warehouse
from warehouse.operations import GateRecord, OperationsStore, RunStatus
from warehouse.publish import damaged_file, publish, remove_leftovers
from warehouse.run_context import RunContext, make_context, read_context, write_context
from warehouse.settings import Settings

_LOG = logging.getLogger(__name__)

#: Exchanged rows leave holes in the file: beyond so many times the size of a full build the next one is full.
_LARGEST_GROWTH = 1.5


@dataclass(frozen=True)
class RefreshRequest:
    """What a refresh was asked to do. Dates mean the end of that local day."""

    sources: Path | None = None
    landing: Path | None = None
    full: bool = False
    as_of: date | None = None
    known_at: date | None = None
    make_current: bool = False

    def as_of_instant(self, settings: Settings) -> datetime | None:
        return end_of_local_day(self.as_of, settings.zone) if self.as_of else None

    def known_at_instant(self, settings: Settings) -> datetime | None:
        return end_of_local_day(self.known_at, settings.zone) if self.known_at else None


def begin_run(settings: Settings, store: OperationsStore, run_id: str) -> None:
    """Take the lock, clear away what dead runs left, and write down that this run began."""
    hold_refresh_lock(settings)
    settings.make_folders()
    for run in store.list_runs(limit=100):
        if run.status is RunStatus.RUNNING and run.run_id != run_id and not is_alive(run.process_id):
            store.finish_run(
                run.run_id,
                RunStatus.DIED,
                reason_en=f"the process ended without a word at step {run.step or 'start'}",
                reason_zh=f"进程在步骤 {run.step or 'start'} 意外终止",
            )
    remove_leftovers(settings)
    store.start_run(run_id, os.getpid())


def land_extracts(settings: Settings, store: OperationsStore, request: RefreshRequest, run_id: str) -> LandingReport:
    """Land every new file of the landing folder and what is new in databases.

    A build of the past is made of what has landed: databases are not read for it. Raises MappingError before anything
    is read.
    """
    store.update_run(run_id, step="land")
    mappings = load_mappings(request.sources or settings.sources)
    with writer(settings.warehouse_file, settings) as connection:
        prepare_warehouse(connection)
    return land(
        settings,
        run_id=run_id,
        landing_dir=request.landing or settings.landing_dir,
        mappings=mappings,
        report=_landing,
        with_databases=request.as_of is None and request.known_at is None,
    )


def _landing(file: str, done: int, total: int) -> None:
    import_ahead()  # what lands will be judged
    report("land", file, done, total)


def gate_extracts(settings: Settings, store: OperationsStore, run_id: str) -> GateRecord:
    """Judge what landed; a verdict other than passed ends the run with the reason."""
    store.update_run(run_id, step="gate_extracts")
    report("gate_extracts")
    return judge_extracts(settings, store, run_id=run_id, build_id=run_id)


def choose_build(settings: Settings, store: OperationsStore, request: RefreshRequest, run_id: str) -> RunContext | None:
    """Fix the context of the next build, or return None when a published build has the same inputs already."""
    store.update_run(run_id, step="choose_build")
    known_at = request.known_at_instant(settings)
    as_of = request.as_of_instant(settings)
    with writer(settings.warehouse_file, settings) as connection:
        if not list_extracts(connection, states=(ExtractState.ACCEPTED,)):
            raise RefreshError(
                f"there is no accepted extract yet; put extracts into {request.landing or settings.landing_dir} "
                "and refresh again"
            )
        fingerprint = inputs_fingerprint(connection, settings, known_at=known_at or now_utc(), chosen_as_of=as_of)
        same = next((build for build in list_builds(settings) if build.fingerprint == fingerprint), None)
        if same and not request.full:
            _stay_with(settings, store, request, run_id, same)
            return None
        context = make_context(
            connection, settings, build_id=new_build_id(), run_id=run_id, as_of=as_of, known_at=known_at
        )
        write_context(connection, context)
    store.update_run(run_id, build_id=context.build_id)
    for name in (BUILDING, BUILDING_PRIVATE):
        (settings.build_dir / name).unlink(missing_ok=True)
    return context


def _stay_with(settings: Settings, store: OperationsStore, request: RefreshRequest, run_id: str, same: Build) -> None:
    current = current_build(settings)
    is_current = current is not None and current.build_id == same.build_id
    if request.make_current and not is_current:
        point_to(settings, same.build_id)
        store.record_publish("publish", same.build_id, current.build_id if current else None)
        is_current = True
    reason_en = f"nothing new since build {same.build_id}"
    reason_zh = f"自构建 {same.build_id} 以来没有新数据"
    if not is_current:
        reason_en += ", which is published but not current; --full builds again"
        reason_zh += "（该构建已发布但不是当前构建；使用 --full 可重新构建）"
    store.update_run(run_id, build_id=same.build_id)
    store.finish_run(run_id, RunStatus.NOTHING_NEW, reason_en=reason_en, reason_zh=reason_zh)


def begin_increment(settings: Settings, store: OperationsStore, request: RefreshRequest, run_id: str) -> Build | None:
    """Make the small warehouse of an increment and return the build it is made upon; None asks for a full build.

    A full build is made for a chosen as-of or known-at, with `--full`, for another recipe, an earlier as-of, a small
    company, upon a file that is damaged or has grown, and where an increment would not pay (decision 0013).
    """
    with writer(settings.warehouse_file, settings) as connection:
        context = read_context(connection)
        rows = landed_rows(connection)
    base = readable_build(settings)
    if (
        base is None
        or request.full
        or context.is_as_of_chosen
        or request.known_at is not None
        or rows < settings.increment_rows
        or base.as_of > context.as_of
        or base.recipe != recipe_fingerprint(settings)
        or base.bytes > _LARGEST_GROWTH * base.whole_bytes
    ):
        return None
    if damaged := damaged_file(settings, base):
        # a full build heals what an increment would carry on
        _LOG.warning("%s is not what was published, everything is built", damaged.name)
        return None
    store.update_run(run_id, step="prepare_increment")
    report("prepare_increment")
    try:
        touched = make_workplace(settings, base, context)
    except FullBuildNeeded as reason:
        _LOG.info("everything is built: %s", reason)
        return None
    _LOG.info("%s tickets are built anew upon build %s", touched, base.build_id)
    return base


def finish_increment(settings: Settings, store: OperationsStore, base: Build, run_id: str) -> bool:
    """Put what dbt built into a copy of the base; False asks for a full build after all."""
    store.update_run(run_id, step="merge_increment")
    report("merge_increment")
    increment = Increment(
        base=published_file(settings, base.build_id),
        base_private=private_file(settings, base.build_id),
        workplace=workplace_file(settings),
        compiled=target_dir(settings) / "run" / "compiled",
    )
    try:
        merge(settings, increment, settings.build_dir / BUILDING, settings.build_dir / BUILDING_PRIVATE)
    except FullBuildNeeded as reason:
        _LOG.info("everything is built after all: %s", reason)
        for name in (BUILDING, BUILDING_PRIVATE):
            (settings.build_dir / name).unlink(missing_ok=True)
        return False
    with writer(settings.warehouse_file, settings) as connection:
        write_context(connection, replace(read_context(connection), base_build_id=base.build_id))
    return True


def seal_build(settings: Settings, context: RunContext) -> None:
    """Give the files that dbt wrote their build id, checkpointed and without a write-ahead log."""
    for name, target in (
        (BUILDING, build_file(settings, context.build_id)),
        (BUILDING_PRIVATE, private_build_file(settings, context.build_id)),
    ):
        source = settings.build_dir / name
        if not source.is_file():
            raise RefreshError(f"dbt left no {name}; see the log in {settings.log_dir}")
        with writer(source, settings) as connection:
            connection.execute("checkpoint")
        source.rename(target)


def gate_build(settings: Settings, store: OperationsStore, run_id: str) -> GateRecord:
    """Judge the build file that dbt wrote; a verdict other than passed ends the run with the reason."""
    store.update_run(run_id, step="gate_build")
    report("gate_build")
    with writer(settings.warehouse_file, settings) as connection:
        context = read_context(connection)
    return judge_build(settings, store, context)


def publish_build(settings: Settings, store: OperationsStore, request: RefreshRequest, run_id: str) -> Build:
    """Publish the build of the current context and end the run.

    A build for a chosen as-of keeps its id and becomes current only on request (architecture.md, decision 5).
    """
    store.update_run(run_id, step="publish")
    with writer(settings.warehouse_file, settings) as connection:
        context = read_context(connection)
        fingerprint = inputs_fingerprint(
            connection,
            settings,
            known_at=context.known_at,
            chosen_as_of=context.as_of if context.is_as_of_chosen else None,
        )
        extracts = len(list_extracts(connection, states=(ExtractState.ACCEPTED,)))
    is_past = context.is_as_of_chosen or request.known_at is not None
    build = publish(
        settings,
        store,
        context,
        fingerprint=fingerprint,
        recipe=recipe_fingerprint(settings),
        base=get_build(settings, context.base_build_id) if context.base_build_id else None,
        extracts=extracts,
        built_at=now_utc(),
        make_current=request.make_current or not is_past,
        report=lambda step: report("publish", step),
    )
    store.finish_run(run_id, RunStatus.PUBLISHED)
    remove_leftovers(settings)
    return build
