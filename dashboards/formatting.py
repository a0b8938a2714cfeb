"""Numbers, instants and periods as text, per unit and language. The only place that rounds."""

import math
import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from dashboards import periods
from dashboards.language import Phrases
from dashboards.periods import PeriodKind

UNKNOWN = "–"

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+!|~$:<>^-])")


def format_value(value: float | None, unit: str, phrases: Phrases) -> str:
    """Return a KPI value with its unit: `95.2%`, `1,204`, `14.3 min`; a dash for unknown."""
    if _is_unknown(value):
        return UNKNOWN
    assert value is not None  # noqa: S101 - for the type checker
    if unit == "fraction":
        return phrases("unit.fraction", value=format_number(value * 100, _percent_digits(value)))
    return phrases(f"unit.{unit}", value=format_number(value, digits_of(value, unit)))


def format_number(value: float | None, digits: int = 0) -> str:
    """Return a number with thousands separators, which English and Chinese readers share."""
    if _is_unknown(value):
        return UNKNOWN
    return f"{value:,.{digits}f}"


def format_interval(low: float | None, high: float | None, unit: str, phrases: Phrases) -> str:
    """Return `93.1% to 96.0%`, `11.8 to 13.0 min`, or an empty text when there is no interval."""
    if low is None or high is None or math.isnan(low) or math.isnan(high):
        return ""
    lowest = format_value(low, unit, phrases) if unit == "fraction" else format_number(low, digits_of(low, unit))
    return phrases("number.range", low=lowest, high=format_value(high, unit, phrases))


def format_change(now: float, before: float, unit: str, phrases: Phrases) -> str:
    """Return a signed change: percentage points for fractions, points for scores and NPS, per cent for the rest."""
    difference = now - before
    if unit == "fraction":
        return phrases("number.percentage_points", value=_signed(difference * 100, 1))
    if unit in ("points", "nps"):
        return phrases("number.points", value=_signed(difference, 1))
    if before == 0:
        return _signed(difference, digits_of(difference, unit))
    return phrases("unit.fraction", value=_signed(100 * difference / abs(before), 1))


def format_gap(gap: float, unit: str, phrases: Phrases) -> str:
    """Return the difference of two values in the unit itself, signed; percentage points for fractions."""
    if unit == "fraction":
        return phrases("number.percentage_points", value=_signed(gap * 100, 1))
    if unit in ("points", "nps"):
        return phrases("number.points", value=_signed(gap, 1))
    if unit == "currency" and gap:
        return f"{'+' if gap > 0 else '−'}{format_value(abs(gap), unit, phrases)}"
    return phrases(f"unit.{unit}", value=_signed(gap, digits_of(gap, unit)))


def display_number(value: float | None, unit: str) -> float | None:
    """Return the value on the scale that tables show: per cent for fractions, the unit itself otherwise."""
    if _is_unknown(value):
        return None
    assert value is not None  # noqa: S101 - for the type checker
    return round(value * 100, 1) if unit == "fraction" else round(value, digits_of(value, unit))


def digits_of(value: float, unit: str) -> int:
    """Return how many decimals a value of this size deserves."""
    if unit in ("count", "articles"):
        return 0
    return 1 if abs(value) < 1000 else 0


def format_instant(instant: datetime | None, zone: str) -> str:
    """Return a UTC instant (naive or aware) as local time: `2025-11-01 08:30`."""
    if instant is None or instant != instant:  # a missing instant of a frame is not equal to itself
        return UNKNOWN
    aware = instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant
    return f"{aware.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


def local_day(instant: datetime, zone: str) -> date:
    """Return the local day of a UTC instant (naive or aware)."""
    aware = instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant
    return aware.astimezone(ZoneInfo(zone)).date()


def format_day(day: date | None) -> str:
    """Return a day as `2025-11-01`, which both languages read."""
    return UNKNOWN if day is None else day.isoformat()


def format_period(start: date, kind: PeriodKind, phrases: Phrases) -> str:
    """Return a period in the words of the language: `Oct 2025`, `Q4 2025`."""
    if kind in (PeriodKind.DAY, PeriodKind.WEEK):
        return periods.code(start, kind)
    names = {
        "year": start.year,
        "month": phrases(f"month.{start.month}"),
        "quarter": (start.month + 2) // 3,
    }
    return phrases(f"period_name.{kind}", **names)


def axis_format(unit: str) -> str:
    """Return the d3 format of chart axes for a unit."""
    return "~%" if unit == "fraction" else ",~r"


def plain(text: object) -> str:
    """Return text from data so that Markdown shows it as it is."""
    return _MARKDOWN.sub(r"\\\1", str(text)).replace("\n", " ")


def _signed(value: float, digits: int) -> str:
    rounded = round(value, digits)
    return "0" if rounded == 0 else f"{rounded:+,.{digits}f}".replace("-", "−")


def _percent_digits(value: float) -> int:
    return 2 if 0 < value < 0.001 else 1


def _is_unknown(value: float | None) -> bool:
    return value is None or math.isnan(value)
