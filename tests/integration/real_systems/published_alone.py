"""A real extract, landed alone into a home of its own through its preset, and what the build answers."""

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from tests.command_line import aftercare
from warehouse.connections import reader
from warehouse.kpi_question import KpiQuestion
from warehouse.kpis import answer
from warehouse.reading import BuildReader, reader_of
from warehouse.scope import Scope
from warehouse.settings import CHECKOUT, Settings, load_settings

DATA = Path(os.environ.get("AFTERCARE_TEST_DATA", CHECKOUT.parent / "shared" / "data"))
PRESETS = CHECKOUT / "sources" / "presets"


@dataclass
class PublishedAlone:
    """The home of one extract: its raw rows, and the published build."""

    settings: Settings

    @cached_property
    def build(self) -> BuildReader:
        return reader_of(self.settings)

    def warehouse(self, sql: str) -> pd.DataFrame:
        """Query warehouse.duckdb: raw rows, manifest, identities, staging."""
        with reader(self.settings.warehouse_file, self.settings) as connection:
            return connection.execute(sql).df()

    @property
    def names(self) -> dict[str, str]:
        """Whom a pseudonym stands for."""
        people = self.warehouse("select distinct pseudonym, identifier from private.identities")
        return dict(zip(people["pseudonym"], people["identifier"], strict=True))

    @property
    def entries(self) -> list[dict[str, Any]]:
        """How each mapping entry went, in the order of the mapping."""
        return self.warehouse("select * from meta.extract_entries order by entry").to_dict("records")

    def figures(self, kpi_key: str, slice_name: str = "total", period_kind: str = "year") -> pd.DataFrame:
        """Return the figures of a KPI by period and slice member."""
        question = KpiQuestion(kpis=(kpi_key,), slice_name=slice_name, period_kind=period_kind)
        figures = answer(self.build, question, Scope())
        figures["period_start"] = pd.to_datetime(figures["period_start"])
        columns = ["numerator", "denominator", "value", "n", "null_reason"]
        return figures.set_index(["period_start", "slice_value"])[columns]


def publish_alone(home: Path, preset: str, folder: Path, **settings: str) -> PublishedAlone:
    """Refresh a home from one folder of real files; fails unless that published."""
    extra = {f"AFTERCARE_{name.upper()}": value for name, value in settings.items()}
    command = ["refresh", "--format", "json", "--sources", str(PRESETS / f"{preset}.yml"), "--landing", str(folder)]
    done = aftercare(home, *command, extra=extra)
    assert done.code == 0, f"{done.out}\n{done.err}"
    assert done.json["status"] == "published"
    assert done.json["refused"] == []
    return PublishedAlone(load_settings(home=home, **settings))


def assert_same(answered: pd.Series, read: pd.Series, tolerance: float = 1e-9) -> None:
    """Compare by index; what one side lacks must be nothing on the other."""
    both = pd.concat({"answered": answered.astype(float), "read": read.astype(float)}, axis="columns")
    both = both[~both.isna().all(axis="columns")].fillna(0.0)
    wrong = both[(both["answered"] - both["read"]).abs() > tolerance * both["read"].abs().clip(lower=1)]
    assert not both.empty
    assert wrong.empty, f"{len(wrong)} of {len(both)} differ:\n{wrong.head(20)}"
