"""Two members side by side: how far apart they are, and whether one is better. Pure functions, no wording."""

import math
from dataclasses import dataclass
from enum import StrEnum

from dashboards.judgement import KpiDefinition, KpiPoint, is_immature, is_too_few


class PairVerdict(StrEnum):
    FIRST = "first"
    SECOND = "second"
    FIRST_PERHAPS = "first_perhaps"  # better on the face of it; the KPI carries no interval to tell it from chance
    SECOND_PERHAPS = "second_perhaps"
    UNCLEAR = "unclear"  # 0 lies inside the interval of the difference
    MOVED = "moved"  # no direction is better
    NOT_JUDGED = "not_judged"  # a value is missing, rests on too few cases, or too many cases are not decided yet


@dataclass(frozen=True)
class Difference:
    """First minus second, in the unit of the KPI; without bounds where a value has no interval."""

    value: float
    low: float | None
    high: float | None

    @property
    def has_interval(self) -> bool:
        return self.low is not None and self.high is not None


def difference(first: KpiPoint | None, second: KpiPoint | None) -> Difference | None:
    """Return the difference with its 95 % interval from the two intervals (MOVER: Zou and Donner, Statistics in
    Medicine 27, 2008; for rates it is Newcombe's hybrid score interval); None when a value is missing."""
    if first is None or second is None or first.value is None or second.value is None:
        return None
    value = first.value - second.value
    bounds = (first.low, first.high, second.low, second.high)
    if any(bound is None for bound in bounds):
        return Difference(value, None, None)
    first_low, first_high, second_low, second_high = (bound or 0.0 for bound in bounds)
    below = math.hypot(first.value - first_low, second_high - second.value)
    above = math.hypot(first_high - first.value, second.value - second_low)
    return Difference(value, value - below, value + above)


def judge_pair(first: KpiPoint | None, second: KpiPoint | None, definition: KpiDefinition) -> PairVerdict:
    """Say which of two members is better in a KPI."""
    apart = difference(first, second)
    if apart is None or first is None or second is None:
        return PairVerdict.NOT_JUDGED
    if any(is_too_few(point, definition) or is_immature(point) for point in (first, second)):
        return PairVerdict.NOT_JUDGED
    if apart.value == 0 or (apart.low is not None and apart.high is not None and apart.low <= 0 <= apart.high):
        return PairVerdict.UNCLEAR
    if definition.direction == "neutral" or definition.statistic in ("count", "stock"):
        return PairVerdict.MOVED  # how much there is depends on how large a member is
    if (apart.value > 0) == (definition.direction == "higher"):
        return PairVerdict.FIRST if apart.has_interval else PairVerdict.FIRST_PERHAPS
    return PairVerdict.SECOND if apart.has_interval else PairVerdict.SECOND_PERHAPS
