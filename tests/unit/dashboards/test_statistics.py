"""The figures that pages compute themselves, by hand."""

import math
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from dashboards.difference import PairVerdict, difference, judge_pair
from dashboards.drill import Drill, parse
from dashboards.judgement import KpiDefinition, KpiPoint
from dashboards.panels.cause_pareto import rank_causes
from dashboards.panels.ticket_drill import without_people, worst_first
from dashboards.slices import Within, pair_of, split_pairs
from dashboards.stage_excess import stage_excess

RATE = KpiDefinition("on_time", "response", "On time", "", "", "", "fraction", "higher", 10, True, "rate")
NOW, BEFORE = date(2025, 10, 1), date(2025, 9, 1)


def _point(value: float | None, low: float | None = None, high: float | None = None, n: int = 100) -> KpiPoint:
    return KpiPoint(NOW, "all", value, n, low, high, None, 1.0, True, None if value is not None else "no_cases")


def _stage(region: str, hours: float, cases: float = 100, *, is_place: bool = True) -> dict[str, object]:
    return {"region": region, "stage": "parts", "hours": hours, "cases": cases, "is_place": is_place}


def test_excess_is_counted_against_the_region_at_the_best_quartile() -> None:
    regions = [_stage(f"R{hours}", float(hours)) for hours in (10, 12, 14, 16, 18, 20, 22, 24)]
    found = stage_excess(pd.DataFrame(regions), minimum_n=5).set_index("region")
    assert set(found["benchmark"]) == {12.0}
    assert set(found["benchmark_region"]) == {"R12"}
    assert found.loc["R24", "excess"] == 12.0
    assert found.loc["R24", "recoverable"] == 1200.0
    assert found.loc["R10", "recoverable"] == 0.0
    assert found.index[0] == "R24"


def test_regions_with_too_few_cases_and_unknown_places_set_no_benchmark_but_lose_hours() -> None:
    frame = pd.DataFrame(
        [_stage("R-SH", 10.0), _stage("R-BJ", 30.0), _stage("R-XZ", 1.0, cases=4), _stage("R-QH", 40.0, cases=3),
         _stage("unknown", 2.0, is_place=False)]
    )  # fmt: skip
    found = stage_excess(frame, minimum_n=5).set_index("region")
    assert set(found["benchmark_region"]) == {"R-SH"}
    assert found.loc["R-QH", "recoverable"] == 90.0
    assert found.loc["R-XZ", "recoverable"] == 0.0


def test_one_region_alone_has_no_benchmark() -> None:
    found = stage_excess(pd.DataFrame([_stage("R-SH", 10.0), _stage("R-XZ", 1.0, cases=2)]), minimum_n=5)
    assert found["recoverable"].isna().all()


def test_difference_of_rates_has_newcombes_interval() -> None:
    # 56 of 70 against 48 of 80: Newcombe 1998 (method 10) gives 0.0524 to 0.3339 around 0.2
    apart = difference(_point(56 / 70, 0.69183, 0.87695), _point(48 / 80, 0.49045, 0.70038))
    assert apart is not None
    assert apart.value == pytest.approx(0.2)
    assert apart.low == pytest.approx(0.0524, abs=1e-4)
    assert apart.high == pytest.approx(0.3339, abs=1e-4)


def test_verdict_follows_the_direction_and_needs_an_interval_without_0() -> None:
    good, bad = _point(0.9, 0.85, 0.94), _point(0.6, 0.5, 0.7)
    assert judge_pair(good, bad, RATE) is PairVerdict.FIRST
    assert judge_pair(good, bad, replace(RATE, direction="lower")) is PairVerdict.SECOND
    assert judge_pair(good, bad, replace(RATE, direction="neutral")) is PairVerdict.MOVED
    assert judge_pair(_point(0.9), _point(0.6), RATE) is PairVerdict.FIRST_PERHAPS
    assert judge_pair(_point(0.9), _point(0.6), replace(RATE, direction="lower")) is PairVerdict.SECOND_PERHAPS
    assert (
        judge_pair(_point(3), _point(9), replace(RATE, unit="count", statistic="stock", direction="lower"))
        is PairVerdict.MOVED
    )
    assert judge_pair(good, _point(0.88, 0.8, 0.95), RATE) is PairVerdict.UNCLEAR
    assert judge_pair(good, replace(bad, n=9), RATE) is PairVerdict.NOT_JUDGED
    assert judge_pair(good, _point(None), RATE) is PairVerdict.NOT_JUDGED
    assert judge_pair(good, replace(bad, matured_share=0.5), RATE) is PairVerdict.NOT_JUDGED


