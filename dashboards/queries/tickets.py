"""The tickets behind a number: what each adds to its two sides, and what the ticket is. No person is named."""

from datetime import date

import pandas as pd

from dashboards.periods import PeriodKind
from dashboards.queries.cached import cached_query
from warehouse.kpi_question import Filters
from warehouse.kpis import KpiQuestion, tickets
from warehouse.reading import BuildReader
from warehouse.scope import Scope

#: What is told of a ticket itself: codes, and the UTC instant from which its durations count.
FACTS = ("case_opened_at", "region_id", "case_type", "channel", "root_cause_id", "product_id", "priority", "status")


@cached_query
def tickets_behind(
    reader: BuildReader,
    scope: Scope,
    kpi_key: str,
    slice_name: str,
    members: Filters,
    kind: PeriodKind,
    start: date,
    filters: Filters,
) -> pd.DataFrame:
    """Return one row per contribution to a KPI of one period and slice member; sums equal the KPI's two sides.

    `members` holds one value per dimension of the slice. Columns: those of `warehouse.kpis.tickets`, and FACTS.
    """
    question = KpiQuestion(
        kpis=(kpi_key,),
        slice_name=slice_name,
        period_kind=str(kind),
        period_from=start,
        period_to=start,
        filters=(*filters, *members),
    )
    found = tickets(reader, question, scope)
    return found.merge(_facts(reader, scope, found["ticket_id"].dropna().unique().tolist()), on="ticket_id", how="left")


def _facts(reader: BuildReader, scope: Scope, ticket_ids: list[str]) -> pd.DataFrame:
    return reader.frame(
        f"""
        select ticket_id, {", ".join(FACTS)}
        from core.fct_tickets
        where
            ticket_id in (select unnest(cast($ids as varchar[])))
            and ($regions is null or list_contains($regions, region_id))
        """,  # noqa: S608 - constant names; values are parameters
        {"ids": ticket_ids, "regions": None if scope.regions is None else sorted(scope.regions)},
    )
