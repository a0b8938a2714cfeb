"""Answers to KPI questions: from the mart where it holds them, else from the facts by the mart's own SQL.

Every answer takes a scope. A scope that is limited to regions is a filter like any other, so what a reader may not
see is in no sum either.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from warehouse.kpi_measures import (
    ZONE,
    Fact,
    asked_days,
    asked_measures,
    asked_percentiles,
    day_end_epoch_sql,
    in_periods,
    period_start_sql,
    rows_of_fact,
    slice_value_sql,
)
from warehouse.kpi_question import DIMENSIONS, KPI_COLUMNS, STAGE_FACT, Kpi, KpiQuestion, catalogue, check_question
from warehouse.reading import BuildReader, Scratch
from warehouse.scope import Scope

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS = ", ".join(KPI_COLUMNS)
_SPINE = "period_kind, period_start, slice_name, slice_value"
_ORDER = ["kpi_key", "period_start", "slice_value"]
_ROW_ORDER = [*_ORDER, "local_date", "ticket_id", "fact_id"]
_STORED_ROWS = """
    select * from measures.{stored}
    where
        slice_name = $slice_name
        and period_kind = $period_kind
        and period_start >= coalesce(date_trunc($period_kind, cast($period_from as date)), period_start)
        and period_start <= coalesce($period_to, period_start)
