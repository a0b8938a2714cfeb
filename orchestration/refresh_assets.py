"""The refresh as assets: landing, the context of the build, dbt's models, publishing. Functions live in steps.py."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import dagster as dg
from dagster_dbt import DbtProject, dbt_assets

from orchestration import steps
from orchestration.asset_keys import CURRENT_BUILD, RUN_CONTEXT, TableAddressTranslator, landed_keys
from orchestration.dbt_resource import DbtCommand
from orchestration.dbt_runner import dbt_working_in, fresh_run_dir, models_at_a_time
from orchestration.lock import hold_refresh_lock
from orchestration.progress import report
from warehouse.connections import writer
from warehouse.increment.workplace import workplace_dir
from warehouse.manifest import landed_rows
from warehouse.operations import OperationsStore
from warehouse.run_context import read_context
from warehouse.settings import Settings, load_settings

#: DuckDB has one writer; the scheduler must not start a second refresh beside a running one.
WRITER_POOL = "warehouse_writer"


class RefreshRequestResource(dg.ConfigurableResource):
    """What a run was asked to do; empty means the daily refresh of everything new."""

    sources: str = ""
    landing: str = ""
    full: bool = False
    as_of: str = ""
    known_at: str = ""
    make_current: bool = False

    def to_request(self) -> steps.RefreshRequest:
        return steps.RefreshRequest(
            sources=Path(self.sources) if self.sources else None,
            landing=Path(self.landing) if self.landing else None,
            full=self.full,
            as_of=date.fromisoformat(self.as_of) if self.as_of else None,
            known_at=date.fromisoformat(self.known_at) if self.known_at else None,
            make_current=self.make_current,
        )


def _settings_and_store() -> tuple[Settings, OperationsStore]:
    settings = load_settings()
    hold_refresh_lock(settings)
    return settings, OperationsStore(settings)


@dg.multi_asset(
    name="landed_extracts",
    specs=[dg.AssetSpec(key, group_name="landing", kinds={"duckdb"}) for key in landed_keys()],
    pool=WRITER_POOL,
)
def landed_extracts(
    context: dg.AssetExecutionContext, refresh_request: RefreshRequestResource
) -> Iterator[dg.MaterializeResult]:
    """Every new file of the landing folder, and what is new in databases, as contract rows and quarantined rows."""
    settings, store = _settings_and_store()
    steps.begin_run(settings, store, context.run_id)
    landed = steps.land_extracts(settings, store, refresh_request.to_request(), context.run_id)
    context.log.info("%s landed, %s refused, %s unchanged", len(landed.landed), len(landed.refused), landed.unchanged)
    for table in landed.unread:
        context.log.warning("not read: %s", table.reason_en)
    for key in landed_keys():
        rows = sum(
            extract.rows_loaded for extract in landed.landed if key.path[-1].replace("__", ".") in extract.contracts
        )
        yield dg.MaterializeResult(asset_key=key, metadata={"rows_loaded_with_these_files": rows})


@dg.asset(
    key=RUN_CONTEXT,
    deps=landed_keys(),
    group_name="landing",
    kinds={"duckdb"},
    output_required=False,
    pool=WRITER_POOL,
)
def run_context(
    context: dg.AssetExecutionContext, refresh_request: RefreshRequestResource
) -> Iterator[dg.Output[None]]:
    """The context of the build; absent, with everything after it skipped, when a build has the same inputs."""
    settings, store = _settings_and_store()
    chosen = steps.choose_build(settings, store, refresh_request.to_request(), context.run_id)
    if chosen is None:
        context.log.info("nothing new; the published build stays")
        return
    yield dg.Output(None, metadata={"build_id": chosen.build_id, "as_of": str(chosen.as_of)})


def make_dbt_models(project: DbtProject) -> dg.AssetsDefinition:
    """Return dbt's models, seeds and tests as assets and checks."""

    @dbt_assets(
        manifest=project.manifest_path,
        project=project,
        dagster_dbt_translator=TableAddressTranslator(),
        name="dbt_models",
        pool=WRITER_POOL,
    )
    def dbt_models(
        context: dg.AssetExecutionContext, dbt: DbtCommand, refresh_request: RefreshRequestResource
    ) -> Iterator[object]:
        settings, store = _settings_and_store()
        request = refresh_request.to_request()
        base = steps.begin_increment(settings, store, request, context.run_id)
        if base is not None:
            # told only when it is certain that these are the tables of the build
            with dbt_working_in(settings, workplace_dir(settings)):
                events = list(_run_dbt(context, dbt, settings, store, threads=models_at_a_time(0)))
            if steps.finish_increment(settings, store, base, context.run_id):
                yield from events
            else:
                base = None
        if base is None:
            with writer(settings.warehouse_file, settings) as connection:
                threads = models_at_a_time(landed_rows(connection))
            with dbt_working_in(settings, settings.home):
                yield from _run_dbt(context, dbt, settings, store, threads=threads)
        with writer(settings.warehouse_file, settings) as connection:
            build = read_context(connection)
        steps.seal_build(settings, build)

    return dbt_models


def _run_dbt(
    context: dg.AssetExecutionContext, dbt: DbtCommand, settings: Settings, store: OperationsStore, *, threads: int
) -> Iterator[object]:
    """Build every model and run its tests where dbt has been pointed to."""
    store.update_run(context.run_id, step="transform")
    total = len(context.selected_asset_keys)
    invocation = dbt.cli(
        ["build", "--exclude-resource-type", "unit_test", "--threads", str(threads)],
        context=context,
        target_path=fresh_run_dir(settings),
    )
    for done, event in enumerate(invocation.stream()):
        report("transform", "", min(done, total), total)
        yield event


def make_publish(build_tables: list[dg.AssetKey]) -> dg.AssetsDefinition:
    """Return the asset that readers see: the pointer to the current build."""

    @dg.asset(key=CURRENT_BUILD, deps=build_tables, group_name="published", kinds={"duckdb"}, pool=WRITER_POOL)
    def current_build(
        context: dg.AssetExecutionContext, refresh_request: RefreshRequestResource
    ) -> dg.MaterializeResult:
        """The build that readers see; refused unless gate 2 passed on this very file."""
        settings, store = _settings_and_store()
        build = steps.publish_build(settings, store, refresh_request.to_request(), context.run_id)
        return dg.MaterializeResult(metadata={"build_id": build.build_id, "bytes": build.bytes})

    return current_build
