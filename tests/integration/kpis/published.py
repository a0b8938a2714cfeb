"""A published build beside the independent reading of its extracts."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd
import pytest

from tests.integration.kpis.delivery import evidence_of
from tests.reading.figures import LINES_OF, READ_KPIS, figures
from tests.reading.members import contribution_frame
from tests.reading.reading import Reading
from tests.reading.tables import Context, Tables, read_seeds
from warehouse.kpi_question import KpiQuestion
from warehouse.kpis import answer, tickets
from warehouse.reading import BuildReader
from warehouse.scope import Scope

ZONES = ("UTC", "Asia/Shanghai", "America/New_York")
#: SWITCH. False: KPIs, slices and seeds that the product does not have yet are left out of the comparison.
#: True: the catalogue has to be READ_KPIS, the mart has to have every slice, the stages have to be the same.
EVERYTHING_HAS_LANDED = True
RANDOM_SYSTEMS = tuple(f"company{number}" for number in range(5))


@dataclass
class Published:
    """A published build and the independent reading of the same extracts."""

    home: Path
    tables: Tables
    context: Context
    reader: BuildReader

    @cached_property
    def catalogue(self) -> tuple[str, ...]:
        """The KPIs of the build, in catalogue order."""
        return tuple(row["kpi_key"] for row in self.reader.rows("select kpi_key from kpi.dim_kpis order by position"))

    @cached_property
    def stored(self) -> frozenset[tuple[str, str]]:
        """The slices and period kinds of the mart."""
        rows = self.reader.rows("select distinct slice_name, period_kind from measures.measures_spine")
        return frozenset((row["slice_name"], row["period_kind"]) for row in rows)

    @cached_property
    def compared(self) -> tuple[str, ...]:
        """The KPIs that both sides know."""
        return tuple(key for key in READ_KPIS if key in self.catalogue)

    @cached_property
    def reading(self) -> Reading:
        seeds = read_seeds(self.home / "seeds")
        open_systems = [*RANDOM_SYSTEMS, "quiet"]
        return Reading(self._known_tables, seeds, self.context, evidence_of(open_systems, ["limited"]))

    @property
    def _known_tables(self) -> Tables:
        """A product without KPIs of visits does not know either that a visit is a touch (ruling B9)."""
        return self.tables if "first_time_fix_rate" in self.catalogue else self.tables.without("erp.work_orders")

    @cached_property
    def contributions(self) -> pd.DataFrame:
        found = contribution_frame(self.reading.contributions(), read_seeds(self.home / "seeds"), self.tables)
        stems = {key.removesuffix("_median").removesuffix("_p90") for key in self.compared} | set(LINES_OF)
        return found[found["kpi_key"].isin(stems)]

    def require(self, slice_name: str, period_kind: str = "month") -> None:
        """Skip the test of a slice that the product does not have yet."""
        if not EVERYTHING_HAS_LANDED and (slice_name, period_kind) not in self.stored:
            pytest.skip(f"the mart has no {slice_name} by {period_kind} yet")

    def expected(self, slice_name: str, period_kind: str = "month", system: str | None = None) -> pd.DataFrame:
        """Return the figures of the reading, of all source systems or of one."""
        rows = self.contributions
        own = rows if system is None else rows[rows["source_system"] == system]
        return figures(own, slice_name, period_kind)

    def compared_answer(self, **question: object) -> pd.DataFrame:
        """Return the product's figures of the KPIs that both sides know."""
        return self.answer(**question, kpis=self.compared)

    def answer(self, **question: object) -> pd.DataFrame:
        return answer(self.reader, KpiQuestion(**question), Scope())  # type: ignore[arg-type]

    def tickets(self, **question: object) -> pd.DataFrame:
        return tickets(self.reader, KpiQuestion(**question), Scope())  # type: ignore[arg-type]


def rows_of_mart(reader: BuildReader, kpis: Sequence[str], where: str = "true") -> pd.DataFrame:
    """Return rows of the view kpi.mart_kpis, a few KPIs at a time: all at once take more memory than a reader has."""
    chunks = ["', '".join(kpis[start : start + 8]) for start in range(0, len(kpis), 8)]
    # the keys stand in the text: with parameters every branch of the view would run
    frames = [reader.frame(f"select * from kpi.mart_kpis where kpi_key in ('{chunk}') and {where}") for chunk in chunks]
    order = ["kpi_key", "slice_name", "period_kind", "period_start", "slice_value"]
    return pd.concat(frames).sort_values(order, ignore_index=True)
