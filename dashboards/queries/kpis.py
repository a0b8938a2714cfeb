"""KPI values. All of them come from `warehouse.kpis.answer`, which takes the mart or, with filters, the facts."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import pandas as pd

from dashboards.judgement import KpiPoint
from dashboards.periods import PeriodKind
from dashboards.queries.cached import cached_query
from warehouse.kpi_question import Filters, KpiQuestion
from warehouse.kpis import answer
from warehouse.reading import BuildReader
from warehouse.scope import Scope


@cached_query
def kpi_frame(
    reader: BuildReader,
    scope: Scope,
    kpis: tuple[str, ...],
    slice_name: str,
    kind: PeriodKind,
    first: date,
    last: date,
    filters: Filters,
) -> pd.DataFrame:
    """Return rows of the mart's columns, one per KPI, period and slice member.

    `first` and `last` are period starts, both included.
    """
    question = KpiQuestion(
        kpis=kpis,
        slice_name=slice_name,
        period_kind=str(kind),
        period_from=first,
        period_to=last,
        filters=filters,
    )
    return answer(reader, question, scope)


def points_by_kpi(frame: pd.DataFrame) -> dict[str, dict[date, KpiPoint]]:
    """Return the points of a frame without members by KPI and period start."""
    points: dict[str, dict[date, KpiPoint]] = {}
    for key, point in _points(frame):
        points.setdefault(key, {})[point.period_start] = point
    return points


def points_by_member(frame: pd.DataFrame) -> dict[str, dict[date, KpiPoint]]:
    """Return the points of a frame of one KPI by slice member and period start."""
    points: dict[str, dict[date, KpiPoint]] = {}
    for _, point in _points(frame):
        points.setdefault(point.slice_value, {})[point.period_start] = point
    return points


def points_by_kpi_and_member(frame: pd.DataFrame) -> dict[str, dict[str, KpiPoint]]:
    """Return the points of a frame of one period by slice member and KPI."""
    points: dict[str, dict[str, KpiPoint]] = {}
    for key, point in _points(frame):
        points.setdefault(point.slice_value, {})[key] = point
    return points


def sides_of(frame: pd.DataFrame) -> dict[str, float | None]:
    """Return numerator and denominator of a frame of one row; None for a side that the KPI does not have."""
    row = frame.iloc[0]
    return {"numerator": _number(row["numerator"]), "denominator": _number(row["denominator"])}


def _points(frame: pd.DataFrame) -> Iterable[tuple[str, KpiPoint]]:
    for row in frame.to_dict("records"):
        yield (
            str(row["kpi_key"]),
            KpiPoint(
                period_start=_day(row["period_start"]),
                slice_value=str(row["slice_value"]),
                value=_number(row["value"]),
                n=int(_number(row["n"]) or 0),
                low=_number(row["low"]),
                high=_number(row["high"]),
                target=_number(row["target"]),
                matured_share=_number(row["matured_share"]),
                is_complete=bool(row["is_complete"]) if not pd.isna(row["is_complete"]) else False,
                null_reason=None if pd.isna(row["null_reason"]) else str(row["null_reason"]),
            ),
        )


def _number(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)


def _day(value: Any) -> date:
    return pd.Timestamp(value).date()
