"""KPI figures as `warehouse.kpis.answer` gives them, and what the catalogue says about their KPI."""

from dataclasses import dataclass
from datetime import date

from warehouse.settings import Language

#: The member that stands for facts whose source names none.
UNKNOWN_MEMBER = "unknown"


@dataclass(frozen=True)
class Words:
    """A name or text from data in both languages; a language that has none shows the other one."""

    en: str
    zh: str

    def in_language(self, language: Language) -> str:
        first, second = (self.zh, self.en) if language == "zh-CN" else (self.en, self.zh)
        return first or second


@dataclass(frozen=True)
class KpiDefinition:
    """One row of kpi.dim_kpis, as far as reviews need it."""

    key: str
    family: str
    label: Words
    definition: Words
    caveat: Words
    unit: str
    direction: str
    statistic: str
    minimum_n: int
    periods: tuple[str, ...] = ()

    @property
    def is_percentile(self) -> bool:
        """Whether the value is read off a distribution, so that it has no two sides."""
        return self.statistic in ("median", "p90")

    @property
    def is_accumulated(self) -> bool:
        """Whether the value grows with the length of its period, so that a shorter one is no comparison."""
        return self.statistic == "count" or self.key.endswith("_per_head")

    def has_period(self, kind: str) -> bool:
        """Whether the KPI means something in periods of a kind; most mean something in all of them."""
        return not self.periods or kind in self.periods


@dataclass(frozen=True)
class Member:
    """One value of a slice; `is_registered` is false for codes that no reference list knows."""

    code: str
    name: Words
    is_registered: bool = True

    @property
    def is_unknown(self) -> bool:
        return self.code == UNKNOWN_MEMBER


@dataclass(frozen=True)
class Figure:
    """One KPI value, unrounded; fractions are 0 to 1, None is unknown and never 0."""

    kpi_key: str
    period_start: date
    slice_value: str
    numerator: float | None
    denominator: float | None
    value: float | None
    n: int
    low: float | None
    high: float | None
    target: float | None
    matured_share: float | None
    is_complete: bool
    null_reason: str | None

    @property
    def is_sum(self) -> bool:
        """Whether the value is a plain sum, to which every member adds its own."""
        return self.numerator is not None and self.denominator is None
