"""Where a count is larger than its row and its column would lead to expect: a cause in a region, a fault in a batch."""

from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import chi2, false_discovery_control, poisson

_LEVEL = 0.95
_FALSE_DISCOVERY_RATE = 0.05


def poisson_interval(
    counts: "np.ndarray[Any, Any]", level: float = _LEVEL
) -> "tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]":
    """Return the exact two-sided limits of Poisson means for observed counts (Garwood, Biometrika 28, 1936)."""
    tail = (1 - level) / 2
    low = np.where(counts > 0, chi2.ppf(tail, 2 * counts) / 2, 0.0)
    high = chi2.ppf(1 - tail, 2 * (counts + 1)) / 2
    return low, high


def concentration(frame: pd.DataFrame, row: str, column: str, count: str, minimum: int = 5) -> pd.DataFrame:
    """Return how far each pair of a row and a column is from what their totals lead to expect.

    `frame` has one count per pair (several are added up, missing ones are 0). The result has the columns `row`,
    `column`, count, expected (row total x column total / grand total), lift (count / expected), low, high (exact 95 %
    Poisson interval of the lift) and is_concentrated, for the pairs that occur, largest excess over expectation first.
    A pair is concentrated when its count is at least `minimum`, `low` is above 1 and its excess is significant at 5 %
    after Benjamini-Hochberg over the whole grid. Raises ValueError for negative counts.
    """
    grid = frame.pivot_table(index=row, columns=column, values=count, aggfunc="sum", fill_value=0, observed=True)
    counts = grid.to_numpy(dtype=float)
    if (counts < 0).any():
        raise ValueError(f"{count} has negative counts")
    if counts.sum() == 0:
        return _empty(row, column)
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()
    is_possible = expected > 0
    divisor = np.where(is_possible, expected, 1.0)
    low, high = poisson_interval(counts)
    chance = np.where(is_possible, poisson.sf(counts - 1, divisor), 1.0)
    adjusted = false_discovery_control(chance.ravel(), method="bh").reshape(chance.shape)
    is_concentrated = (counts >= minimum) & (low / divisor > 1) & (adjusted <= _FALSE_DISCOVERY_RATE)
    rows, columns = np.nonzero(counts)
    found = pd.DataFrame(
        {
            row: grid.index.to_numpy()[rows],
            column: grid.columns.to_numpy()[columns],
            "count": counts[rows, columns],
            "expected": expected[rows, columns],
            "lift": (counts / divisor)[rows, columns],
            "low": (low / divisor)[rows, columns],
            "high": (high / divisor)[rows, columns],
            "is_concentrated": is_concentrated[rows, columns],
        }
    )
    excess = found["count"] - found["expected"]
    order = excess.sort_values(ascending=False, kind="stable").index
    return found.loc[order].reset_index(drop=True)


def _empty(row: str, column: str) -> pd.DataFrame:
    numbers = dict.fromkeys(("count", "expected", "lift", "low", "high"), pd.Series(dtype=float))
    texts = {row: pd.Series(dtype=object), column: pd.Series(dtype=object)}
    return pd.DataFrame({**texts, **numbers, "is_concentrated": pd.Series(dtype=bool)})
