"""Which published builds stay: the newest ones, and beside them the ends of months."""

from datetime import date, datetime, timedelta

import pytest

from warehouse.builds import Build, builds_to_keep, description_file, is_month_end, published_file
from warehouse.clock import end_of_local_day
from warehouse.settings import Settings, load_settings

ZONE = "Asia/Shanghai"
FIRST = datetime(2025, 11, 1, 12)


@pytest.fixture
def settings(tmp_path) -> Settings:
    made = load_settings(home=tmp_path / "home", keep_builds=2, keep_month_ends=3)
    made.make_folders()
    return made


def publish(settings: Settings, number: int, as_of: datetime) -> str:
    """Write what a published build leaves; the higher the number, the newer."""
    build_id = f"2025110{number}T120000-00000{number}"
    built_at = FIRST + timedelta(days=number)
    build = Build(build_id, "run", built_at, as_of, built_at, ZONE, "f", "s", 1, None, {}, 1)
    published_file(settings, build_id).touch()
    description_file(settings, build_id).write_text(build.to_json(), encoding="utf-8")
    return build_id


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        (end_of_local_day(date(2025, 6, 30), ZONE), True),
        (end_of_local_day(date(2024, 2, 29), ZONE), True),
        (end_of_local_day(date(2025, 6, 29), ZONE), False),
        # the end of June elsewhere, and the last minute of it here: what a source may deliver by itself
        (end_of_local_day(date(2025, 6, 30), "UTC"), False),
        (datetime(2025, 6, 30, 15, 59), False),
    ],
)
def test_the_end_of_a_local_month(as_of: datetime, expected: bool) -> None:
    build = Build("b", "run", FIRST, as_of, FIRST, ZONE, "f", "s", 1, None, {}, 1)
    assert is_month_end(build) is expected


def test_a_backfill_pushes_no_build_out_and_is_not_pushed_out(settings: Settings) -> None:
    ordinary = [publish(settings, number, FIRST) for number in (1, 2, 3)]
    february = publish(settings, 4, end_of_local_day(date(2025, 2, 28), ZONE))
    assert builds_to_keep(settings) == {*ordinary[1:], february}


def test_of_the_month_ends_the_latest_stay_each_in_its_newest_build(settings: Settings) -> None:
    ends = {month: end_of_local_day(date(2025, month, 30), ZONE) for month in (4, 6, 9)}
    ends[11] = end_of_local_day(date(2024, 11, 30), ZONE)
    first_june = publish(settings, 1, ends[6])
    april, june, september = (publish(settings, n, ends[month]) for n, month in ((2, 4), (3, 6), (4, 9)))
    november_before = publish(settings, 5, ends[11])
    kept = builds_to_keep(settings)
    assert kept == {april, june, september}
    assert {first_june, november_before}.isdisjoint(kept)
