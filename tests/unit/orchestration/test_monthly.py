"""Months: when the review is due and of which month, and which evening a backfilled build shows."""

import shutil
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg
import pytest

from orchestration.monthly import (
    FIRST_MONTH,
    as_of_month_end,
    make_monthly_reviews,
    month_end,
    months,
    period_of,
)
from tests.built_once import built_once
from tests.command_line import aftercare
from warehouse.settings import Settings


@pytest.mark.parametrize(
    ("partition_key", "expected"),
    [
        ("2025-10-01", date(2025, 10, 31)),
        ("2025-06-01", date(2025, 6, 30)),
        ("2025-12-01", date(2025, 12, 31)),
        ("2024-02-01", date(2024, 2, 29)),
        ("2025-02-01", date(2025, 2, 28)),
    ],
)
def test_the_end_of_a_month(partition_key: str, expected: date) -> None:
    assert month_end(partition_key) == expected
    config = as_of_month_end(partition_key)
    assert config == {"resources": {"refresh_request": {"config": {"as_of": expected.isoformat()}}}}


def test_a_period_is_named_as_reviews_name_it() -> None:
    assert period_of("2025-10-01") == "2025-10"


@pytest.mark.parametrize(
    ("now", "last"),
    [
        # 31 October 23:59 and 1 November 00:00 in Shanghai
        (datetime(2025, 10, 31, 15, 59, tzinfo=ZoneInfo("UTC")), "2025-09-01"),
        (datetime(2025, 10, 31, 16, 0, tzinfo=ZoneInfo("UTC")), "2025-10-01"),
    ],
)
def test_only_months_that_are_over_in_company_time_can_be_chosen(now: datetime, last: str) -> None:
    keys = months("Asia/Shanghai").get_partition_keys(current_time=now)
    assert (keys[0], keys[-1]) == (FIRST_MONTH, last)


@pytest.fixture
def small_home(settings: Settings, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Settings:
    """A copy of a published home of 60 tickets: 30 in September, 30 in October 2025."""
    published = built_once(tmp_path_factory, worker_id, "two-months", _refresh)
    shutil.copytree(published, settings.home, dirs_exist_ok=True)
    return settings


def _refresh(home: Path) -> None:
    lines = [f"{number},2025-{9 + number % 2:02}-{number % 30 + 1:02}T10:00:00+08:00" for number in range(60)]
    (home / "landing").mkdir()
    file = home / "landing" / "crm.tickets.csv"
    file.write_text("ticket_id,opened_at\n" + "\n".join(lines) + "\n", encoding="utf-8")
    done = aftercare(home, "refresh")
    assert done.code == 0, done.err


def test_the_review_of_a_month_goes_into_its_folder(small_home: Settings) -> None:
    reviews = make_monthly_reviews(small_home.zone)
    with dg.DagsterInstance.ephemeral() as instance:
        result = dg.materialize([reviews], partition_key="2025-10-01", instance=instance)
    folder = small_home.home / "reviews" / "2025-10"
    [event] = result.get_asset_materialization_events()
    assert event.partition == "2025-10-01"
    files = str(event.materialization.metadata["files"].value).splitlines()
    ends = ("zh-CN.pptx", "zh-CN.xlsx", "en.pptx", "en.xlsx")
    assert files == [f"{folder}/review-2025-10.{end}" for end in ends]
    assert sorted(path.name for path in folder.iterdir()) == sorted(f"review-2025-10.{end}" for end in ends)


def test_a_backfilled_month_and_a_monthly_review(small_home: Settings) -> None:
    """The graph as Dagster runs it: due times, one month of the backfill and one review from start to end."""
    from orchestration.dagster_home import prepare_dagster_home
    from orchestration.definitions import aftercare as definitions
    from orchestration.lock import release_refresh_lock
    from orchestration.monthly import MONTH_END_BUILDS, MONTHLY_REVIEW
    from warehouse.builds import current_build_id, list_builds
    from warehouse.clock import end_of_local_day
    from warehouse.operations import OperationsStore, RunStatus
    from warehouse.reading import reader_of

    folder = small_home.home / "reviews" / "2025-10"
    shutil.rmtree(folder, ignore_errors=True)
    prepare_dagster_home(small_home)
    graph = definitions()
    repository = graph.get_repository_def()
    schedule = repository.get_schedule_def("every_month")
    assert (schedule.cron_schedule, schedule.execution_timezone) == ("30 6 2 * *", "Asia/Shanghai")
    assert schedule.default_status is dg.DefaultScheduleStatus.RUNNING
    due = datetime(2025, 11, 2, 6, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    with dg.DagsterInstance.get() as instance:
        context = dg.build_schedule_context(instance=instance, scheduled_execution_time=due, repository_def=repository)
        [request] = schedule.evaluate_tick(context).run_requests or ()
        assert (request.job_name, request.partition_key) == ("monthly_review", "2025-10-01")
        assert request.run_config == {"resources": {"refresh_request": {"config": {"full": True}}}}

        [before] = list_builds(small_home)
        job = graph.resolve_job_def(MONTH_END_BUILDS)
        try:
            for _ in range(2):
                result = job.execute_in_process(partition_key="2025-09-01", instance=instance)
                assert result.success
            assert current_build_id(small_home) == before.build_id
            config = request.run_config
            review = graph.resolve_job_def(MONTHLY_REVIEW)
            assert review.execute_in_process(config, partition_key="2025-10-01", instance=instance).success
        finally:
            release_refresh_lock(small_home)
    # nothing was new, and the review has a fresh build all the same
    assert [path.name for path in folder.parent.iterdir()] == ["2025-10"]
    assert (folder / "review-2025-10.zh-CN.pptx").exists()
    newest, made, _ = list_builds(small_home)
    assert current_build_id(small_home) == newest.build_id
    # the second run found the month built from the same inputs
    assert [run.status for run in OperationsStore(small_home).list_runs()] == [
        RunStatus.PUBLISHED, RunStatus.NOTHING_NEW, RunStatus.PUBLISHED, RunStatus.PUBLISHED,
    ]  # fmt: skip
    assert made.as_of == end_of_local_day(date(2025, 9, 30), "Asia/Shanghai")
    sql = """
        select cast(period_start as varchar) as month, value from kpi.mart_kpis
        where kpi_key = 'tickets_created' and slice_name = 'total' and period_kind = 'month' order by 1
    """
    assert reader_of(small_home, made.build_id).rows(sql) == [{"month": "2025-09-01", "value": 30.0}]
