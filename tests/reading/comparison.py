"""Where the product's figures differ from the independent reading, one line for each difference."""

import math
from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from tests.reading.figures import COUNTS, RATIOS

TOLERANCE = 1e-9
_KEYS = ["kpi_key", "period_start", "slice_value"]
_SIDES = ("numerator", "denominator", "n", "value")
#: KPIs of heads, and the KPI whose numerator tells that a period is one of the data's.
_VOLUME_OF = {
    "tickets_per_head": "tickets_per_head",
    "training_hours_per_head": "training_hours_per_head",
    "training_coverage": "training_coverage",
    "staff_stability_rate": "tickets_per_head",
}


def differences(expected: pd.DataFrame, answered: pd.DataFrame) -> list[str]:
    """Return the differences in both sides, n and value; a figure of which nothing is known may be absent."""
    expected, answered = _with_volume(expected, expected), _with_volume(answered, expected)
    both = _keyed(expected).merge(_keyed(answered), how="outer", on=_KEYS, suffixes=("_read", "_answered"))
    found = []
    for row in both.to_dict("records"):
        for side in _SIDES:
            read, answer = _number(row[f"{side}_read"]), _number(row[f"{side}_answered"])
            if side == "n" and _has_no_cases(row):
                continue
            is_absent_zero = side != "value" or _is_count(row["kpi_key"])
            if not _agree(read, answer, is_absent_zero=is_absent_zero, weight=_weight(row) if side == "value" else 1.0):
                where = f"{row['kpi_key']} {row['period_start']:%Y-%m-%d} {row['slice_value']}"
                found.append(f"{where}: {side} is read as {read} and answered as {answer}")
    return found


def _has_no_cases(row: Mapping[Hashable, Any]) -> bool:
    """True for a mean or rate without a denominator on either side: who is counted beside it says nothing."""
    sides = (_number(row["denominator_read"]), _number(row["denominator_answered"]))
    return not _is_count(row["kpi_key"]) and row["kpi_key"] in RATIOS and not any(sides)


def _keyed(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[[*_KEYS, *_SIDES]].assign(period_start=pd.to_datetime(frame["period_start"]).astype("datetime64[s]"))


def _with_volume(figures: pd.DataFrame, expected: pd.DataFrame) -> pd.DataFrame:
    """Leave heads out of periods in which nobody solved or learned anything: how far back they reach is not written."""
    starts = pd.to_datetime(figures["period_start"])
    is_kept = pd.Series(True, index=figures.index)
    for kpi_key, telling in _VOLUME_OF.items():
        done = expected[expected["kpi_key"] == telling].groupby("period_start")["numerator"].sum()
        is_kept &= (figures["kpi_key"] != kpi_key) | starts.isin(pd.to_datetime(done[done > 0].index))
    return figures[is_kept]


def _is_count(kpi_key: str) -> bool:
    return kpi_key in COUNTS


def _number(value: Any) -> float | None:
    return None if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)) else float(value)


def _weight(row: Mapping[Hashable, Any]) -> float:
    """How much of a case stands below the division: sides that are exact to 1e-9 say no more about a small share."""
    share = _number(row["denominator_read"])
    return min(share, 1.0) if share else 1.0


def _agree(read: float | None, answered: float | None, *, is_absent_zero: bool, weight: float) -> bool:
    if is_absent_zero:
        read, answered = read or 0.0, answered or 0.0
    if read is None or answered is None:
        return read is answered
    return math.isclose(read, answered, rel_tol=TOLERANCE / weight, abs_tol=TOLERANCE / weight)
