"""Figures of the demo company's published build, asked for as pages ask, and its core tables for what no KPI says."""

from datetime import date
from pathlib import Path

import pandas as pd

from warehouse.kpi_question import KpiQuestion
from warehouse.kpis import answer
from warehouse.reading import BuildReader, reader_of
from warehouse.scope import Scope
from warehouse.settings import load_settings

OCTOBER = ("month", date(2025, 10, 1))
THIS_YEAR = ("year", date(2025, 1, 1))
#: The demo company's fifteen months until 2025-10.
WHOLE_WINDOW = (("year", date(2024, 1, 1)), THIS_YEAR)

Period = tuple[str, date]


class StoryFigures:
    """The published build of a home: KPIs by period, slice and filters; tables of core."""

    def __init__(self, home: Path) -> None:
        self.reader: BuildReader = reader_of(load_settings(home=home))

    def by_member(
        self, kpi_key: str, slice_name: str, period: Period, filters: dict[str, tuple[str, ...]] | None = None
    ) -> pd.DataFrame:
        """Return numerator, denominator, value and n by slice value, members without a value left out."""
        kind, start = period
        question = KpiQuestion(
            kpis=(kpi_key,), slice_name=slice_name, period_kind=kind, period_from=start, period_to=start,
            filters=tuple((filters or {}).items()),
        )  # fmt: skip
        found = answer(self.reader, question, Scope())
        found = found[found["value"].notna()].set_index("slice_value")
        return found[["numerator", "denominator", "value", "n"]].astype(float)

    def value(
        self,
        kpi_key: str,
        period: Period,
        filters: dict[str, tuple[str, ...]] | None = None,
        slice_name: str = "total",
        member: str = "all",
    ) -> float:
        """Return one figure; fails when there is none."""
        return float(self.by_member(kpi_key, slice_name, period, filters).loc[member, "value"])

    def core(self, sql: str) -> pd.DataFrame:
        """Query the build."""
        return self.reader.frame(sql)

    @property
    def remote(self) -> tuple[str, ...]:
        """The remote regions."""
        return tuple(self.core("select region_id from core.dim_regions where is_remote order by 1")["region_id"])

    @property
    def not_remote(self) -> tuple[str, ...]:
        """The registered regions that are not remote."""
        found = self.core("select region_id from core.dim_regions where is_registered and not is_remote order by 1")
        return tuple(found["region_id"])
