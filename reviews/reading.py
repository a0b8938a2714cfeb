"""What a review reads of a build: catalogue, figures, members. Figures come from `warehouse.kpis.answer` only."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from reviews.figure import UNKNOWN_MEMBER, Figure, KpiDefinition, Member, Words
from reviews.period import ReviewPeriod
from warehouse.kpi_question import Filters, KpiQuestion
from warehouse.kpis import answer
from warehouse.reading import BuildReader
from warehouse.scope import Scope

#: Figures by period start, of one KPI and member.
History = Mapping[date, Figure]

_UNKNOWN = Words("Unknown", "未知")

#: The members of slices that reviews name; $regions are those a limited scope sees.
_MEMBERS = {
    "region": """
        select region_id as code, name_en, name_zh, is_registered from core.dim_regions
        where $regions is null or list_contains($regions, region_id)
    """,
    "team": """
        select team_id as code, name_en, name_zh, is_registered from core.dim_teams
        where $regions is null or list_contains($regions, region_id)
    """,
    "root_cause": """
        select root_cause_id as code, name_en, name_zh, is_registered from core.dim_root_causes
        where $regions is null or true
    """,
}


def definitions(reader: BuildReader) -> dict[str, KpiDefinition]:
    """Return the catalogue of the build by key, in its own order."""
    rows = reader.rows("select * from kpi.dim_kpis order by position, kpi_key")
    return {
        row["kpi_key"]: KpiDefinition(
            key=row["kpi_key"],
            family=row["family"],
            label=_words(row, "label"),
            definition=_words(row, "definition"),
            caveat=_words(row, "caveat"),
            unit=row["unit"],
            direction=row["direction"],
            statistic=row["statistic"],
            minimum_n=int(row["minimum_n"] or 0),
            periods=tuple((row["periods"] or "").split()),
        )
        for row in rows
    }


def figures(
    reader: BuildReader,
    scope: Scope,
    keys: Sequence[str],
    slice_name: str,
    first: ReviewPeriod,
    last: ReviewPeriod,
    filters: Filters = (),
) -> dict[str, dict[str, dict[date, Figure]]]:
    """Return the figures of KPIs by key, slice member and period start, both periods included."""
    if not keys:
        return {}
    question = KpiQuestion(tuple(keys), slice_name, str(first.kind), first.start, last.start, filters)
    found: dict[str, dict[str, dict[date, Figure]]] = {key: {} for key in keys}
    for row in answer(reader, question, scope).to_dict("records"):
        figure = _figure(row)
        found[figure.kpi_key].setdefault(figure.slice_value, {})[figure.period_start] = figure
    return found


def first_days(reader: BuildReader, scope: Scope, keys: Sequence[str]) -> dict[str, date]:
    """Return the local day on which the sums begin, by KPI; a period that begins earlier is no fair comparison."""
    if not keys:
        return {}
    frame = answer(reader, KpiQuestion(tuple(keys), "total", "day"), scope)
    counted = frame[frame["value"].fillna(0) != 0]
    return {str(key): _day(day) for key, day in counted.groupby("kpi_key")["period_start"].min().items()}


def members(reader: BuildReader, scope: Scope, slice_name: str) -> dict[str, Member]:
    """Return the members of a slice that the scope may see, by code."""
    rows = reader.rows(_MEMBERS[slice_name], {"regions": scope_regions(scope)})
    return {
        row["code"]: Member(
            row["code"],
            _UNKNOWN if row["code"] == UNKNOWN_MEMBER else Words(row["name_en"] or "", row["name_zh"] or ""),
            bool(row["is_registered"]),
        )
        for row in rows
    }


def member_of(known: Mapping[str, Member], code: str) -> Member:
    """Return a member by code; one that no list knows stands for itself."""
    if code == UNKNOWN_MEMBER:
        return Member(code, _UNKNOWN)
    found = known.get(code)
    if found is None or not (found.name.en or found.name.zh):
        return Member(code, Words(code, code), is_registered=False)
    return found


def scope_regions(scope: Scope) -> list[str] | None:
    """Return the regions of a limited scope as a query parameter, None for all."""
    return None if scope.regions is None else sorted(scope.regions)


def has_table(reader: BuildReader, schema: str, name: str) -> bool:
    """Whether the build has a table; older builds lack young ones."""
    sql = "select 1 from information_schema.tables where table_schema = ? and table_name = ?"
    return bool(reader.rows(sql, [schema, name]))


def _figure(row: Mapping[Any, Any]) -> Figure:
    return Figure(
        kpi_key=str(row["kpi_key"]),
        period_start=_day(row["period_start"]),
        slice_value=str(row["slice_value"]),
        numerator=_number(row["numerator"]),
        denominator=_number(row["denominator"]),
        value=_number(row["value"]),
        n=int(_number(row["n"]) or 0),
        low=_number(row["low"]),
        high=_number(row["high"]),
        target=_number(row["target"]),
        matured_share=_number(row["matured_share"]),
        is_complete=not pd.isna(row["is_complete"]) and bool(row["is_complete"]),
        null_reason=None if pd.isna(row["null_reason"]) else str(row["null_reason"]),
    )


def _number(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)


def _day(value: Any) -> date:
    return pd.Timestamp(value).date()


def _words(row: Mapping[str, Any], name: str) -> Words:
    return Words(row[f"{name}_en"] or "", row[f"{name}_zh"] or "")
