"""A published build beside the independent reading of its extracts."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from tests.integration.kpis.delivery import evidence_of
from tests.reading.contributions import Reading
from tests.reading.figures import contribution_frame
from tests.reading.tables import Context, Tables, read_seeds
from warehouse.kpi_question import KpiQuestion
from warehouse.kpis import answer, tickets
from warehouse.reading import BuildReader
from warehouse.scope import Scope

ZONES = ("UTC", "Asia/Shanghai", "America/New_York")
RANDOM_SYSTEMS = tuple(f"company{number}" for number in range(5))


@dataclass
class Published:
    """A published build and the independent reading of the same extracts."""

    home: Path
    tables: Tables
    context: Context
    reader: BuildReader

    @cached_property
    def reading(self) -> Reading:
        seeds = read_seeds(self.home / "seeds")
        open_systems = [*RANDOM_SYSTEMS, "quiet"]
        return Reading(self.tables, seeds, self.context, evidence_of(open_systems, ["limited"]))

    @cached_property
    def contributions(self) -> pd.DataFrame:
        return contribution_frame(self.reading.contributions(), read_seeds(self.home / "seeds"))

    def answer(self, **question: object) -> pd.DataFrame:
        return answer(self.reader, KpiQuestion(**question), Scope())  # type: ignore[arg-type]

    def tickets(self, **question: object) -> pd.DataFrame:
        return tickets(self.reader, KpiQuestion(**question), Scope())  # type: ignore[arg-type]
