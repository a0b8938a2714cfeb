"""Volumes by case type: changes as they stand, per working day, and aligned by the Spring Festival (ruling G9)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from analytics.comparable_periods import Span, festival_twin, is_near_festival, sums_within, working_days
from reviews import reading
from reviews.figure import UNKNOWN_MEMBER, Figure, KpiDefinition, Member, Words
from reviews.model import ALL_CASE_TYPES, NoTwin, Stretch, VolumeRow, Volumes
from reviews.period import ReviewPeriod
from warehouse.kpi_question import Filters, KpiQuestion
from warehouse.kpis import answer
from warehouse.reading import BuildReader
from warehouse.scope import Scope

_KPIS = ("tickets_created", "tickets_resolved")
_SLICES = ("total", "case_type")
_TOTAL = "all"


@dataclass(frozen=True)
class _Calendar:
    """Which local days the company works on, and the first day of each year's Spring Festival."""

    working: "pd.Series[bool]"
    festivals: Mapping[int, date]


def volumes(
    reader: BuildReader,
    scope: Scope,
    known: Mapping[str, KpiDefinition],
    period: ReviewPeriod,
    filters: Filters = (),
) -> tuple[Volumes, ...]:
    """Return tickets created and resolved, of all case types and of each, largest first, `unknown` last."""
    calendar = _calendar(reader)
    keys = [key for key in _KPIS if key in known]
    periods = _figures(reader, scope, keys, period, filters)
    days = _daily(reader, scope, keys, period, filters)
    begins = reading.first_days(reader, scope, keys)
    found = (
        _volumes_of(known[key], period, periods[key], days[days["kpi_key"] == key], begins.get(key), calendar)
        for key in keys
    )
    return tuple(volume for volume in found if volume.rows)


def _volumes_of(
    definition: KpiDefinition,
    period: ReviewPeriod,
    history: Mapping[str, Mapping[date, Figure]],
    daily: pd.DataFrame,
    begins: date | None,
    calendar: _Calendar,
) -> Volumes:
    before, year_before = period.moved(-1), period.year_before
    counted = _counted(daily[daily["slice_value"] == _TOTAL], period)
    twin, no_twin = _twin(counted, begins, calendar.festivals)
    sums = sums_within(daily, counted) if counted else {}
    twin_sums = sums_within(daily, twin) if twin else {}

    def stretch(span: Span | None) -> Stretch | None:
        return Stretch(span, working_days(calendar.working, span)) if span else None

    def compared(earlier: ReviewPeriod) -> Span | None:
        is_covered = begins is not None and begins <= earlier.start
        return Span(earlier.start, earlier.last_day) if is_covered else None

    return Volumes(
        definition=definition,
        counted=stretch(counted),
        before=stretch(compared(before)),
        year_before=stretch(compared(year_before)),
        twin=twin,
        festivals=_festivals(calendar, period.start.year) if twin else None,
        no_twin=no_twin,
        rows=tuple(
            VolumeRow(
                case_type=_member(code),
                now=figures.get(period.start),
                before=figures.get(before.start),
                year_before=figures.get(year_before.start),
                counted=sums.get(code, 0.0) if counted else None,
                twin=twin_sums.get(code, 0.0) if twin else None,
            )
            for code, figures in _ordered(history, period, before, year_before)
        ),
    )


def _counted(totals: pd.DataFrame, period: ReviewPeriod) -> Span | None:
    """Return the days of the period up to the last one that data reach; later ones are not low, they are unknown."""
    inside = totals["day"].between(pd.Timestamp(period.start), pd.Timestamp(period.last_day))
    reached = totals.loc[inside & totals["is_complete"], "day"].max()
    return None if pd.isna(reached) else Span(period.start, reached.date())


def _twin(
    counted: Span | None, begins: date | None, festivals: Mapping[int, date]
) -> tuple[Span | None, NoTwin | None]:
    if counted is None or begins is None or begins.year >= counted.first.year:
        return None, NoTwin.NO_DATA
    twin = festival_twin(counted, festivals)
    if twin is None:
        return None, NoTwin.UNKNOWN_FESTIVAL
    same_days = counted.moved((date(counted.first.year - 1, 1, 1) - date(counted.first.year, 1, 1)).days)
    if not any(is_near_festival(span, festivals) for span in (counted, same_days)):
        return None, NoTwin.FAR_FROM_FESTIVAL
    return (None, NoTwin.NO_DATA) if twin.first < begins else (twin, None)


def _festivals(calendar: _Calendar, year: int) -> tuple[date, date]:
    return calendar.festivals[year], calendar.festivals[year - 1]


def _ordered(
    history: Mapping[str, Mapping[date, Figure]], *periods: ReviewPeriod
) -> Sequence[tuple[str, Mapping[date, Figure]]]:
    """Return the members that count anything in one of the periods: the total, then the largest of the first period."""
    values = {
        code: [(figure.value or 0.0) if (figure := figures.get(period.start)) else 0.0 for period in periods]
        for code, figures in history.items()
    }
    codes = sorted(
        (code for code, found in values.items() if any(found)),
        key=lambda code: (code != _TOTAL, code == UNKNOWN_MEMBER, [-value for value in values[code]], code),
    )
    return [(code, history[code]) for code in codes]


def _member(code: str) -> Member:
    """Return a case type; its word is in the texts of whoever shows it."""
    return ALL_CASE_TYPES if code == _TOTAL else Member(code, Words(code, code))


def _calendar(reader: BuildReader) -> _Calendar:
    frame = reader.frame(
        "select local_date, is_company_working_day, spring_festival_day from core.dim_dates order by local_date"
    )
    days = pd.to_datetime(frame["local_date"])
    working = frame["is_company_working_day"].astype("boolean").set_axis(pd.DatetimeIndex(days))
    distance = pd.to_timedelta(frame["spring_festival_day"].astype("float64"), unit="D")
    festivals = (days - distance).dropna().drop_duplicates()
    return _Calendar(working, {day.year: day.date() for day in festivals})


def _figures(
    reader: BuildReader, scope: Scope, keys: Sequence[str], period: ReviewPeriod, filters: Filters
) -> dict[str, dict[str, dict[date, Figure]]]:
    """Return the figures of the three periods by KPI and case type, the total as `all`."""
    found: dict[str, dict[str, dict[date, Figure]]] = {key: {} for key in keys}
    for slice_name in _SLICES:
        by_key = reading.figures(reader, scope, keys, slice_name, period.year_before, period, filters)
        for key, members in by_key.items():
            found[key].update(members)
    return found


def _daily(
    reader: BuildReader, scope: Scope, keys: Sequence[str], period: ReviewPeriod, filters: Filters
) -> pd.DataFrame:
    """Return kpi_key, slice_value, day, value and is_complete of every local day up to the period's end."""
    asked = [KpiQuestion(tuple(keys), name, "day", None, period.last_day, filters) for name in _SLICES]
    frame = pd.concat([answer(reader, question, scope) for question in asked], ignore_index=True)
    return frame.assign(
        day=pd.to_datetime(frame["period_start"]),
        value=frame["value"].astype(float),
        is_complete=frame["is_complete"].fillna(value=False).astype(bool),
    )
