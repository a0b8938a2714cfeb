"""Numbers, instants and periods as text."""

from datetime import UTC, date, datetime

import pytest

from dashboards.formatting import (
    display_number,
    format_change,
    format_instant,
    format_interval,
    format_period,
    format_value,
    local_day,
    plain,
)
from dashboards.language import Phrases
from dashboards.periods import PeriodKind

EN, ZH = Phrases("en"), Phrases("zh-CN")


@pytest.mark.parametrize(
    ("value", "unit", "english", "chinese"),
    [
        (1204.0, "count", "1,204", "1,204"),
        (0.9524, "fraction", "95.2%", "95.2%"),
        (0.00042, "fraction", "0.04%", "0.04%"),
        (14.26, "minutes", "14.3 min", "14.3 分钟"),
        (1234.5, "hours", "1,234 h", "1,234 小时"),
        (88.06, "points", "88.1", "88.1 分"),
        (0.0, "fraction", "0.0%", "0.0%"),
        (None, "fraction", "–", "–"),
        (float("nan"), "minutes", "–", "–"),
    ],
)
def test_values_have_their_unit(value: float | None, unit: str, english: str, chinese: str) -> None:
    assert format_value(value, unit, EN) == english
    assert format_value(value, unit, ZH) == chinese


def test_intervals() -> None:
    assert format_interval(0.931, 0.96, "fraction", EN) == "93.1% to 96.0%"
    assert format_interval(11.84, 13.0, "minutes", ZH) == "11.8 至 13.0 分钟"
    assert format_interval(None, 0.96, "fraction", EN) == ""


def test_changes_are_in_points_for_rates_and_in_per_cent_otherwise() -> None:
    assert format_change(0.93, 0.95, "fraction", EN) == "−2.0 pp"
    assert format_change(0.95, 0.93, "fraction", ZH) == "+2.0 百分点"
    assert format_change(88.0, 90.5, "points", EN) == "−2.5 points"
    assert format_change(110, 100, "count", EN) == "+10.0%"
    assert format_change(5, 0, "count", EN) == "+5"
    assert format_change(0.95001, 0.95, "fraction", EN) == "0 pp"


def test_tables_show_fractions_as_per_cent() -> None:
    assert display_number(0.9524, "fraction") == 95.2
    assert display_number(14.26, "minutes") == 14.3
    assert display_number(None, "count") is None


def test_instants_are_local() -> None:
    assert format_instant(datetime(2025, 10, 31, 15, 59), "Asia/Shanghai") == "2025-10-31 23:59"
    assert format_instant(datetime(2025, 10, 31, 15, 59, tzinfo=UTC), "Asia/Urumqi") == "2025-10-31 21:59"
    assert format_instant(None, "Asia/Shanghai") == "–"
    assert local_day(datetime(2025, 10, 31, 16, 0), "Asia/Shanghai") == date(2025, 11, 1)


def test_periods_in_words() -> None:
    assert format_period(date(2025, 10, 1), PeriodKind.MONTH, EN) == "Oct 2025"
    assert format_period(date(2025, 10, 1), PeriodKind.MONTH, ZH) == "2025年10月"
    assert format_period(date(2025, 10, 1), PeriodKind.QUARTER, ZH) == "2025年第4季度"
    assert format_period(date(2025, 1, 1), PeriodKind.YEAR, EN) == "2025"
    assert format_period(date(2025, 10, 27), PeriodKind.WEEK, EN) == "2025-W44"


def test_text_from_data_stays_text() -> None:
    assert plain("[x](javascript:1) **b** :red[y] $z$") == r"\[x\](javascript\:1) \*\*b\*\* \:red\[y\] \$z\$".replace(
        "](", r"]\("
    ).replace("1)", r"1\)")
