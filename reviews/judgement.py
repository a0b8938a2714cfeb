"""What a figure means: met its target or not, better or worse than before. Pages and reviews judge by these rules."""

from enum import StrEnum
from typing import Protocol

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


class Judged(Protocol):
    """A value with what it takes to judge it; fractions are 0 to 1, None is unknown."""

    @property
    def value(self) -> float | None: ...
    @property
    def n(self) -> int: ...
    @property
    def low(self) -> float | None: ...
    @property
    def high(self) -> float | None: ...
    @property
    def target(self) -> float | None: ...
    @property
    def matured_share(self) -> float | None: ...
    @property
    def is_complete(self) -> bool: ...


class Judging(Protocol):
    """What the catalogue says of a KPI, as far as judging needs it."""

    @property
    def unit(self) -> str: ...
    @property
    def direction(self) -> str: ...
    @property
    def minimum_n(self) -> int: ...


def is_too_few(figure: Judged, definition: Judging) -> bool:
    """Whether a value rests on fewer cases than its KPI asks for; counts rest on none."""
    return figure.value is not None and definition.unit != "count" and figure.n < definition.minimum_n


def is_immature(figure: Judged) -> bool:
    """Whether so many cases are too young to count that those which do count are not like the rest.

    Quick cases are decided first, so the value of a young period is biased, not merely uncertain.
    """
    return figure.matured_share is not None and figure.matured_share < _MATURE_ENOUGH


def judge_target(figure: Judged | None, definition: Judging) -> TargetVerdict:
    """Compare a value with its target in the KPI's direction; equal is met."""
    if figure is None or figure.target is None or definition.direction == "neutral":
        return TargetVerdict.NO_TARGET
    if figure.value is None or is_too_few(figure, definition) or is_immature(figure):
        return TargetVerdict.NOT_JUDGED
    met = figure.value >= figure.target if definition.direction == "higher" else figure.value <= figure.target
    return TargetVerdict.MET if met else TargetVerdict.MISSED


def judge_change(now: Judged | None, before: Judged | None, definition: Judging) -> ChangeVerdict:
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


def _looks_the_same(now: float, before: float, unit: str) -> bool:
    """Whether a change rounds to nothing in the digits that are shown."""
    if unit == "fraction":
        return abs(now - before) < _INVISIBLE_FRACTION
    if unit in ("points", "nps"):
        return abs(now - before) < _INVISIBLE_POINTS
    return abs(now - before) < _INVISIBLE_FRACTION * abs(before) or now == before
