"""Slices and the members that each contribution belongs to, named as in the mart (rulings A11, B10)."""

from collections.abc import Iterable, Mapping

import pandas as pd

from tests.reading.contributions import Contribution
from tests.reading.tables import Row, Seeds, Tables

SLICES = (
    "total",
    "macro_region",
    "region",
    "team",
    "root_cause_category",
    "root_cause",
    "case_type",
    "channel",
    "product_category",
    "product",
    "employment",
    "priority",
    "segment",
    "stage",
    "region__root_cause",
    "region__team",
    "region__case_type",
    "region__stage",
    "team__root_cause",
    "product_category__root_cause",
)
STAGE_SLICES = ("stage", "region__stage")
#: Slices in which both sides of a KPI of people have members.
PEOPLE_SLICES = ("total", "macro_region", "region", "team", "employment", "region__team")
PEOPLE_KPIS = ("tickets_per_head", "training_hours_per_head", "training_coverage", "staff_stability_rate")
#: Slices of what has a place and nothing else.
PLACE_SLICES = ("total", "macro_region", "region")
PLACE_KPIS = ("service_revenue", "maintenance_plan_revenue_share", "parts_turnover")
STAGE_KPIS = ("stage_hours", "stage_share")
_COLUMNS = {
    "region": "region_id",
    "team": "team_id",
    "root_cause": "root_cause_id",
    "product": "product_id",
    "case_type": "case_type",
    "channel": "channel",
    "priority": "priority",
    "employment": "employment",
}


def contribution_frame(contributions: Iterable[Contribution], seeds: Seeds, tables: Tables) -> pd.DataFrame:
    """Return the contributions with the members of every single slice."""
    frame = pd.DataFrame([contribution.as_row() for contribution in contributions])
    for side in ("numerator", "denominator", "value"):
        frame[side] = frame[side].astype(float)
    frame["day"] = pd.to_datetime(frame["day"])
    for slice_name, column in _COLUMNS.items():
        frame[slice_name] = frame[column].fillna("unknown")
    for slice_name, code, parents in (
        ("macro_region", frame["region"], _parents(seeds.regions, "region_id", "macro_region_en")),
        ("root_cause_category", frame["root_cause"], _parents(seeds.root_causes, "root_cause_id", "category")),
        ("product_category", frame["product"], _parents(tables.current("erp.products"), "product_id", "category")),
        (
            "segment",
            frame["customer_id"].fillna("unknown"),
            _parents(tables.current("crm.customers"), "customer_id", "segment"),
        ),
    ):
        frame[slice_name] = [_parent(member, parents) for member in code]
    frame["total"] = "all"
    return frame


def _parents(rows: Iterable[Row], key: str, parent: str) -> dict[str, str | None]:
    return {row[key]: row.get(parent) for row in rows}


def _parent(code: str, parents: Mapping[str, str | None]) -> str:
    return "unknown" if code == "unknown" else parents.get(code, "unregistered") or "unknown"


def members_of(frame: pd.DataFrame, slice_name: str) -> pd.Series:
    """Return the member of each row in a slice; those of a pair are joined by a bar."""
    first, *rest = slice_name.split("__")
    members = frame[first]
    for name in rest:
        members = members + "|" + frame[name]
    return members


def rows_in(frame: pd.DataFrame, slice_name: str) -> pd.DataFrame:
    """Return the contributions that a slice is made of: those by stage for its slices, the others elsewhere."""
    if slice_name in STAGE_SLICES:
        return frame[frame["stage"].notna()]
    return frame[frame["stage"].isna() & ~frame["kpi_key"].isin(_left_out(slice_name))]


def _left_out(slice_name: str) -> set[str]:
    """Return the KPIs that a slice, other than those by stage, has no figures of."""
    left_out = {"stage_share"}
    if slice_name not in PEOPLE_SLICES:
        left_out |= set(PEOPLE_KPIS)
    if slice_name not in PLACE_SLICES:
        left_out |= set(PLACE_KPIS)
    return left_out


def kpis_in(slice_name: str, kpis: Iterable[str]) -> list[str]:
    """Return those of the KPIs that a slice has figures of."""
    if slice_name in STAGE_SLICES:
        return [key for key in kpis if key in STAGE_KPIS]
    left_out = _left_out(slice_name)
    return [key for key in kpis if key not in left_out]
