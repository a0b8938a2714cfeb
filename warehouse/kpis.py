"""Answers to KPI questions: from the mart where it holds them, else from the facts by the mart's own SQL.

Every answer takes a scope. A scope that is limited to regions is a filter like any other, so what a reader may not
see is in no sum either.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from warehouse.kpi_question import DIMENSIONS, KPI_COLUMNS, Kpi, KpiQuestion, catalogue, check_question
from warehouse.reading import BuildReader
from warehouse.scope import Scope

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS = ", ".join(KPI_COLUMNS)


def answer(reader: BuildReader, question: KpiQuestion, scope: Scope) -> "pd.DataFrame":
    """Return one row per KPI, period and slice value, in the columns of kpi.mart_kpis.

    Raises QueryError when the question names something that does not exist.
    """
    known = catalogue(reader)
    check_question(question, known)
    asked = [known[key] for key in question.kpis or known]
    conditions, parameters = _conditions(question, scope)
    if not conditions and _is_stored(reader, question, asked):
        return _from_mart(reader, question, asked)
    return _from_facts(reader, question, asked, conditions, parameters)


def tickets(reader: BuildReader, question: KpiQuestion, scope: Scope) -> "pd.DataFrame":
    """Return the rows behind a number: one per KPI and contribution, with what it adds to either side.

    Columns: kpi_key, period_start, slice_value, local_date, ticket_id, response_id (surveys), team_id, numerator,
    denominator; for medians and P90 `value` is the duration itself. Sums over the rows equal the answer's sides.
    Raises QueryError like `answer`.
    """
    known = catalogue(reader)
    check_question(question, known)
    conditions, parameters = _conditions(question, scope)
    sides = {row["kpi_key"]: row for row in reader.rows("select * from kpi.kpi_sides")}
    branches = [
        _ticket_branch(kpi, sides[kpi.kpi_key], question, conditions)
        for kpi in (known[key] for key in question.kpis or known)
    ]
    body = "\nunion all\n".join(branches)
    order = "order by kpi_key, period_start, slice_value, local_date, ticket_id"
    return reader.frame(f"{body}\n{order}", parameters)


def explain(reader: BuildReader, kpi_key: str) -> dict[str, Any]:
    """Return what the catalogue says of one KPI: definition, ruling, inputs, caveat, cohort, target."""
    check_question(KpiQuestion(kpis=(kpi_key,)), catalogue(reader))
    return reader.rows("select * from kpi.dim_kpis where kpi_key = ?", [kpi_key])[0]


def _is_stored(reader: BuildReader, question: KpiQuestion, asked: list[Kpi]) -> bool:
    has_percentiles = any(kpi.distribution for kpi in asked)
    stored = reader.rows(
        """
        select
            exists (
                from measures.measures_spine where slice_name = $slice_name and period_kind = $period_kind
            ) as in_measures,
            exists (
                from measures.percentiles_tickets where slice_name = $slice_name and period_kind = $period_kind
            ) as in_percentiles
        """,
        {"slice_name": question.slice_name, "period_kind": question.period_kind},
    )[0]
    return bool(stored["in_measures"] and (stored["in_percentiles"] or not has_percentiles))


def _from_mart(reader: BuildReader, question: KpiQuestion, asked: list[Kpi]) -> "pd.DataFrame":
    return reader.frame(
        f"""
        select {_COLUMNS}
        from kpi.mart_kpis
        where
            kpi_key in (select unnest($kpis))
            and slice_name = $slice_name
            and period_kind = $period_kind
            and period_start >= coalesce(date_trunc($period_kind, cast($period_from as date)), period_start)
            and period_start <= coalesce($period_to, period_start)
        order by kpi_key, period_start, slice_value
        """,  # noqa: S608 - constant text
        {
            "kpis": [kpi.kpi_key for kpi in asked],
            "slice_name": question.slice_name,
            "period_kind": question.period_kind,
            "period_from": question.period_from,
            "period_to": question.period_to,
        },
    )


def _from_facts(
    reader: BuildReader, question: KpiQuestion, asked: list[Kpi], conditions: str, parameters: Mapping[str, Any]
) -> "pd.DataFrame":
    stored_sql = {
        (row["fact"], row["name"]): row["body"] for row in reader.rows("select fact, name, body from kpi.kpi_sql")
    }
    facts = sorted({fact for fact, name in stored_sql if name == "measures"})
    grouped = [
        f"""asked_{fact} as (
            select
                {_group_columns(question)},
                {stored_sql[fact, "measures"]}
            from measures.contributions_{fact}
            where local_date is not null and {_where(question, conditions)}
            group by all
        )"""  # noqa: S608 - names and SQL of the build itself; values are parameters
        for fact in facts
    ]
    distributions = [
        f"""
            select
                '{name.removeprefix("percentiles:")}' as kpi_key,
                {_group_columns(question)},
                {body}
            from measures.contributions_{fact}
            where local_date is not null and {_where(question, conditions)}
            group by all
        """  # noqa: S608
        for (fact, name), body in stored_sql.items()
        if name.startswith("percentiles:")
    ]
    keys = "period_kind, period_start, slice_name, slice_value"
    spine = " union ".join(f"select {keys} from asked_{fact}" for fact in facts)  # noqa: S608
    sql = f"""
        with {", ".join(grouped)},
        asked_percentiles_tickets as ({" union all ".join(distributions)}),
        asked_spine as ({spine}),
        figures as ({stored_sql[None, "figures"]})
        select {_COLUMNS}
        from figures
        where kpi_key in (select unnest($kpis))
        order by kpi_key, period_start, slice_value
    """  # noqa: S608
    return reader.frame(sql, {**parameters, "kpis": [kpi.kpi_key for kpi in asked]})


def _group_columns(question: KpiQuestion) -> str:
    value = " || '|' || ".join(question.slice_columns) if question.slice_columns else "'all'"
    return (
        f"'{question.period_kind}' as period_kind, "
        f"cast(date_trunc('{question.period_kind}', local_date) as date) as period_start, "
        f"'{question.slice_name}' as slice_name, {value} as slice_value"
    )


def _where(question: KpiQuestion, conditions: str) -> str:
    """Rows of the asked periods: whole periods, as the mart has them."""
    parts = [conditions or "true"]
    if question.period_from:
        parts.append(f"local_date >= date_trunc('{question.period_kind}', date '{question.period_from.isoformat()}')")
    if question.period_to:
        parts.append(f"date_trunc('{question.period_kind}', local_date) <= date '{question.period_to.isoformat()}'")
    return " and ".join(parts)


def _conditions(question: KpiQuestion, scope: Scope) -> tuple[str, dict[str, Any]]:
    parts: list[str] = []
    parameters: dict[str, Any] = {}
    for position, (dimension, values) in enumerate(question.filters):
        parts.append(f"{DIMENSIONS[dimension]} in (select unnest($filter_{position}))")
        parameters[f"filter_{position}"] = list(values)
    if scope.regions is not None:
        parts.append("region_id in (select unnest($scope_regions))")
        parameters["scope_regions"] = sorted(scope.regions)
    return " and ".join(parts), parameters


def _ticket_branch(kpi: Kpi, sides: Mapping[str, Any], question: KpiQuestion, conditions: str) -> str:
    response = "response_id" if kpi.fact == "survey_responses" else "cast(null as varchar)"
    return f"""
        select
            '{kpi.kpi_key}' as kpi_key,
            cast(date_trunc('{question.period_kind}', local_date) as date) as period_start,
            {" || '|' || ".join(question.slice_columns) if question.slice_columns else "'all'"} as slice_value,
            local_date,
            ticket_id,
            {response} as response_id,
            team_id,
            {sides["numerator_sql"]} as numerator,
            {sides["denominator_sql"]} as denominator,
            {sides["value_sql"]} as value
        from measures.contributions_{kpi.fact}
        where local_date is not null and {_where(question, conditions)} and ({sides["condition_sql"]})
    """  # noqa: S608 - SQL of the build itself; values are parameters
