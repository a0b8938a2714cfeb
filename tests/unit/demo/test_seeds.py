"""The reference data that the demo ships: complete, cross-checked with two calendars, and fit for its contracts."""

from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import holidays
import pandas as pd
import pytest
from chinese_calendar.constants import holidays as known_holidays

from demo.reference import CASE_TYPES, PRIORITIES
from warehouse.contract import get_contract

SEEDS = Path(__file__).parents[3] / "seeds"
LAST_YEAR = 2026


def seed(name: str) -> pd.DataFrame:
    return pd.read_csv(SEEDS / f"{name}.csv", dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def calendar() -> dict[date, str]:
    table = seed("working_days")
    assert table["day"].is_unique
    return {date.fromisoformat(day): kind for day, kind in zip(table["day"], table["kind"], strict=True)}


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(n) for n in range((last - first).days + 1)]


def worked(calendar: dict[date, str], first: date, last: date) -> int:
    return sum(calendar.get(day) in ("regular", "make_up") for day in days(first, last))


def test_working_days_agree_with_both_calendar_packages(calendar: dict[date, str]) -> None:
    official = holidays.country_holidays("CN", years=range(2020, LAST_YEAR + 1))
    for day in days(date(2020, 1, 1), date(LAST_YEAR, 12, 31)):
        is_worked = calendar.get(day) in ("regular", "make_up")
        assert is_worked == chinese_calendar.is_workday(day) == official.is_working_day(day), day


def test_each_kind_of_day_is_what_it_says(calendar: dict[date, str]) -> None:
    for day in days(date(2020, 1, 1), date(LAST_YEAR, 12, 31)):
        is_weekend = day.weekday() >= 5
        if day in known_holidays:
            assert calendar[day] == "holiday", day
        elif not is_weekend:
            assert calendar[day] == "regular", day
        else:
            assert calendar.get(day) == ("make_up" if chinese_calendar.is_workday(day) else None), day


def test_working_days_end_with_the_last_published_year(calendar: dict[date, str]) -> None:
    assert max(calendar) == date(LAST_YEAR, 12, 31)
    assert max(known_holidays).year == LAST_YEAR, "a newer year is published: extend seeds/working_days.csv"


def test_working_days_have_no_gap(calendar: dict[date, str]) -> None:
    every_day = days(date(2020, 1, 1), date(LAST_YEAR, 12, 31))
    assert (min(calendar), max(calendar)) == (every_day[0], every_day[-1])
    assert [day for day in every_day if day.weekday() < 5 and day not in calendar] == []


def test_every_day_names_its_source() -> None:
    assert (seed("working_days")["source"] != "").all()


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [(date(2025, 9, 26), date(2025, 10, 12), 7), (date(2026, 2, 9), date(2026, 3, 1), 11)],
)
def test_known_spans(calendar: dict[date, str], first: date, last: date, expected: int) -> None:
    assert worked(calendar, first, last) == expected


def test_spring_festivals_are_those_of_the_calendar_package() -> None:
    table = seed("festivals")
    listed = {day.year: day for day in map(date.fromisoformat, table["first_day"])}
    official = holidays.country_holidays("CN", years=range(2010, 2041))
    assert (set(table["festival"]), len(table), (table["source"] != "").all()) == ({"spring_festival"}, 31, True)
    for year in range(2010, 2041):
        days = [day for day, name in official.items() if day.year == year and "Spring Festival" in name]
        assert listed[year] == min(days), year


def test_plain_weeks_would_get_the_span_wrong(calendar: dict[date, str]) -> None:
    span = days(date(2025, 9, 26), date(2025, 10, 12))
    assert sum(day.weekday() < 5 for day in span) == 11
    assert sum(day.weekday() < 5 and calendar[day] != "holiday" for day in span) == 5


def test_regions_are_the_mainland_and_teams_live_in_them() -> None:
    regions = seed("regions")
    assert len(regions) == 31
    assert regions["region_id"].is_unique
    assert set(regions["is_remote"]) == {"true", "false"}
    assert set(seed("teams")["region_id"]) <= set(regions["region_id"])


def test_policies_cover_every_type_and_priority_once() -> None:
    policies = seed("sla_policies")
    pairs = set(zip(policies["case_type"], policies["priority"], strict=True))
    assert pairs == {(case_type, priority) for case_type in CASE_TYPES for priority in PRIORITIES}
    assert len(policies) == len(pairs)
    assert set(policies["clock"]) == {"calendar", "working"}
    assert (policies["response_minutes"].astype(float) / 60 < policies["resolution_hours"].astype(float)).all()


def test_exclusion_rules_name_columns_of_tickets() -> None:
    rules = seed("exclusion_rules")
    contract = get_contract("crm.tickets")
    for field in rules["field"]:
        column = contract.column(field)
        assert field == "subject" or column.pii != "free_text"
    assert set(rules["operator"]) <= {"equals", "in", "contains", "is_true", "is_null"}


def test_rate_targets_are_fractions() -> None:
    targets = seed("kpi_targets")
    rates = targets[targets["kpi_key"].str.contains("_rate|_share")]["target"].astype(float)
    assert len(rates) > 10
    assert rates.between(0, 1).all()
    repair = targets[(targets["slice_name"] == "case_type") & (targets["slice_value"] == "repair")]
    assert repair[["kpi_key", "target"]].to_numpy().tolist() == [["resolution_hours_customer_calendar", "48"]]
