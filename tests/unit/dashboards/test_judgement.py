"""Target met or not, better or worse."""

from dataclasses import replace
from datetime import date

import pytest

from dashboards.judgement import ChangeVerdict, KpiDefinition, KpiPoint, TargetVerdict, judge_change, judge_target

RATE = KpiDefinition("on_time", "response", "On time", "", "", "", "fraction", "higher", 10, True, "rate")
HOURS = replace(RATE, key="hours", unit="hours", direction="lower")
COUNT = replace(RATE, key="created", unit="count", direction="neutral", minimum_n=0)
NOW = KpiPoint(date(2025, 10, 1), "all", 0.95, 400, 0.93, 0.97, 0.95, 1.0, True, None)


@pytest.mark.parametrize(
    ("definition", "point", "verdict"),
    [
        (RATE, NOW, TargetVerdict.MET),
        (RATE, replace(NOW, value=0.949), TargetVerdict.MISSED),
        (HOURS, replace(NOW, value=48.0, target=48.0), TargetVerdict.MET),
        (HOURS, replace(NOW, value=48.1, target=48.0), TargetVerdict.MISSED),
        (RATE, replace(NOW, target=None), TargetVerdict.NO_TARGET),
        (COUNT, replace(NOW, target=5.0), TargetVerdict.NO_TARGET),
        (RATE, replace(NOW, n=9), TargetVerdict.NOT_JUDGED),
        (RATE, replace(NOW, matured_share=0.8), TargetVerdict.NOT_JUDGED),
        (RATE, replace(NOW, matured_share=0.97), TargetVerdict.MET),
        (RATE, replace(NOW, value=None), TargetVerdict.NOT_JUDGED),
    ],
)
def test_target(definition: KpiDefinition, point: KpiPoint, verdict: TargetVerdict) -> None:
    assert judge_target(point, definition) is verdict


@pytest.mark.parametrize(
    ("definition", "before", "verdict"),
    [
        (RATE, replace(NOW, value=0.90), ChangeVerdict.BETTER),
        (RATE, replace(NOW, value=0.98), ChangeVerdict.WORSE),
        (HOURS, replace(NOW, value=0.98), ChangeVerdict.BETTER),
        (RATE, replace(NOW, value=0.94), ChangeVerdict.UNCLEAR),
        (RATE, NOW, ChangeVerdict.SAME),
        (RATE, replace(NOW, value=0.9503), ChangeVerdict.SAME),
        (COUNT, replace(NOW, value=0.5), ChangeVerdict.MOVED),
        (RATE, replace(NOW, value=0.90, matured_share=0.8), ChangeVerdict.MOVED),
        (RATE, None, ChangeVerdict.NO_COMPARISON),
        (RATE, replace(NOW, value=None), ChangeVerdict.NO_COMPARISON),
        (RATE, replace(NOW, value=0.1, n=3), ChangeVerdict.NO_COMPARISON),
    ],
)
def test_change(definition: KpiDefinition, before: KpiPoint | None, verdict: ChangeVerdict) -> None:
    assert judge_change(NOW, before, definition) is verdict


def test_a_count_of_a_running_period_is_no_decline() -> None:
    resolved = replace(COUNT, direction="higher")
    partial = replace(NOW, value=40.0, low=None, high=None, is_complete=False)
    assert judge_change(partial, replace(partial, value=90.0, is_complete=True), resolved) is ChangeVerdict.MOVED
