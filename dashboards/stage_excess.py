"""Hours that a region loses in a stage against the best quartile of regions. Pure, frame in, frame out."""

import math

import pandas as pd

#: Share of regions that are at least as good as the benchmark.
_QUARTILE = 0.25


def stage_excess(frame: pd.DataFrame, minimum_n: int) -> pd.DataFrame:
    """Return excess and recoverable hours per region and stage, most recoverable hours first.

    `frame` has region, stage, hours (mean per resolved case), cases (resolved) and is_place (false for members that
    are no region, such as `unknown`). The benchmark of a stage is the mean of the region at the best quartile (nearest
    rank: with 8 regions the second best) among places with at least `minimum_n` cases; a stage with fewer than two such
    regions has none. New columns: benchmark, benchmark_region, excess (hours over the benchmark, never below 0) and
    recoverable (excess x cases); both are missing where there is no benchmark.
    """
    known = frame.dropna(subset=["hours"])
    parts = [_of_stage(rows, minimum_n) for _, rows in known.groupby("stage", sort=False)]
    if not parts:
        return known.assign(benchmark=0.0, benchmark_region="", excess=0.0, recoverable=0.0)
    found = pd.concat(parts)
    return found.sort_values(["recoverable", "hours"], ascending=False, na_position="last", kind="stable").reset_index(
        drop=True
    )


def _of_stage(rows: pd.DataFrame, minimum_n: int) -> pd.DataFrame:
    eligible = rows[rows["is_place"] & (rows["cases"] >= minimum_n)].sort_values(["hours", "region"])
    if len(eligible) < 2:
        return rows.assign(benchmark=math.nan, benchmark_region=None, excess=math.nan, recoverable=math.nan)
    best = eligible.iloc[math.ceil(_QUARTILE * len(eligible)) - 1]
    excess = (rows["hours"] - best["hours"]).clip(lower=0.0)
    return rows.assign(
        benchmark=best["hours"],
        benchmark_region=best["region"],
        excess=excess,
        recoverable=excess * rows["cases"],
    )