"""
_KPIS_AT_A_TIME = 8
_ROW_COLUMNS = [*_ROW_ORDER[:5], "fact", "fact_id", "team_id", "numerator", "denominator", "value"]

_Part = TypeVar("_Part")


def answer(reader: BuildReader, question: KpiQuestion, scope: Scope) -> "pd.DataFrame":
    """Return one row per KPI, period and slice value, in the columns of kpi.mart_kpis.

    Raises QueryError when the question names something that does not exist.
    """
    asked = _asked(question, catalogue(reader))
    conditions, parameters = _conditions(question, scope)
    if not conditions and _is_stored(reader, question, asked):
        return _from_mart(reader, question, asked)
    return _from_facts(reader, question, asked, conditions, parameters)


def tickets(reader: BuildReader, question: KpiQuestion, scope: Scope) -> "pd.DataFrame":
    """Return the rows behind a number: one per KPI and contribution, with what it adds to either side.

    Columns: kpi_key, period_start, slice_value, local_date, ticket_id, fact, fact_id (the row's own number: of the
    response, the work order, …), team_id, numerator, denominator; for medians and P90 `value` is the duration itself.
    Sums over the rows equal the answer's sides. For a stock the rows are what stood at the end of the period.
    Raises QueryError like `answer`.
    """
    import pandas as pd

    asked = {
        kpi.kpi_key
        for kpi in _asked(question, catalogue(reader))
        if kpi.has_slice(question.slice_name) and kpi.has_period(question.period_kind)
    }
    conditions, parameters = _conditions(question, scope)
    sides = reader.rows("select * from kpi.kpi_sides order by kpi_key, fact")
    branches = [
        _stock_branch(side, question, conditions)
        if side["shape"] == "stock"
        else _ticket_branch(side, question, conditions)
        for side in sides
        if side["kpi_key"] in asked
    ]
    if not branches:
        return pd.DataFrame(columns=_ROW_COLUMNS)
    frames = [reader.frame("\nunion all\n".join(chosen), parameters) for chosen in _in_chunks(branches)]
    return pd.concat(frames, ignore_index=True).sort_values(_ROW_ORDER, ignore_index=True)


def _asked(question: KpiQuestion, known: Mapping[str, Kpi]) -> list[Kpi]:
    check_question(question, dict(known))
    asked = [known[key] for key in question.kpis or known]
    return [kpi for kpi in asked if kpi.fact == STAGE_FACT or not question.is_about_stages]


def _is_stored(reader: BuildReader, question: KpiQuestion, asked: list[Kpi]) -> bool:
    parameters = {"slice_name": question.slice_name, "period_kind": question.period_kind}
    relations = ["measures.measures_spine"]
    relations += [f"measures.percentiles_{fact}" for fact in {kpi.fact for kpi in asked if kpi.distribution}]
    found = [
        reader.rows(
            f"""
            select exists (
                from {relation} where slice_name = $slice_name and period_kind = $period_kind
            ) as is_stored
            """,  # noqa: S608 - names of the build itself
            parameters,
        )[0]["is_stored"]
        for relation in relations
    ]
    return all(found)


def _from_mart(reader: BuildReader, question: KpiQuestion, asked: list[Kpi]) -> "pd.DataFrame":
    """Read the figures off the stored measures of the asked slice and periods.

    The view kpi.mart_kpis would do the same with every KPI of the catalogue: it is one branch per KPI.
    """
    parameters = {
        "slice_name": question.slice_name,
        "period_kind": question.period_kind,
        "period_from": question.period_from,
        "period_to": question.period_to,
    }
    with reader.scratch() as scratch:
        figures = _figures(reader, asked)
        relations = {f"asked_{fact}": f"measures_{fact}" for fact in _facts_of(figures)}
        relations |= {
            f"asked_percentiles_{fact}": f"percentiles_{fact}"
            for fact in {kpi.fact for kpi in asked if kpi.distribution}
        }
        for name, stored in {**relations, "asked_spine": "measures_spine"}.items():
            scratch.keep(name, _STORED_ROWS.format(stored=stored), parameters)
        return _read_off(scratch, figures)


def _from_facts(
    reader: BuildReader, question: KpiQuestion, asked: list[Kpi], conditions: str, parameters: Mapping[str, Any]
) -> "pd.DataFrame":
    """Aggregate the contributions of the asked facts once, then read the figures off."""
    figures = _figures(reader, asked)
    facts = _facts_of(figures)
    stored = reader.rows("select name, kpi_key, fact, body from kpi.kpi_sql where name <> 'figures'")
    shapes = {row["fact"]: row for row in stored if row["kpi_key"] is None}
    spine = " union ".join(f"select {_SPINE} from asked_{fact}" for fact in facts)  # noqa: S608
    with reader.scratch() as scratch:
        for fact in facts:
            scratch.keep(f"asked_{fact}", asked_measures(_fact(shapes[fact]), question, conditions), parameters)
        for fact, query in _asked_percentiles(stored, asked, question, conditions).items():
            scratch.keep(f"asked_percentiles_{fact}", query, parameters)
        scratch.keep("asked_spine", spine)
        return _read_off(scratch, figures)


def _figures(reader: BuildReader, asked: list[Kpi]) -> list[dict[str, Any]]:
    """Return the SQL of the figures of KPIs, over relations called asked_…, as the build keeps it."""
    return reader.rows(
        """
        select kpi_key, fact, body from kpi.kpi_sql
        where name = 'figures' and kpi_key in (select unnest($kpis))
        """,
        {"kpis": [kpi.kpi_key for kpi in asked]},
    )


def _facts_of(figures: Sequence[Mapping[str, Any]]) -> list[str]:
    return sorted({fact for row in figures for fact in row["fact"].split()})


def _read_off(scratch: Scratch, figures: Sequence[Mapping[str, Any]]) -> "pd.DataFrame":
    """Return the figures of the kept measures, computed a few KPIs at a time."""
    import pandas as pd

    frames = [
        scratch.frame(" union all ".join(f"(select {_COLUMNS} from ({row['body']}))" for row in chosen))  # noqa: S608
        for chosen in _in_chunks(figures)
    ]
    return pd.concat(frames, ignore_index=True).sort_values(_ORDER, ignore_index=True)


def _asked_percentiles(
    stored: Sequence[Mapping[str, Any]], asked: Sequence[Kpi], question: KpiQuestion, conditions: str
) -> dict[str, str]:
    wanted = {kpi.distribution for kpi in asked if kpi.distribution}
    queries: dict[str, list[str]] = {}
    for row in stored:
        if row["name"] == "percentiles" and row["kpi_key"] in wanted:
            query = asked_percentiles(row["kpi_key"], row["fact"], row["body"], question, conditions)
            queries.setdefault(row["fact"], []).append(query)
    return {fact: " union all ".join(parts) for fact, parts in queries.items()}


def _in_chunks(rows: Sequence[_Part]) -> Iterator[Sequence[_Part]]:
    """Yield a few parts at a time: one query of all KPIs takes more memory than a reader has."""
    for start in range(0, len(rows), _KPIS_AT_A_TIME):
        yield rows[start : start + _KPIS_AT_A_TIME]


def _fact(row: Mapping[str, Any]) -> Fact:
    return Fact.stored(row["fact"], row["name"], row["body"])


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


def _ticket_branch(side: Mapping[str, Any], question: KpiQuestion, conditions: str) -> str:
    period_start = period_start_sql(question)
    return f"""
        select
            '{side["kpi_key"]}' as kpi_key,
            {period_start} as period_start,
            {slice_value_sql(question)} as slice_value,
            local_date,
            ticket_id,
            '{side["fact"]}' as fact,
            {side["id_column"]} as fact_id,
            team_id,
            {side["numerator_sql"]} as numerator,
            {side["denominator_sql"]} as denominator,
            {side["value_sql"]} as value
        from measures.contributions_{side["fact"]}
        where
            {rows_of_fact(side["fact"], side["shape"], question, conditions)}
            and {in_periods(question, period_start)}
            and ({side["condition_sql"]})
    """  # noqa: S608 - SQL of the build itself; values are parameters


def _stock_branch(side: Mapping[str, Any], question: KpiQuestion, conditions: str) -> str:
    """What joined and did not leave again by the last day of a period."""
    return f"""
        select
            '{side["kpi_key"]}' as kpi_key,
            period_start,
            {slice_value_sql(question)} as slice_value,
            max(local_date) as local_date,
            ticket_id,
            '{side["fact"]}' as fact,
            {side["id_column"]} as fact_id,
            team_id,
            sum({side["numerator_sql"]}) as numerator,
            sum({side["denominator_sql"]}) as denominator,
            cast(null as double) as value
        from (
            select changes.*, periods.period_start, {day_end_epoch_sql("periods.last_date", ZONE)} as day_end_epoch
            from measures.contributions_{side["fact"]} as changes
            inner join ({asked_days(question)}) as periods
                on changes.local_date <= periods.last_date
            cross join core.dim_run as runs
        )
        where {rows_of_fact(side["fact"], side["shape"], question, conditions)} and ({side["condition_sql"]})
        group by all
        having coalesce(sum({side["numerator_sql"]}), 0) <> 0 or coalesce(sum({side["denominator_sql"]}), 0) <> 0
    """  # noqa: S608
