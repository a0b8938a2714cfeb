"""Numbers as text."""

from datetime import date, datetime

import pytest

from reviews.numbers import Numbers, excel_format
from reviews.period import parse_period
from reviews.phrases import Phrases

ENGLISH, CHINESE = (Numbers(Phrases(language), "CNY") for language in ("en", "zh-CN"))


@pytest.mark.parametrize(
    ("value", "unit", "english", "chinese"),
    [
        (0.95234, "fraction", "95.2%", "95.2%"),
        (0.00042, "fraction", "0.04%", "0.04%"),
        (1204.0, "count", "1,204", "1,204"),
        (14.26, "minutes", "14.3 min", "14.3分钟"),
        (2.0, "days", "2.0 d", "2.0天"),
        (-12.34, "nps", "−12.3", "−12.3"),
        (-0.01, "points", "0.0", "0.0"),
        (1234.5, "currency", "1,234 CNY", "1,234 CNY"),
        (15.9, "per_head", "15.9/head", "15.9单/人"),
        (7.0, "furlongs", "7.0", "7.0"),
        (None, "fraction", "–", "–"),
    ],
)
def test_values(value: float | None, unit: str, english: str, chinese: str) -> None:
    assert (ENGLISH.value(value, unit), CHINESE.value(value, unit)) == (english, chinese)


def test_changes_are_signed_and_in_the_unit_that_readers_expect() -> None:
    assert ENGLISH.change(0.855, 0.887, "fraction") == "−3.2 pp"
    assert CHINESE.change(87.8, 87.4, "points") == "+0.4分"
    assert ENGLISH.change(858, 871, "count") == "−1.5%"
    assert ENGLISH.change(3, 0, "count") == "+3"
    assert ENGLISH.gap(0.0047, "fraction") == "+0.47 pp"
    assert ENGLISH.gap(None, "hours") == "–"


def test_intervals_targets_and_factors() -> None:
    assert ENGLISH.interval(0.83, 0.8774, "fraction") == "83.0% to 87.7%"
    assert CHINESE.interval(11.5, 12.8, "minutes") == "11.5至12.8分钟"
    assert ENGLISH.interval(None, 1.0, "hours") == "–"
    assert ENGLISH.target(0.95, "higher", "fraction") == "≥ 95.0%"
    assert CHINESE.factor(3.66) == "3.7倍"


def test_days_and_periods() -> None:
    assert ENGLISH.instant(datetime(2025, 10, 31, 15, 59), "Asia/Shanghai") == "2025-10-31 23:59"
    assert ENGLISH.day(date(2025, 1, 2)) == "2025-01-02"
    assert [CHINESE.period(parse_period(code)) for code in ("2025-10", "2025-Q4", "2025")] == [
        "2025年10月", "2025年第4季度", "2025年"
    ]  # fmt: skip


def test_excel_formats() -> None:
    assert [excel_format(unit) for unit in ("fraction", "count", "hours")] == ["0.0%", "#,##0", "#,##0.0"]
