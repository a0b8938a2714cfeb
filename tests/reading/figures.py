"""Figures: contributions summed per slice member and period; division comes last, percentiles interpolate (A8, A11)."""

import pandas as pd

from tests.reading.costs import COST_LINES
from tests.reading.members import members_of, rows_in
from tests.reading.periods import FREQUENCIES, KINDS_OF, kinds_of
from tests.reading.staff import TRAINING_LINES
from tests.reading.waits import REMOVED

#: KPIs without a denominator.
COUNTS = (
    "tickets_created", "tickets_resolved", "open_backlog", "overdue_backlog", "service_revenue",
    "knowledge_contributions",
)  # fmt: skip
#: KPIs with `_median` and `_p90` beside them.
DISTRIBUTIONS = (
    "first_response_minutes",
    *(f"resolution_hours_{variant}_{clock}" for variant in REMOVED for clock in ("calendar", "working")),
    "onsite_response_hours",
)
#: KPIs with a denominator, percentiles apart.
RATIOS = (
    *DISTRIBUTIONS, "first_response_on_time_rate", "response_within_30_min_rate", "onsite_on_time_rate",
    "complaint_first_response_on_time_rate", "resolution_on_time_rate", "resolution_rate",
    "first_contact_resolution_rate_gross", "first_time_fix_rate", "repeat_rate_7d", "repeat_rate_30d", "reopen_rate",
    "remote_resolution_rate", "self_service_share", "escalation_rate", "transfer_rate",
    "stage_hours", "stage_share", "parts_wait_hours", "parts_wait_share", "parts_fill_rate", "parts_lead_time_days",
    "record_completeness_rate", "signature_missing_rate", "script_adherence_rate", "collaboration_response_hours",
    "csat_score", "csat_top2_rate", "attitude_score", "efficiency_score", "nps", "survey_response_rate",
    "complaint_rate", "complaint_closure_rate", "callback_rate_72h",
    "cost_per_ticket", "repair_cost_rate", "tickets_per_head", "certification_pass_rate",
    "first_contact_resolution_rate_net", "backlog_age_days", "handoff_idle_hours", "parts_delay_rate",
    "parts_turnover", "process_deviation_rate", "collaboration_on_time_rate", "praise_rate", "hidden_complaint_rate",
    "complaint_callback_rate_72h", "callback_attempted_rate_72h", "complaint_closed_loop_rate",
    "maintenance_plan_revenue_share", "training_hours_per_head", "training_coverage", "staff_stability_rate",
    "peer_review_score", "innovation_score", "qa_attitude_score",
)  # fmt: skip
#: Every KPI that this reading knows.
READ_KPIS = (*COUNTS, *RATIOS, *(f"{key}_{suffix}" for key in DISTRIBUTIONS for suffix in ("median", "p90")))
#: Points of a promoter (ruling A12); every other value is the bare division.
_SCALES = {"nps": 100.0}
#: Not KPIs: lines, and those of them that are known, by the KPI that they are lines of.
LINES_OF = {COST_LINES: "cost_per_ticket", TRAINING_LINES: "training_hours_per_head"}
_COLUMNS = ["kpi_key", "period_start", "slice_value", "numerator", "denominator", "n", "value"]


def figures(frame: pd.DataFrame, slice_name: str, period_kind: str) -> pd.DataFrame:
    """Return one row per KPI, period and slice member: numerator, denominator, n, value (None where 0 ÷ 0)."""
    rows = _rows_of(rows_in(frame, slice_name), period_kind)
    periods = rows["day"].dt.to_period(FREQUENCIES[period_kind])
    is_last = rows["day"] == periods.dt.end_time.dt.normalize()
    keyed = rows.assign(slice_value=members_of(rows, slice_name), period_start=periods.dt.start_time)
    # a stock is what there is at the end of the period, or now (ruling A9)
    keyed = keyed[~rows["at_end"] | is_last | rows["is_running"]]
    grouped = keyed.groupby(_COLUMNS[:3])
    sums = grouped[["numerator", "denominator", "counted"]].sum(min_count=1).rename(columns={"counted": "n"})
    found = _without_unknown(sums.reset_index())
    is_count = found["kpi_key"].isin(COUNTS)
    found["denominator"] = found["denominator"].mask(is_count)
    divided = found["numerator"] / found["denominator"].where(found["denominator"] > 0)
    found["value"] = found["numerator"].where(is_count, divided) * found["kpi_key"].map(_SCALES).astype(float).fillna(
        1.0
    )
    return pd.concat([found[_COLUMNS], *_percentiles(keyed)], ignore_index=True)


def _rows_of(frame: pd.DataFrame, period_kind: str) -> pd.DataFrame:
    """Return the contributions that periods of a kind are made of."""
    absent = [key for key in KINDS_OF if period_kind not in kinds_of(key)]
    is_in = frame["period_kind"].isna() | (frame["period_kind"] == period_kind)
    return frame[is_in & ~frame["kpi_key"].isin(absent)]


def _without_unknown(found: pd.DataFrame) -> pd.DataFrame:
    """A member whose lines are all unknown has no cost per ticket or training hours, not 0 (ruling B13)."""
    keys = _COLUMNS[1:3]
    members = pd.MultiIndex.from_frame(found[keys])
    is_unknown = pd.Series(data=False, index=found.index)
    for marker, kpi_key in LINES_OF.items():
        lines = found[found["kpi_key"] == marker]
        unknown = pd.MultiIndex.from_frame(lines.loc[lines["numerator"] == 0, keys])
        is_unknown |= (found["kpi_key"] == marker) | ((found["kpi_key"] == kpi_key) & members.isin(unknown))
    return found[~is_unknown].reset_index(drop=True)


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
