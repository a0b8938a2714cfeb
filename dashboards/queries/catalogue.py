"""The KPIs of a build, and the periods that it has numbers for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dashboards import periods
from dashboards.formatting import local_day
from dashboards.judgement import KpiDefinition
from dashboards.language import Phrases
from dashboards.periods import PeriodKind
from dashboards.queries.cached import cached_query
from warehouse.kpi_question import DIMENSIONS
from warehouse.reading import BuildReader
from warehouse.scope import Scope


@dataclass(frozen=True)
class AvailablePeriod:
    """A period with numbers; `is_over` when its last day is not after the as-of day.

    Whether a KPI is complete in it is another matter: each has its own source and horizon.
    """

    start: date
    is_over: bool


@cached_query
def kpi_definitions(reader: BuildReader, scope: Scope, phrases: Phrases) -> list[KpiDefinition]:
    """Return the catalogue in its own order, in the language of the phrases."""
    rows = reader.rows("select * from kpi.dim_kpis order by position, kpi_key")
    return [
        KpiDefinition(
            key=row["kpi_key"],
            family=row["family"],
            label=phrases.pick(row["label_en"], row["label_zh"]),
            question=phrases.pick(row["question_en"], row["question_zh"]),
            definition=phrases.pick(row["definition_en"], row["definition_zh"]),
            caveat=phrases.pick(row["caveat_en"], row["caveat_zh"]),
            unit=row["unit"],
            direction=row["direction"],
            minimum_n=int(row["minimum_n"] or 0),
            has_interval=row["interval"] not in (None, "none"),
            statistic=row["statistic"],
            slices=names_of(row.get("slices")),
            periods=names_of(row.get("periods")),
        )
        for row in rows
    ]


def names_of(stored: str | Sequence[str] | None) -> tuple[str, ...]:
    """Return the slices or periods that a KPI is restricted to, () for all; stored as a list or in one text."""
    if stored is None:
        return ()
    return tuple(stored.replace(",", " ").split()) if isinstance(stored, str) else tuple(stored)


@cached_query
def known_dimensions(reader: BuildReader, scope: Scope) -> frozenset[str]:
    """Return the dimensions that questions to this build may use; older builds have fewer."""
    rows = reader.rows(
        """
        select distinct column_name from information_schema.columns
        where table_schema = 'measures' and table_name like 'contributions%'
        """
    )
    columns = {row["column_name"] for row in rows}
    return frozenset(name for name, column in DIMENSIONS.items() if column in columns)


@cached_query
def available_periods(reader: BuildReader, scope: Scope, kind: PeriodKind) -> list[AvailablePeriod]:
    """Return the periods of one kind that any fact touches, newest first."""
    as_of_day = local_day(reader.build.as_of, reader.build.zone)
    rows = reader.rows(
        """
        select distinct period_start
        from measures.measures_spine
        where slice_name = 'total' and period_kind = $kind and period_start <= $as_of_day
        order by period_start desc
        """,
        {"kind": str(kind), "as_of_day": as_of_day},
    )
    starts = [row["period_start"] for row in rows]
    return [AvailablePeriod(start, periods.last_day(start, kind) <= as_of_day) for start in starts]
