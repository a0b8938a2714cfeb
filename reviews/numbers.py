"""Numbers, days and periods of reviews as text and as spreadsheet formats. The only place of reviews that rounds."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from reviews.period import ReviewKind, ReviewPeriod
from reviews.phrases import Phrases

UNKNOWN = "–"

#: Spreadsheet formats by unit; fractions stay fractions and are shown as per cent.
EXCEL_FORMATS = {"count": "#,##0", "articles": "#,##0", "fraction": "0.0%", "currency": "#,##0.00"}
_EXCEL_DEFAULT = "#,##0.0"

_ALWAYS_ONE_DIGIT = 1000
_SMALL_SHARE = 0.001


@dataclass(frozen=True)
class Numbers:
    """How numbers are written in one language; money in the company's currency."""

    say: Phrases
    currency: str

    def value(self, value: float | None, unit: str) -> str:
        """Return a KPI value with its unit: `95.2%`, `1,204`, `14.3 min`; a dash for unknown."""
        if value is None:
            return UNKNOWN
        if unit == "fraction":
            return self.say("unit.fraction", value=_plain(value * 100, 2 if 0 < abs(value) < _SMALL_SHARE else 1))
        return self._with_unit(_plain(value, digits_of(value, unit)), unit)

    def change(self, now: float, before: float, unit: str) -> str:
        """Return a signed change: percentage points for fractions, points for scores, per cent for the rest."""
        if unit == "fraction":
            return self.say("number.percentage_points", value=_signed(100 * (now - before), 1))
        if unit in ("points", "nps"):
            return self.say("number.points", value=_signed(now - before, 1))
        if before == 0:
            return self.gap(now - before, unit)
        return self.growth((now - before) / abs(before))

    def gap(self, gap: float | None, unit: str) -> str:
        """Return a part or difference in the unit itself, signed; percentage points for fractions, small ones finer."""
        if gap is None:
            return UNKNOWN
        if unit == "fraction":
            digits = 2 if abs(gap) < 0.01 else 1
            return self.say("number.percentage_points", value=_signed(gap * 100, digits))
        if unit in ("points", "nps"):
            return self.say("number.points", value=_signed(gap, 2 if abs(gap) < 1 else 1))
        digits = 0 if unit == "count" else 2 if abs(gap) < 1 else 1
        return self._with_unit(_signed(gap, digits), unit)

    def interval(self, low: float | None, high: float | None, unit: str) -> str:
        """Return `93.1% to 96.0%`, `11.8 to 13.0 min`, or a dash when there is no interval."""
        if low is None or high is None:
            return UNKNOWN
        lowest = self.value(low, unit) if unit == "fraction" else _plain(low, digits_of(low, unit))
        return self.say("number.range", low=lowest, high=self.value(high, unit))

    def target(self, target: float | None, direction: str, unit: str) -> str:
        """Return `≥ 95.0%`, or a dash without a target."""
        if target is None:
            return UNKNOWN
        return f"{'≥' if direction == 'higher' else '≤'} {self.value(target, unit)}"

    def count(self, number: float | None) -> str:
        """Return a whole number with thousands separators."""
        return UNKNOWN if number is None else _plain(number, 0)

    def share(self, share: float | None) -> str:
        """Return a fraction in per cent with one digit."""
        return self.value(share, "fraction")

    def growth(self, fraction: float | None) -> str:
        """Return a change given as a fraction: `+4.1%`; a dash when it is unknown."""
        return UNKNOWN if fraction is None else self.say("unit.fraction", value=_signed(100 * fraction, 1))

    def factor(self, factor: float) -> str:
        """Return how many times something is another: `3.7×`."""
        return self.say("number.factor", value=_plain(factor, 1))

    def decimal(self, number: float) -> str:
        """Return a number without unit and with one digit."""
        return _plain(number, 1)

    def signed(self, number: float) -> str:
        """Return a number without unit, with its sign and one digit."""
        return _signed(number, 1)

    def day(self, day: date | None) -> str:
        """Return a day as `2025-11-01`, which both languages read."""
        return UNKNOWN if day is None else day.isoformat()

    def instant(self, instant: datetime | None, zone: str) -> str:
        """Return a UTC instant as local time: `2025-11-01 08:30`."""
        if instant is None:
            return UNKNOWN
        return f"{instant.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"

    def period(self, period: ReviewPeriod) -> str:
        """Return `October 2025`, `Q4 2025`, `2025` in the words of the language."""
        if period.kind is ReviewKind.MONTH:
            name = self.say(f"month.{period.start.month}")
            return self.say("period_name.month", year=period.start.year, month=name)
        if period.kind is ReviewKind.QUARTER:
            quarter = (period.start.month + 2) // 3
            return self.say("period_name.quarter", year=period.start.year, quarter=quarter)
        return self.say("period_name.year", year=period.start.year)

    def _with_unit(self, number: str, unit: str) -> str:
        if unit == "currency":
            return f"{number} {self.currency}".rstrip()
        return self.say(f"unit.{unit}", value=number) if unit in _UNITS_WITH_TEXT else number


_UNITS_WITH_TEXT = ("count", "minutes", "hours", "days", "points", "nps", "per_head", "per_year", "articles")


def digits_of(value: float, unit: str) -> int:
    """Return how many decimals a value of this size deserves."""
    if unit in ("count", "articles"):
        return 0
    return 1 if abs(value) < _ALWAYS_ONE_DIGIT else 0


def excel_format(unit: str) -> str:
    """Return the spreadsheet format of a unit."""
    return EXCEL_FORMATS.get(unit, _EXCEL_DEFAULT)


def _plain(value: float, digits: int) -> str:
    text = f"{value:,.{digits}f}"
    return text.removeprefix("-") if float(text.replace(",", "")) == 0 else text.replace("-", "−")


def _signed(value: float, digits: int) -> str:
    rounded = round(value, digits)
    return "0" if rounded == 0 else f"{rounded:+,.{digits}f}".replace("-", "−")
