"""Figures: contributions summed per slice member and period; division comes last, percentiles interpolate (A8, A11)."""

from collections.abc import Iterable
from dataclasses import asdict

import pandas as pd

from tests.reading.contributions import Contribution
from tests.reading.tables import Seeds

COUNTS = ("tickets_created", "tickets_resolved")
DISTRIBUTIONS = ("first_response_minutes", "resolution_hours_customer_calendar")
SLICES = (
    "total",
    "macro_region",
    "region",
    "team",
    "root_cause_category",
    "root_cause",
    "case_type",
    "region__root_cause",
    "region__team",
)
_COLUMNS = ["kpi_key", "period_start", "slice_value", "numerator", "denominator", "n", "value"]
_FREQUENCY = {"day": "D", "week": "W-SUN", "month": "M", "quarter": "Q", "year": "Y"}


def contribution_frame(contributions: Iterable[Contribution], seeds: Seeds) -> pd.DataFrame:
    """Return the contributions with the members of every slice, named as in the mart."""
    frame = pd.DataFrame([asdict(contribution) for contribution in contributions])
    for side in ("numerator", "denominator", "value"):
        frame[side] = frame[side].astype(float)
    macro = {row["region_id"]: row["macro_region_en"] for row in seeds.regions}
    category = {row["root_cause_id"]: row["category"] for row in seeds.root_causes}
    frame["region"] = frame["region_id"].fillna("unknown")
    frame["team"] = frame["team_id"].fillna("unknown")
    frame["root_cause"] = frame["root_cause_id"].fillna("unknown")
    frame["case_type"] = frame["case_type"].fillna("unknown")
    frame["macro_region"] = [_parent(code, macro) for code in frame["region"]]
    frame["root_cause_category"] = [_parent(code, category) for code in frame["root_cause"]]
    frame["total"] = "all"
    return frame


def _parent(code: str, parents: dict[str, str | None]) -> str:
    return "unknown" if code == "unknown" else parents.get(code, "unregistered") or "unknown"


def figures(frame: pd.DataFrame, slice_name: str, period_kind: str) -> pd.DataFrame:
    """Return one row per KPI, period and slice member: numerator, denominator, n, value (None where 0 ÷ 0)."""
    members = frame[slice_name.split("__")].agg("|".join, axis=1) if "__" in slice_name else frame[slice_name]
    days = pd.to_datetime(frame["day"])
    starts = days.dt.to_period(_FREQUENCY[period_kind]).dt.start_time
    keyed = frame.assign(slice_value=members, period_start=starts)
    grouped = keyed.groupby(_COLUMNS[:3])
    sums = grouped[["numerator", "denominator", "counted"]].sum(min_count=1).rename(columns={"counted": "n"})
    found = sums.reset_index()
    is_count = found["kpi_key"].isin(COUNTS)
    found["denominator"] = found["denominator"].mask(is_count)
    divided = found["numerator"] / found["denominator"].where(found["denominator"] > 0)
    found["value"] = found["numerator"].where(is_count, divided)
    return pd.concat([found[_COLUMNS], *_percentiles(keyed)], ignore_index=True)


def _percentiles(keyed: pd.DataFrame) -> list[pd.DataFrame]:
    known = keyed[keyed["kpi_key"].isin(DISTRIBUTIONS)].dropna(subset=["value"])
    values = known.groupby(_COLUMNS[:3])["value"]
    tables = []
    for suffix, share in (("median", 0.5), ("p90", 0.9)):
        table = pd.DataFrame(
            {"value": values.quantile(share, interpolation="linear"), "n": values.size()}
        ).reset_index()
        table["kpi_key"] = table["kpi_key"] + f"_{suffix}"
        tables.append(table.reindex(columns=_COLUMNS))
    return tables
