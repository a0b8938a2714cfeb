"""Concentration: lift over the expectation of the margins, exact interval, false discoveries held down."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2

from analytics.concentration import concentration, poisson_interval


def _frame(pairs: dict[tuple[str, str], float]) -> pd.DataFrame:
    return pd.DataFrame([{"region": r, "cause": c, "cases": n} for (r, c), n in pairs.items()])


def test_lift_is_count_over_what_the_totals_lead_to_expect() -> None:
    frame = _frame({("SH", "battery"): 40, ("SH", "motor"): 60, ("BJ", "battery"): 10, ("BJ", "motor"): 90})
    found = concentration(frame, "region", "cause", "cases").set_index(["region", "cause"])
    pair = found.loc[("SH", "battery")]
    assert pair["expected"] == pytest.approx(100 * 50 / 200)
    assert pair["lift"] == pytest.approx(40 / 25)
    assert pair["low"] == pytest.approx(chi2.ppf(0.025, 80) / 2 / 25)
    assert pair["high"] == pytest.approx(chi2.ppf(0.975, 82) / 2 / 25)
    assert pair["is_concentrated"]
    assert not found.loc[("BJ", "battery"), "is_concentrated"]


def test_the_interval_is_garwoods() -> None:
    # Garwood 1936 as printed in standard tables: 0 -> [0, 3.689], 10 -> [4.795, 18.390]
    low, high = poisson_interval(np.array([0.0, 10.0]))
    assert low == pytest.approx([0.0, 4.795], abs=1e-3)
    assert high == pytest.approx([3.689, 18.390], abs=1e-3)


def test_pairs_that_do_not_occur_count_in_the_expectation_but_are_not_listed() -> None:
    found = concentration(_frame({("SH", "battery"): 30, ("BJ", "motor"): 70}), "region", "cause", "cases")
    assert set(zip(found["region"], found["cause"], strict=True)) == {("SH", "battery"), ("BJ", "motor")}
    assert found.set_index("region").loc["SH", "expected"] == pytest.approx(30 * 30 / 100)


def test_few_cases_are_never_concentrated() -> None:
    frame = _frame({("SH", "rare"): 4, ("SH", "usual"): 10, ("BJ", "usual"): 2000})
    found = concentration(frame, "region", "cause", "cases").set_index(["region", "cause"])
    assert found.loc[("SH", "rare"), "low"] > 1
    assert not found.loc[("SH", "rare"), "is_concentrated"]
    assert concentration(frame, "region", "cause", "cases", minimum=4)["is_concentrated"].any()


def test_chance_alone_seldom_makes_a_concentration() -> None:
    random = np.random.default_rng(1)
    flagged = 0
    for _ in range(200):
        counts = random.poisson(6, size=(15, 12))
        pairs = {(f"r{r}", f"c{c}"): float(counts[r, c]) for r in range(15) for c in range(12)}
        flagged += int(concentration(_frame(pairs), "region", "cause", "cases")["is_concentrated"].any())
    assert flagged <= 0.05 * 200


def test_a_planted_concentration_is_found_and_comes_first() -> None:
    random = np.random.default_rng(2)
    pairs = {(f"r{r}", f"c{c}"): float(random.poisson(10)) for r in range(20) for c in range(10)}
    pairs["r3", "c4"] = 60.0
    found = concentration(_frame(pairs), "region", "cause", "cases")
    assert found.loc[0, ["region", "cause"]].tolist() == ["r3", "c4"]
    assert found.loc[found["is_concentrated"], ["region", "cause"]].to_numpy().tolist() == [["r3", "c4"]]


@pytest.mark.parametrize("pairs", [{}, {("SH", "battery"): 0.0}])
def test_nothing_counted_gives_an_empty_frame_of_the_same_shape(pairs: dict[tuple[str, str], float]) -> None:
    frame = pd.DataFrame(
        [{"region": r, "cause": c, "cases": n} for (r, c), n in pairs.items()], columns=["region", "cause", "cases"]
    )
    found = concentration(frame, "region", "cause", "cases")
    assert found.empty
    assert found.columns.tolist() == [
        "region", "cause", "count", "expected", "lift", "low", "high", "is_concentrated"
    ]  # fmt: skip


def test_negative_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        concentration(_frame({("SH", "battery"): -1.0}), "region", "cause", "cases")


@given(st.lists(st.lists(st.integers(0, 50), min_size=3, max_size=3), min_size=2, max_size=6))
def test_expectations_add_up_to_the_counts(table: list[list[int]]) -> None:
    pairs = {(f"r{r}", f"c{c}"): float(n) for r, line in enumerate(table) for c, n in enumerate(line)}
    found = concentration(_frame(pairs), "region", "cause", "cases")
    assert found["count"].sum() == sum(map(sum, table))
    assert found["expected"].sum() <= sum(map(sum, table)) + 1e-9
    assert (found["low"] <= found["lift"]).all()
    assert (found["lift"] <= found["high"]).all()
