"""A question to the marts, checked against the build before any SQL is made of it."""

from dataclasses import dataclass
from datetime import date

from warehouse.errors import QueryError
from warehouse.reading import BuildReader

PERIOD_KINDS = ("day", "week", "month", "quarter", "year")

#: Slices and filters by name, and the contribution column each is made of.
DIMENSIONS = {
    "macro_region": "macro_region",
    "region": "region_id",
    "team": "team_id",
    "root_cause_category": "root_cause_category",
    "root_cause": "root_cause_id",
    "case_type": "case_type",
    "channel": "channel",
    "priority": "priority",
    "product": "product_id",
    "product_category": "product_category",
    "segment": "segment",
    "employment": "employment",
    "warranty": "warranty",
    "stage": "stage",
    "source_system": "source_system",
}

#: Pairs of a dimension and its admitted values.
Filters = tuple[tuple[str, tuple[str, ...]], ...]

#: Only KPIs of this fact can be cut by stage.
STAGE_FACT = "ticket_stages"

#: The columns of every answer, those of kpi.mart_kpis.
KPI_COLUMNS = (
    "kpi_key", "period_kind", "period_start", "slice_name", "slice_value", "numerator", "denominator", "value", "n",
    "low", "high", "unit", "target", "matured_share", "is_complete", "null_reason", "as_of", "build_id",
)  # fmt: skip


@dataclass(frozen=True)
class Kpi:
    """What the catalogue of a build says about a KPI, as far as queries need it."""

    kpi_key: str
    fact: str
    statistic: str
    numerator: str | None
    denominator: str | None
    distribution: str | None
    slices: str | None
    periods: str | None

    def has_slice(self, name: str) -> bool:
        """Whether the KPI means something on a slice; most mean something on all of them."""
        return self.slices is None or name in self.slices.split()

    def has_period(self, kind: str) -> bool:
        """Whether the KPI means something in periods of a kind; most mean something in all of them."""
        return self.periods is None or kind in self.periods.split()


@dataclass(frozen=True)
class KpiQuestion:
    """Which KPIs, cut how, over which local dates (both ends inclusive), for which rows.

    `filters` are pairs of a dimension and its admitted values. No KPIs means all of them.
    """

    kpis: tuple[str, ...] = ()
    slice_name: str = "total"
    period_kind: str = "month"
    period_from: date | None = None
    period_to: date | None = None
    filters: Filters = ()

    @property
    def slice_dimensions(self) -> tuple[str, ...]:
        return () if self.slice_name == "total" else tuple(self.slice_name.split("__"))

    @property
    def is_about_stages(self) -> bool:
        return "stage" in self.slice_dimensions or any(name == "stage" for name, _ in self.filters)

    @property
    def slice_columns(self) -> tuple[str, ...]:
        return tuple(DIMENSIONS[name] for name in self.slice_dimensions)


def catalogue(reader: BuildReader) -> dict[str, Kpi]:
    """Return the KPIs of a build by key, in catalogue order."""
    rows = reader.rows(
        """
        select kpi_key, fact, statistic, numerator, denominator, distribution, slices, periods
        from kpi.dim_kpis
        order by position
        """
    )
    return {row["kpi_key"]: Kpi(**row) for row in rows}


def check_question(question: KpiQuestion, known: dict[str, Kpi]) -> None:
    """Raise QueryError naming the first thing that does not exist and what does."""
    for kpi_key in question.kpis:
        if kpi_key not in known:
            raise QueryError(f"unknown KPI {kpi_key!r}; known are {', '.join(known)}")
    if question.period_kind not in PERIOD_KINDS:
        raise QueryError(f"unknown period {question.period_kind!r}; known are {', '.join(PERIOD_KINDS)}")
    dimensions = [*question.slice_dimensions, *(name for name, _ in question.filters)]
    for name in dimensions:
        if name not in DIMENSIONS:
            raise QueryError(f"unknown slice or filter {name!r}; known are total, {', '.join(DIMENSIONS)}")
    if len(set(question.slice_dimensions)) < len(question.slice_dimensions):
        raise QueryError(f"slice {question.slice_name!r} names a dimension twice")
    if question.is_about_stages:
        staged = [key for key, kpi in known.items() if kpi.fact == STAGE_FACT]
        if question.kpis and not set(question.kpis) & set(staged):
            raise QueryError(f"{question.kpis[0]} has no stages; those that have are {', '.join(staged)}")
        several = any(name == "stage" and len(values) > 1 for name, values in question.filters)
        if several and "stage" not in question.slice_dimensions:
            raise QueryError("cases are counted once per stage: filter one stage, or cut by stage")
    if question.period_from and question.period_to and question.period_from > question.period_to:
        raise QueryError(f"the period begins {question.period_from} after it ends {question.period_to}")
