"""What the pages judge: KPIs and their values. The rules are those of reviews, so that page and deck never differ."""

from dataclasses import dataclass
from datetime import date

from reviews.judgement import ChangeVerdict, TargetVerdict, is_immature, is_too_few, judge_change, judge_target

__all__ = [
    "ChangeVerdict", "KpiDefinition", "KpiPoint", "TargetVerdict",
    "is_immature", "is_too_few", "judge_change", "judge_target",
]  # fmt: skip


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
    periods: tuple[str, ...] = ()

    @property
    def is_percentile(self) -> bool:
        """Whether the value is read off a distribution, so that it has no numerator and denominator."""
        return self.statistic in ("median", "p90")

    def has_slice(self, name: str) -> bool:
        """Whether the KPI means something on a slice; most mean something on all of them."""
        return not self.slices or name in self.slices

    def is_for(self, slice_name: str, kind: str) -> bool:
        """Whether the KPI means something on a slice and in periods of a kind."""
        return self.has_slice(slice_name) and (not self.periods or kind in self.periods)


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
