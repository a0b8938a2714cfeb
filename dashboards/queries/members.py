"""The members of slices: what regions, teams, causes and the rest are called, and which of them nobody registered."""

from dataclasses import dataclass
from typing import Any

from dashboards.language import Phrases
from dashboards.queries.cached import cached_query
from warehouse.reading import BuildReader
from warehouse.scope import Scope

UNKNOWN_MEMBER = "unknown"

#: Dimensions whose members are codes with words in the texts, and what lists the codes.
_CODES = {
    "case_type": "select distinct case_type as code from core.fct_tickets where is_case and {visible}",
    "channel": "select distinct channel as code from core.fct_tickets where is_case and {visible}",
    "product_category": "select distinct category as code from core.dim_products",
    "root_cause_category": "select distinct category as code from core.dim_root_causes",
    "employment": "select unnest(['in_house', 'outsourced', 'unknown']) as code",
}

#: Dimensions with a table of their own, in the order in which members are listed.
_NAMED = {
    "region": """
        select region_id as code, name_en, name_zh, is_registered from core.dim_regions
        where {visible}
        order by region_id = 'unknown', not is_registered, macro_region_en, name_en, region_id
    """,
    "team": """
        select team_id as code, name_en, name_zh, is_registered from core.dim_teams
        where {visible}
        order by team_id = 'unknown', not is_registered, function, name_en, team_id
    """,
    "root_cause": """
        select root_cause_id as code, name_en, name_zh, is_registered from core.dim_root_causes
        order by root_cause_id = 'unknown', not is_registered, root_cause_id
    """,
    "product": """
        select product_id as code, product_name as name_en, product_name as name_zh, is_registered
        from core.dim_products
        order by product_id = 'unknown', not is_registered, product_id
    """,
    "macro_region": """
        select macro_region_en as code, any_value(macro_region_en) as name_en, any_value(macro_region_zh) as name_zh,
            bool_or(is_registered) as is_registered
        from core.dim_regions
        where {visible}
        group by macro_region_en
        order by code = 'unknown', code
    """,
    "stage": """
        select stage as code, stage as name_en, stage as name_zh, true as is_registered
        from core.dim_stages
        order by position
    """,
}

_VISIBLE = "($regions is null or list_contains($regions, region_id))"

#: Tables that builds made before this version do not have.
_YOUNG_TABLES = {"stage": ("core", "dim_stages"), "product": ("core", "dim_products")}


@dataclass(frozen=True)
class Member:
    """One value of a slice. `is_registered` is false for codes that no reference list knows."""

    code: str
    name: str
    is_registered: bool = True


@cached_query
def known_members(reader: BuildReader, scope: Scope, phrases: Phrases, dimension: str) -> dict[str, Member]:
    """Return the members of a dimension that the scope may see by code; none of a dimension that has no list."""
    if dimension in _YOUNG_TABLES and not _has_table(reader, *_YOUNG_TABLES[dimension]):
        return {}
    if dimension in _NAMED:
        return _named(_rows(reader, scope, _NAMED[dimension]), phrases, dimension)
    if dimension not in _CODES or (dimension == "product_category" and not _has_table(reader, "core", "dim_products")):
        return {}
    codes = {str(row["code"] or UNKNOWN_MEMBER) for row in _rows(reader, scope, _CODES[dimension])}
    words = {code: _word(phrases, dimension, code) for code in codes}
    return {code: Member(code, words[code]) for code in sorted(codes, key=lambda code: (code == UNKNOWN_MEMBER, code))}


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
        {"regions": _regions(scope)},
    )
    return [(row["kind"], row["code"]) for row in rows if row["code"] != UNKNOWN_MEMBER]


def _rows(reader: BuildReader, scope: Scope, sql: str) -> list[dict[str, Any]]:
    parameters = {"regions": _regions(scope)} if "{visible}" in sql else {}
    return reader.rows(sql.format(visible=_VISIBLE), parameters)


def _has_table(reader: BuildReader, schema: str, name: str) -> bool:
    return bool(
        reader.rows("select 1 from information_schema.tables where table_schema = ? and table_name = ?", [schema, name])
    )


def _regions(scope: Scope) -> list[str] | None:
    return None if scope.regions is None else sorted(scope.regions)


def _word(phrases: Phrases, dimension: str, code: str) -> str:
    return phrases("member.unknown") if code == UNKNOWN_MEMBER else phrases.code(dimension, code)


def _named(rows: list[dict[str, Any]], phrases: Phrases, dimension: str) -> dict[str, Member]:
    """Members by code; those that the reference data only gives a code have their words in the texts."""
    members = {}
    for row in rows:
        code = str(row["code"])
        name = (
            phrases("member.unknown")
            if code == UNKNOWN_MEMBER
            else phrases.pick(_text(row["name_en"]), _text(row["name_zh"])) or code
        )
        if name == code:
            name = phrases.code(dimension, code)
        members[code] = Member(code, name, bool(row["is_registered"]))
    return members


def _text(value: object) -> str | None:
    return None if value is None else str(value)
