"""What happens by months: the review of the last one, and builds that show how things stood at the end of each."""

from calendar import monthrange
from datetime import date
from pathlib import Path
from typing import Any

import dagster as dg

from orchestration.asset_keys import CURRENT_BUILD
from orchestration.failures import write_down_failure
from warehouse.settings import Language, Settings, load_settings

MONTHLY_REVIEW = "monthly_review"
MONTH_END_BUILDS = "month_end_builds"
REVIEWS = dg.AssetKey(["reviews", "monthly"])

FIRST_MONTH = "2015-01-01"
FORMATS = ("pptx", "xlsx")
LANGUAGES: tuple[Language, ...] = ("zh-CN", "en")


def months(zone: str) -> dg.MonthlyPartitionsDefinition:
    """Return the months that are over, in company time; their keys are first days, such as 2025-10-01."""
    return dg.MonthlyPartitionsDefinition(start_date=FIRST_MONTH, timezone=zone)


def period_of(partition_key: str) -> str:
    """Return the month as reviews name it: 2025-10-01 is 2025-10."""
    return f"{date.fromisoformat(partition_key):%Y-%m}"


def month_end(partition_key: str) -> date:
    """Return the last local day of the month that begins on this day."""
    first = date.fromisoformat(partition_key)
    return first.replace(day=monthrange(first.year, first.month)[1])


def as_of_month_end(partition_key: str) -> dict[str, Any]:
    """Return the run config of a refresh that shows the end of this month (`--as-of`)."""
    return {"resources": {"refresh_request": {"config": {"as_of": month_end(partition_key).isoformat()}}}}


def write_monthly_review(settings: Settings, partition_key: str) -> list[Path]:
    """Write the review of a month from the current build into home/reviews/<period>/ and return its files."""
    # presentations and charts are loaded by the run that writes them, not by everything that knows the graph
    from reviews.writing import write_reviews

    period = period_of(partition_key)
    return write_reviews(settings, period, FORMATS, settings.home / "reviews" / period, LANGUAGES)


def make_monthly_reviews(zone: str) -> dg.AssetsDefinition:
    """Return the asset that people take into the meeting: the files of each month's review."""

    @dg.asset(key=REVIEWS, deps=[CURRENT_BUILD], group_name="reviews", partitions_def=months(zone))
    def monthly_reviews(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        """The review of a month as presentation and workbook, in both languages."""
        files = write_monthly_review(load_settings(), context.partition_key)
        return dg.MaterializeResult(metadata={"files": "\n".join(map(str, files)), "period": context.partition_key[:7]})

    return monthly_reviews


def make_monthly_review_job() -> Any:
    """Return the job that refreshes and then writes the review.

    It builds even if nothing is new: a refresh that skips its build would skip what depends on it, the review.
    """
    return dg.define_asset_job(
        MONTHLY_REVIEW,
        selection=dg.AssetSelection.all(),
        description="Refresh, then write the review of a month into home/reviews.",
        config={"resources": {"refresh_request": {"config": {"full": True}}}},
        executor_def=dg.in_process_executor,
        hooks={write_down_failure},
    )


def make_monthly_schedule(job: Any) -> Any:
    """Return the schedule of the review: on the 2nd, an hour after the daily refresh, for the month before."""
    return dg.build_schedule_from_partitioned_job(
        job,
        name="every_month",
        description="The review of the last month, on the 2nd at 06:30 company time.",
        day_of_month=2,
        hour_of_day=6,
        minute_of_hour=30,
        default_status=dg.DefaultScheduleStatus.RUNNING,
    )


def make_month_end_job(zone: str, selection: dg.AssetSelection) -> Any:
    """Return the job that rebuilds the state of month ends: one run per month, one after the other (writer pool).

    The builds stay beside the current one, which they never replace; a month end that was built from the same inputs
    is not built again.
    """
    return dg.define_asset_job(
        MONTH_END_BUILDS,
        selection=selection,
        description="Rebuild how things stood at the end of each chosen month; the current build stays current.",
        config=dg.PartitionedConfig(partitions_def=months(zone), run_config_for_partition_key_fn=as_of_month_end),
        executor_def=dg.in_process_executor,
        hooks={write_down_failure},
    )
