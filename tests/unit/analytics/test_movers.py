"""Movers: contributions add up to the change, mix and rate are told apart, edge members stay exact."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.movers import COLUMNS, miss_parts, movers


def _frame(rows: dict[str, tuple[float, float]]) -> pd.DataFrame:
    return pd.DataFrame([{"member": m, "numerator": n, "denominator": d} for m, (n, d) in rows.items()])


def test_simpson_both_segments_improve_and_the_total_falls() -> None:
    """service_metrics.md section 6: 90 to 91 % and 50 to 52 %, total 82 to 63.7 %: rate +1.45 pp, mix -19.75 pp."""
    before = _frame({"easy": (0.90 * 800, 800), "hard": (0.50 * 200, 200)})
    now = _frame({"easy": (0.91 * 300, 300), "hard": (0.52 * 700, 700)})
    found = movers(before, now, is_ratio=True)
    assert found["rate_effect"].sum() == pytest.approx(0.0145)
    assert found["mix_effect"].sum() == pytest.approx(-0.1975)
    assert found["contribution"].sum() == pytest.approx(0.637 - 0.82)
    assert (found["rate_effect"] > 0).all()


def test_effects_are_those_of_the_formula() -> None:
    before = _frame({"a": (10.0, 50.0), "b": (30.0, 50.0)})
    now = _frame({"a": (30.0, 100.0), "b": (10.0, 20.0)})
    found = movers(before, now, is_ratio=True).set_index("member")
    total_before, total_now = 40 / 100, 40 / 120
    w0, w1, r0, r1 = 0.5, 100 / 120, 0.2, 0.3
    assert found.loc["a", "rate_effect"] == pytest.approx(0.5 * (w0 + w1) * (r1 - r0))
    middle = 0.5 * (total_before + total_now)
    assert found.loc["a", "mix_effect"] == pytest.approx((w1 - w0) * (0.5 * (r0 + r1) - middle))
    assert found.loc["a", "weight_now"] == pytest.approx(w1)


def test_members_that_enter_or_leave_go_to_mix() -> None:
    before = _frame({"stays": (50.0, 100.0), "leaves": (10.0, 100.0)})
    now = _frame({"stays": (50.0, 100.0), "enters": (90.0, 100.0)})
    found = movers(before, now, is_ratio=True).set_index("member")
    assert found.loc[["leaves", "enters"], "rate_effect"].tolist() == [0.0, 0.0]
    assert np.isnan(found.loc["enters", "value_before"])
    assert np.isnan(found.loc["leaves", "value_now"])
    assert found["contribution"].sum() == pytest.approx(0.7 - 0.3)


def test_a_numerator_without_a_denominator_still_counts() -> None:
    """A team with cost and no resolved case of its own (ruling G1)."""
    before = _frame({"resolves": (0.0, 100.0), "only_costs": (5000.0, 0.0)})
    now = _frame({"resolves": (0.0, 100.0), "only_costs": (8000.0, 0.0)})
    found = movers(before, now, is_ratio=True).set_index("member")
    assert found.loc["only_costs", "contribution"] == pytest.approx(30.0)
    assert found["contribution"].sum() == pytest.approx(30.0)


def test_sums_change_by_the_difference_of_their_members() -> None:
    before = pd.DataFrame({"member": ["a", "b"], "numerator": [5.0, 7.0]})
    now = pd.DataFrame({"member": ["b", "c"], "numerator": [9.0, 4.0]})
    found = movers(before, now, is_ratio=False)
    assert dict(zip(found["member"], found["contribution"], strict=True)) == {"a": -5.0, "c": 4.0, "b": 2.0}
    assert found["member"].tolist() == ["a", "c", "b"]
    assert found.columns.tolist() == list(COLUMNS)


def test_parts_of_a_miss_add_up_to_it() -> None:
    now = _frame({"a": (80.0, 100.0), "b": (99.0, 100.0)})
    parts = miss_parts(now, 0.95)
    assert parts["a"] == pytest.approx(-0.075)
    assert parts["b"] == pytest.approx(0.02)
    assert parts.sum() == pytest.approx(179 / 200 - 0.95)


@pytest.mark.parametrize(
    ("before", "now", "message"),
    [
        ({"a": (1.0, 0.0)}, {"a": (1.0, 2.0)}, "before has no denominator"),
        ({"a": (1.0, 2.0)}, {"a": (1.0, -2.0), "b": (1.0, 5.0)}, "now has no denominator"),
    ],
)
def test_impossible_denominators_are_refused(before, now, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        movers(_frame(before), _frame(now), is_ratio=True)


def test_a_member_that_stands_twice_is_refused() -> None:
    twice = pd.concat([_frame({"a": (1.0, 2.0)})] * 2)
    with pytest.raises(ValueError, match="twice"):
        movers(twice, _frame({"a": (1.0, 2.0)}), is_ratio=True)


_SIDE = st.tuples(st.floats(-1e4, 1e4), st.one_of(st.just(0.0), st.floats(1e-2, 1e4)))
_PERIOD = st.dictionaries(st.sampled_from("abcdefgh"), _SIDE, min_size=1).filter(
    lambda rows: sum(denominator for _, denominator in rows.values()) > 0
)


@given(_PERIOD, _PERIOD)
def test_contributions_add_up_to_the_change(before, now) -> None:
    found = movers(_frame(before), _frame(now), is_ratio=True)
    totals = [sum(n for n, _ in rows.values()) / sum(d for _, d in rows.values()) for rows in (before, now)]
    scale = max(1.0, *map(abs, totals))
    assert abs(found["contribution"].sum() - (totals[1] - totals[0])) <= 1e-9 * scale
    assert abs((found["rate_effect"] + found["mix_effect"] - found["contribution"]).sum()) <= 1e-9 * scale


@given(_PERIOD, st.floats(-100, 100))
def test_miss_parts_add_up_to_the_distance_from_the_target(now, target: float) -> None:
    total = sum(n for n, _ in now.values()) / sum(d for _, d in now.values())
    assert abs(miss_parts(_frame(now), target).sum() - (total - target)) <= 1e-9 * max(1.0, abs(total))
