"""Our figures against what the sources say themselves, ticket by ticket: how often they agree, and why they differ."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from dashboards.queries.cached import cached_query
from warehouse.reading import BuildReader
from warehouse.scope import Scope

#: The cause of a difference for which no rule and no trace in the data was found.
UNEXPLAINED = "unexplained"

_ROWS = """
    ($visible is null or list_contains($visible, region_id))
    and ($regions is null or list_contains($regions, region_id))
    and ($system is null or source_system = $system)
    and ($opened_in is null or date_trunc('month', opened_date) = $opened_in)
"""


@dataclass(frozen=True)
class Chosen:
    """What the page is limited to: regions, one source system, the month in which tickets were opened."""

    regions: tuple[str, ...] = ()
    system: str | None = None
    opened_in: date | None = None


@cached_query
def has_reconciliation(reader: BuildReader, scope: Scope) -> bool:
    """Return whether the build has the comparison; builds from before this version do not."""
    sql = "select 1 from information_schema.tables where table_schema = 'core' and table_name = 'fct_reconciliation'"
    return bool(reader.rows(sql))


@cached_query
def systems(reader: BuildReader, scope: Scope) -> list[str]:
    """Return the source systems with tickets in sight, also those that state nothing."""
    rows = reader.rows(
        """
        select distinct source_system from core.fct_tickets
        where $visible is null or list_contains($visible, region_id)
        order by source_system
        """,
        {"visible": _visible(scope)},
    )
    return [str(row["source_system"]) for row in rows if row["source_system"] is not None]


@cached_query
def months(reader: BuildReader, scope: Scope) -> list[date]:
    """Return the months in which compared tickets were opened, newest first."""
    rows = reader.rows(
        """
        select distinct cast(date_trunc('month', opened_date) as date) as opened_in from core.fct_reconciliation
        where ($visible is null or list_contains($visible, region_id)) and opened_date is not null
        order by opened_in desc
        """,
        {"visible": _visible(scope)},
    )
    return [row["opened_in"] for row in rows]


@cached_query
def ticket_count(reader: BuildReader, scope: Scope, chosen: Chosen) -> int:
    """Return how many tickets there are to compare, whether their source states something or not."""
    sql = f"select count(*) as tickets from core.fct_tickets where {_ROWS}"  # noqa: S608 - a constant
    return int(reader.rows(sql, _parameters(scope, chosen))[0]["tickets"])


@cached_query
def verdicts(reader: BuildReader, scope: Scope, chosen: Chosen) -> pd.DataFrame:
    """Return one row per verdict that is stated: compared, equal, differing, own_unknown, unexplained (tickets).

    `own_unknown` are the differing ones of which we say nothing at all.
    """
    return reader.frame(
        f"""
        select
            verdict, count(*) as compared, count(*) filter (where is_equal) as equal,
            count(*) filter (where not is_equal) as differing,
            count(*) filter (where own_value is null) as own_unknown,
            count(*) filter (where cause = '{UNEXPLAINED}') as unexplained
        from core.fct_reconciliation
        where {_ROWS}
        group by verdict
        order by verdict
        """,  # noqa: S608 - constants
        _parameters(scope, chosen),
    )


@cached_query
def causes(reader: BuildReader, scope: Scope, chosen: Chosen, verdict: str) -> pd.DataFrame:
    """Return one row per cause of a verdict's differences: tickets, and the median difference; most frequent first."""
    return reader.frame(
        f"""
        select cause, count(*) as tickets, median(difference) as median_difference
        from core.fct_reconciliation
        where not is_equal and verdict = $verdict and {_ROWS}
        group by cause
        order by tickets desc, cause
        """,  # noqa: S608 - a constant
        {"verdict": verdict, **_parameters(scope, chosen)},
    )


@cached_query
def differing_tickets(
    reader: BuildReader, scope: Scope, chosen: Chosen, verdict: str, cause: str, most: int | None = None
) -> pd.DataFrame:
    """Return the tickets behind a cause with both values, the largest differences first; all of them without `most`."""
    return reader.frame(
        f"""
        select ticket_id, source_system, region_id, opened_date, verdict, source_value, own_value, difference, cause
        from core.fct_reconciliation
        where verdict = $verdict and cause = $cause and {_ROWS}
        order by abs(difference) desc nulls last, ticket_id
        {"" if most is None else "limit $most"}
        """,  # noqa: S608 - constants
        {
            "verdict": verdict,
            "cause": cause,
            **({} if most is None else {"most": most}),
            **_parameters(scope, chosen),
        },
    )


def _parameters(scope: Scope, chosen: Chosen) -> dict[str, Any]:
    return {
        "visible": _visible(scope),
        "regions": sorted(chosen.regions) or None,
        "system": chosen.system,
        "opened_in": chosen.opened_in,
    }


def _visible(scope: Scope) -> list[str] | None:
    return None if scope.regions is None else sorted(scope.regions)
