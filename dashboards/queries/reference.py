"""All that the catalogue of a build says about its KPIs, for the reference."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from dashboards.language import Phrases
from dashboards.queries.cached import cached_query
from dashboards.queries.catalogue import names_of
from warehouse.reading import BuildReader
from warehouse.scope import Scope


@dataclass(frozen=True)
class KpiEntry:
    """One KPI of the catalogue in the language of the page; texts are empty where the catalogue says nothing."""

    key: str
    family: str
    label: str
    other_label: str
    question: str
    definition: str
    caveat: str
    team_rule: str
    unit: str
    direction: str
    statistic: str
    cohort_basis: str
    contract: str
    owner: str
    rulings: tuple[str, ...]
    minimum_n: int
    interval: str
    maturity_hours: int
    slices: tuple[str, ...]

    @property
    def searchable(self) -> str:
        """All words that the search looks at, in lower case."""
        words = (self.key, self.label, self.other_label, self.question, self.definition, self.caveat, *self.rulings)
        return " ".join(words).casefold()


@dataclass(frozen=True)
class Target:
    """A target in force on the as-of day."""

    slice_name: str
    slice_value: str
    target: float
    valid_from: date | None


@cached_query
def kpi_entries(reader: BuildReader, scope: Scope, phrases: Phrases) -> list[KpiEntry]:
    """Return the catalogue in its own order."""
    rows = reader.rows("select * from kpi.dim_kpis order by position, kpi_key")
    return [_entry(row, phrases) for row in rows]


@cached_query
def targets_in_force(reader: BuildReader, scope: Scope) -> dict[str, list[Target]]:
    """Return the targets by KPI that hold on the as-of day: that of the catalogue, then those of slices."""
    defaults = reader.rows("select kpi_key, default_target from kpi.dim_kpis where default_target is not null")
    own = reader.rows(
        """
        select kpi_key, slice_name, slice_value, target, valid_from
        from kpi.kpi_targets_in_force
        where $day >= valid_from and $day < valid_to
        order by kpi_key, slice_name <> 'total', slice_name, slice_value
        """,
        {"day": reader.build.as_of.date()},
    )
    found: dict[str, list[Target]] = {}
    for row in own:
        found.setdefault(row["kpi_key"], []).append(
            Target(row["slice_name"], row["slice_value"], float(row["target"]), row["valid_from"])
        )
    for row in defaults:
        targets = found.setdefault(row["kpi_key"], [])
        if not any(target.slice_name == "total" for target in targets):
            targets.insert(0, Target("total", "all", float(row["default_target"]), None))
    return found


def _entry(row: dict[str, Any], phrases: Phrases) -> KpiEntry:
    return KpiEntry(
        key=row["kpi_key"],
        family=row["family"],
        label=phrases.pick(row["label_en"], row["label_zh"]),
        other_label=phrases.pick(row["label_zh"], row["label_en"]),
        question=phrases.pick(row["question_en"], row["question_zh"]),
        definition=phrases.pick(row["definition_en"], row["definition_zh"]),
        caveat=phrases.pick(row["caveat_en"], row["caveat_zh"]),
        team_rule=phrases.pick(row["team_rule_en"], row["team_rule_zh"]),
        unit=row["unit"],
        direction=row["direction"],
        statistic=row["statistic"],
        cohort_basis=row["cohort_basis"] or "",
        contract=row["contract"] or "",
        owner=row["owner"] or "",
        rulings=tuple((row["rulings"] or "").split()),
        minimum_n=int(row["minimum_n"] or 0),
        interval=row["interval"] or "none",
        maturity_hours=int(row["maturity_hours"] or 0),
        slices=names_of(row.get("slices")),
    )
