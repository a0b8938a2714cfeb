"""The members of slices: what regions, teams and case types are called, and which of them nobody registered."""

from dataclasses import dataclass

from dashboards.language import Phrases
from dashboards.queries.cached import cached_query
from warehouse.reading import BuildReader
from warehouse.scope import Scope

UNKNOWN_MEMBER = "unknown"


@dataclass(frozen=True)
class Member:
    """One value of a slice. `is_registered` is false for codes that no reference list knows."""

    code: str
    name: str
    is_registered: bool = True


@cached_query
def regions(reader: BuildReader, scope: Scope, phrases: Phrases) -> dict[str, Member]:
    """Return the regions that the scope may see by id, in the order of their names' groups."""
    rows = reader.rows(
        """
        select region_id as code, name_en, name_zh, is_registered from core.dim_regions
        where $regions is null or list_contains($regions, region_id)
        order by region_id = 'unknown', not is_registered, macro_region_en, name_en, region_id
        """,
        {"regions": _visible(scope)},
    )
    return _members(rows, phrases)


@cached_query
def teams(reader: BuildReader, scope: Scope, phrases: Phrases) -> dict[str, Member]:
    """Return the teams whose region the scope may see by id."""
    rows = reader.rows(
        """
        select team_id as code, name_en, name_zh, is_registered from core.dim_teams
        where $regions is null or list_contains($regions, region_id)
        order by team_id = 'unknown', not is_registered, function, name_en, team_id
        """,
        {"regions": _visible(scope)},
    )
    return _members(rows, phrases)


@cached_query
def case_types(reader: BuildReader, scope: Scope, phrases: Phrases) -> dict[str, Member]:
    """Return the case types that occur, by code."""
    rows = reader.rows(
        """
        select distinct slice_value as code from kpi.mart_kpis
        where slice_name = 'case_type' and period_kind = 'year' and kpi_key = 'tickets_created' and numerator > 0
        order by code = 'unknown', code
        """
    )
    return {row["code"]: Member(row["code"], phrases.code("case_type", row["code"])) for row in rows}


@cached_query
def unregistered(reader: BuildReader, scope: Scope) -> list[tuple[str, str]]:
    """Return (kind, code) of members that occur in data and in no reference list."""
    rows = reader.rows(
        """
        select 'region' as kind, region_id as code from core.dim_regions
        where not is_registered and ($regions is null or list_contains($regions, region_id))
        union all
        select 'team', team_id from core.dim_teams
        where not is_registered and ($regions is null or list_contains($regions, region_id))
        union all
        select 'root_cause', root_cause_id from core.dim_root_causes
        where not is_registered
        order by kind, code
        """,
        {"regions": _visible(scope)},
    )
    return [(row["kind"], row["code"]) for row in rows if row["code"] != UNKNOWN_MEMBER]


def _visible(scope: Scope) -> list[str] | None:
    return None if scope.regions is None else sorted(scope.regions)


def _members(rows: list[dict[str, object]], phrases: Phrases) -> dict[str, Member]:
    members = {}
    for row in rows:
        code = str(row["code"])
        name = (
            phrases("member.unknown")
            if code == UNKNOWN_MEMBER
            else phrases.pick(_text(row["name_en"]), _text(row["name_zh"])) or code
        )
        members[code] = Member(code, name, bool(row["is_registered"]))
    return members


def _text(value: object) -> str | None:
    return None if value is None else str(value)
