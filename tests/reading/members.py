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
    is_in = frame["stage"].isna()
    return frame[is_in if slice_name in PEOPLE_SLICES else is_in & (frame["kpi_key"] != "tickets_per_head")]


def kpis_in(slice_name: str, kpis: Iterable[str]) -> list[str]:
    """Return those of the KPIs that a slice has figures of."""
    if slice_name in STAGE_SLICES:
        return [key for key in kpis if key in ("stage_hours", "stage_share")]
    left_out = {"stage_share"} if slice_name in PEOPLE_SLICES else {"stage_share", "tickets_per_head"}
    return [key for key in kpis if key not in left_out]
