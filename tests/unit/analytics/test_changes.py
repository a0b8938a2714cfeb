"""Changes beyond chance: judged from intervals, over many comparisons at once."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from analytics.changes import beyond_chance


def _rates(before: "np.ndarray", now: "np.ndarray", n: int) -> pd.DataFrame:
    columns = {}
    for name, counts in (("before", before), ("now", now)):
        low, high = proportion_confint(counts, n, method="wilson")
        columns |= {f"value_{name}": counts / n, f"low_{name}": low, f"high_{name}": high}
    return pd.DataFrame(columns)


def test_z_is_the_change_in_standard_errors() -> None:
    frame = pd.DataFrame(
        {"value_before": [10.0], "low_before": [8.04], "high_before": [11.96],
         "value_now": [13.0], "low_now": [11.04], "high_now": [14.96]}
    )  # fmt: skip
    found = beyond_chance(frame)
    assert found.loc[0, "z"] == pytest.approx(3 / np.sqrt(2), rel=1e-4)
    assert found.loc[0, "is_clear"]


def test_equal_rates_are_seldom_clear_and_a_real_change_is() -> None:
    random = np.random.default_rng(3)
    false_alarms = 0
    for _ in range(100):
        before, now = random.binomial(200, 0.9, size=(2, 60))
        false_alarms += int(beyond_chance(_rates(before, now, 200))["is_clear"].any())
    assert false_alarms <= 10
    before, now = random.binomial(200, 0.9, size=(2, 60))
    before[7], now[7] = 185, 130
    assert beyond_chance(_rates(before, now, 200))["is_clear"].tolist() == [row == 7 for row in range(60)]


def test_values_without_an_interval_are_never_clear() -> None:
    frame = pd.DataFrame(
        {"value_before": [1.0, 1.0], "low_before": [np.nan, 1.0], "high_before": [np.nan, 1.0],
         "value_now": [9.0, 9.0], "low_now": [8.0, 9.0], "high_now": [10.0, 9.0]}
    )  # fmt: skip
    found = beyond_chance(frame)
    assert found["z"].isna().all()
    assert not found["is_clear"].any()
    assert beyond_chance(frame.head(0)).columns.tolist() == [*frame.columns, "z", "is_clear"]