def test_causes_are_vital_until_80_percent_is_reached() -> None:
    counts = {"C-1": 50.0, "C-2": 30.0, "C-3": 15.0, "C-4": 5.0, "C-5": 0.0}
    histories = {code: {NOW: _point(count), BEFORE: _point(10.0)} for code, count in counts.items()}
    ranked = rank_causes(histories, NOW, BEFORE)
    assert ranked["code"].tolist() == ["C-1", "C-2", "C-3", "C-4"]
    assert ranked["is_vital"].tolist() == [True, True, False, False]
    assert ranked["cumulative"].tolist() == pytest.approx([0.5, 0.8, 0.95, 1.0])


def test_pairs_are_asked_for_as_the_mart_stores_them() -> None:
    assert pair_of("team", "region") == pair_of("region", "team") == "region__team"
    assert pair_of("product", "root_cause") == "product__root_cause"
    frame = pd.DataFrame({"slice_value": ["R-SH|C-1", "R-SH|C-2", "R-BJ|C-1"], "value": [1, 2, 3]})
    of_region = Within("region", "R-SH").rows_of(frame, "region__root_cause")
    assert dict(zip(of_region["slice_value"], of_region["value"], strict=True)) == {"C-1": 1, "C-2": 2}
    of_cause = Within("root_cause", "C-1").rows_of(frame, "region__root_cause")
    assert dict(zip(of_cause["slice_value"], of_cause["value"], strict=True)) == {"R-SH": 1, "R-BJ": 3}
    assert split_pairs(frame.head(0), "region", "root_cause").empty


@pytest.mark.parametrize(
    "drill", [Drill("csat_score"), Drill("csat_score", "region", "R-SH"), Drill("x", "region__stage", "R:1|parts")]
)
def test_a_drill_survives_the_address(drill: Drill) -> None:
    assert parse(drill.code) == drill


@pytest.mark.parametrize(
    "code",
    ["", ":region:R-SH", "x:region", "x:nowhere:R-SH", "x:region__stage:R-SH", "x:region:R|S", "x:region__region:a|b"],
)
def test_what_cannot_be_asked_is_no_drill(code: str) -> None:
    assert parse(code) is None


def test_tickets_that_pull_the_number_the_wrong_way_stand_on_top() -> None:
    found = pd.DataFrame(
        {
            "ticket_id": ["a", "b", "c"],
            "local_date": [NOW] * 3,
            "numerator": [1.0, math.nan, 5.0],
            "value": [2.0, 9.0, 4.0],
        }
    )
    assert worst_first(found, RATE)["ticket_id"].tolist() == ["b", "a", "c"]
    assert worst_first(found, replace(RATE, direction="lower"))["ticket_id"].tolist() == ["c", "a", "b"]
    p90 = replace(RATE, direction="lower", statistic="p90")
    assert worst_first(found, p90)["ticket_id"].tolist() == ["b", "c", "a"]


def test_rows_of_people_carry_no_id_and_visits_carry_theirs() -> None:
    found = pd.DataFrame({"ticket_id": ["T1", None], "fact": ["work_orders", "headcount"], "fact_id": ["W1", "p-77"]})
    shown = without_people(found)
    assert shown["record"].fillna("").tolist() == ["W1", ""]
    assert "fact_id" not in shown
    assert "p-77" not in shown.to_csv()
