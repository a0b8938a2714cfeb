"""What a number means: met its target or not, better or worse than before. Pure functions, no wording."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

_MATURE_ENOUGH = 0.95
_INVISIBLE_FRACTION = 0.0005
_INVISIBLE_POINTS = 0.05


class TargetVerdict(StrEnum):
    MET = "met"
    MISSED = "missed"
    NO_TARGET = "no_target"
    NOT_JUDGED = "not_judged"  # no value, too few cases, or too many of them not decided yet


class ChangeVerdict(StrEnum):
    BETTER = "better"
    WORSE = "worse"
    UNCLEAR = "unclear"  # the earlier value lies inside the interval of the present one
    SAME = "same"
    MOVED = "moved"  # no good or bad direction, an incomplete count, or too many cases not decided yet
    NO_COMPARISON = "no_comparison"


@dataclass(frozen=True)
class KpiDefinition:
    """One row of kpi.dim_kpis in the words of the page's language."""

    key: str
    family: str
    label: str
    question: str
    definition: str
    caveat: str
    unit: str
    direction: str
    minimum_n: int
    has_interval: bool
    statistic: str
    slices: tuple[str, ...] = ()

    @property
    def is_percentile(self) -> bool:
        """Whether the value is read off a distribution, so that it has no numerator and denominator."""
        return self.statistic in ("median", "p90")

    def has_slice(self, name: str) -> bool:
        """Whether the KPI means something on a slice; most mean something on all of them."""
        return not self.slices or name in self.slices


@dataclass(frozen=True)
class KpiPoint:
    """One KPI value as the mart has it; fractions are 0 to 1, `None` is unknown, never 0."""

    period_start: date
    slice_value: str
    value: float | None
    n: int
    low: float | None
    high: float | None
    target: float | None
    matured_share: float | None
    is_complete: bool
    null_reason: str | None


def is_too_few(point: KpiPoint, definition: KpiDefinition) -> bool:
    """Whether a value rests on fewer cases than its KPI asks for; counts rest on none."""
    return point.value is not None and definition.unit != "count" and point.n < definition.minimum_n


def is_immature(point: KpiPoint) -> bool:
    """Whether so many cases are too young to count that those which do count are not like the rest.

    Quick cases are decided first, so the value of a young period is biased, not merely uncertain.
    """
    return point.matured_share is not None and point.matured_share < _MATURE_ENOUGH


def judge_target(point: KpiPoint, definition: KpiDefinition) -> TargetVerdict:
    """Compare a value with its target in the KPI's direction; equal is met."""
    if point.target is None or definition.direction == "neutral":
        return TargetVerdict.NO_TARGET
    if point.value is None or is_too_few(point, definition) or is_immature(point):
        return TargetVerdict.NOT_JUDGED
    met = point.value >= point.target if definition.direction == "higher" else point.value <= point.target
    return TargetVerdict.MET if met else TargetVerdict.MISSED


def _looks_the_same(now: float, before: float, unit: str) -> bool:
    """Whether a change rounds to nothing in the digits that pages show."""
    if unit == "fraction":
        return abs(now - before) < _INVISIBLE_FRACTION
    if unit in ("points", "nps"):
        return abs(now - before) < _INVISIBLE_POINTS
    return abs(now - before) < _INVISIBLE_FRACTION * abs(before) or now == before


def judge_change(now: KpiPoint | None, before: KpiPoint | None, definition: KpiDefinition) -> ChangeVerdict:
    """Say whether a KPI got better; a difference inside the interval of the present value counts as unclear."""
    if now is None or before is None or now.value is None or before.value is None:
        return ChangeVerdict.NO_COMPARISON
    if is_too_few(now, definition) or is_too_few(before, definition):
        return ChangeVerdict.NO_COMPARISON
    if _looks_the_same(now.value, before.value, definition.unit):
        return ChangeVerdict.SAME
    if now.low is not None and now.high is not None and now.low <= before.value <= now.high:
        return ChangeVerdict.UNCLEAR
    is_partial_count = definition.unit == "count" and not (now.is_complete and before.is_complete)
    if definition.direction == "neutral" or is_partial_count or is_immature(now) or is_immature(before):
        return ChangeVerdict.MOVED
    rose = now.value > before.value
    return ChangeVerdict.BETTER if rose == (definition.direction == "higher") else ChangeVerdict.WORSE
