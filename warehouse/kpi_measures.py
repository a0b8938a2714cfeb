"""SQL that aggregates contributions on the fly: what `measures_<fact>` holds, for any slice, filter and period.

The build keeps the names of its facts, their shapes and measures (kpi.kpi_sql); values of a question are parameters.
"""

from dataclasses import dataclass

from warehouse.kpi_question import STAGE_FACT, KpiQuestion

#: Local days of the build's calendar up to as-of.
DAYS = """
    select dates.local_date
    from core.dim_dates as dates
    cross join core.dim_run as runs
    where dates.local_date <= cast(timezone(runs.company_zone, timezone('UTC', runs.as_of)) as date)
"""


@dataclass(frozen=True)
class Fact:
    """A fact of the build: `flow` measures add up, `stock` contributions are changes, `stages` count per stage."""

    name: str
    shape: str
    measures: tuple[str, ...]


def slice_value_sql(question: KpiQuestion) -> str:
    """Return SQL of the member: ids joined by a bar."""
    return " || '|' || ".join(question.slice_columns) if question.slice_columns else "'all'"


def period_start_sql(question: KpiQuestion, day: str = "local_date") -> str:
    return f"cast(date_trunc('{question.period_kind}', {day}) as date)"


def rows_of_fact(fact: str, question: KpiQuestion, conditions: str) -> str:
    """Return the condition that a contribution of a fact must meet, apart from its date."""
    parts = [conditions or "true", "local_date is not null"]
    if fact == STAGE_FACT:
        parts.append("stage <> 'all'" if question.is_about_stages else "stage = 'all'")
    return " and ".join(parts)


def in_periods(question: KpiQuestion, period_start: str) -> str:
    """Return the condition that a period is asked for: whole periods, as the mart has them."""
    parts = ["true"]
    if question.period_from:
        first = f"date_trunc('{question.period_kind}', date '{question.period_from.isoformat()}')"
        parts.append(f"{period_start} >= {first}")
    if question.period_to:
        parts.append(f"{period_start} <= date '{question.period_to.isoformat()}'")
    return " and ".join(parts)


def asked_measures(fact: Fact, question: KpiQuestion, conditions: str) -> str:
    """Return a query with one row per asked period and member, in the columns of `measures_<fact>`."""
    sums = ", ".join(f"sum({measure}) as {measure}" for measure in fact.measures)
    rows = f"measures.contributions_{fact.name} where {rows_of_fact(fact.name, question, conditions)}"
    if fact.shape == "stock":
        return _asked_stock(fact, question, rows, sums)
    return f"""
        select {_keys(question, period_start_sql(question), slice_value_sql(question))}, {sums}
        from {rows} and {in_periods(question, period_start_sql(question))}
        group by all
    """  # noqa: S608 - names of the build itself; values are parameters


def asked_percentiles(kpi_key: str, fact: str, columns: str, question: KpiQuestion, conditions: str) -> str:
    """Return a query in the columns of `percentiles_<fact>`."""
    return f"""
        select
            '{kpi_key}' as kpi_key,
            {_keys(question, period_start_sql(question), slice_value_sql(question))},
            {columns}
        from measures.contributions_{fact}
        where {rows_of_fact(fact, question, conditions)} and {in_periods(question, period_start_sql(question))}
        group by all
    """  # noqa: S608


def asked_days(question: KpiQuestion) -> str:
    """Return a query with the asked periods and the last local day of each that has come."""
    return f"""
        select {period_start_sql(question)} as period_start, max(local_date) as last_date
        from ({DAYS})
        where {in_periods(question, period_start_sql(question))}
        group by 1
    """  # noqa: S608


def _asked_stock(fact: Fact, question: KpiQuestion, rows: str, sums: str) -> str:
    running = ", ".join(f"sum({measure}) over so_far as {measure}" for measure in fact.measures)
    shown = ", ".join(f"running.{measure}" for measure in fact.measures)
    return f"""
        with changes as (
            select {slice_value_sql(question)} as member, local_date, {sums} from {rows} group by all
        ),
        running as (
            select member, local_date, {running} from changes
            window so_far as (
                partition by member order by local_date rows between unbounded preceding and current row
            )
        ),
        grid as (
            select members.member, periods.period_start, periods.last_date
            from (select member, min(local_date) as first_date from changes group by member) as members
            inner join ({asked_days(question)}) as periods on members.first_date <= periods.last_date
        )
        select {_keys(question, "grid.period_start", "grid.member")}, {shown}
        from grid
        asof inner join running on grid.member = running.member and grid.last_date >= running.local_date
    """  # noqa: S608


def _keys(question: KpiQuestion, period_start: str, member: str) -> str:
    return (
        f"'{question.period_kind}' as period_kind, {period_start} as period_start, "
        f"'{question.slice_name}' as slice_name, {member} as slice_value"
    )
