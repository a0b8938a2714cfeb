"""The platform on one screen: extracts land, gate 1 judges them, dbt builds, gate 2 judges the build, it is published.

`aftercare serve --dagster` opens this graph; `aftercare refresh` runs its job in its own process.
"""

import os

import dagster as dg
from dagster import colored_console_logger

from orchestration.dbt_resource import DbtCommand
from orchestration.dbt_runner import PROFILES_DIR, dbt_environment, dbt_executable, dbt_project
from orchestration.failures import write_down_failure
from orchestration.gate_checks import make_build_gate, make_extract_gate
from orchestration.landing_sensor import make_landing_sensor
from orchestration.monthly import (
    REVIEWS,
    make_month_end_job,
    make_monthly_review_job,
    make_monthly_reviews,
    make_monthly_schedule,
)
from orchestration.refresh_assets import (
    RefreshRequestResource,
    landed_extracts,
    make_dbt_models,
    make_publish,
    run_context,
)
from orchestration.run_log import run_log_file
from warehouse.settings import load_settings

DAILY_REFRESH = "daily_refresh"

#: Layers that dbt writes into the build file; gate 2 judges their tables.
BUILD_LAYERS = ("core", "measures", "kpi")


@dg.definitions
def aftercare() -> dg.Definitions:
    """Return everything that Dagster runs."""
    settings = load_settings()
    # dbt runs as a child process and reads its paths from the environment
    os.environ.update(dbt_environment(settings))
    project = dbt_project(settings)
    dbt_models = make_dbt_models(project)
    build_tables = sorted(
        (key for key in dbt_models.keys if key.path[0] in BUILD_LAYERS), key=lambda key: key.to_user_string()
    )
    refreshed = dg.AssetSelection.all() - dg.AssetSelection.assets(REVIEWS)
    daily_refresh = dg.define_asset_job(
        DAILY_REFRESH,
        selection=refreshed,
        description="Land what is new, judge it, build the marts, judge them, publish them.",
        executor_def=dg.in_process_executor,
        hooks={write_down_failure},
    )
    monthly_review = make_monthly_review_job()
    return dg.Definitions(
        assets=[
            landed_extracts,
            run_context,
            dbt_models,
            make_publish(build_tables),
            make_monthly_reviews(settings.zone),
        ],
        asset_checks=[make_extract_gate(), make_build_gate(build_tables)],
        jobs=[daily_refresh, monthly_review, make_month_end_job(settings.zone, refreshed)],
        schedules=[
            dg.ScheduleDefinition(
                name="every_morning",
                job=daily_refresh,
                cron_schedule="30 5 * * *",
                execution_timezone=settings.zone,
                default_status=dg.DefaultScheduleStatus.RUNNING,
            ),
            make_monthly_schedule(monthly_review),
        ],
        sensors=[make_landing_sensor(daily_refresh)],
        loggers={"console": colored_console_logger, "file": run_log_file},
        resources={
            "dbt": DbtCommand(
                project_dir=str(project.project_dir), profiles_dir=str(PROFILES_DIR), dbt_executable=dbt_executable()
            ),
            "refresh_request": RefreshRequestResource(),
        },
    )
