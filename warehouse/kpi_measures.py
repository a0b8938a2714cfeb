"""SQL that aggregates contributions on the fly: what `measures_<fact>` holds, for any slice, filter and period.

The build keeps the names of its facts, their shapes and measures (kpi.kpi_sql); values of a question are parameters.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from warehouse.kpi_question import STAGE_FACT, KpiQuestion

#: Local days of the build's calendar up to as-of.
DAYS = """
    select dates.local_date
    from core.dim_dates as dates
    cross join core.dim_run as runs
    where dates.local_date <= cast(timezone(runs.company_zone, timezone('UTC', runs.as_of)) as date)
"""


#: The zone of a stock's contribution, in which its days end.
ZONE = "coalesce(time_zone, 'UTC')"


@dataclass(frozen=True)
class Fact:
    """A fact of the build, as dbt's macro measure_facts describes it.

    `flow` measures add up, `stock` contributions are changes, `stages` count per stage, a row of `periods` belongs to
    one kind of period. `ageing` names the measures that grow by a second per second and unit of another measure.
    """

    name: str
    shape: str
    measures: tuple[str, ...]
    ageing: Mapping[str, str]

    @classmethod
    def stored(cls, name: str, shape: str, body: str) -> "Fact":
        """Return the fact from its row in kpi.kpi_sql; a measure that ages says of what: `age_seconds=open_cases`."""
        pairs = [token.partition("=") for token in body.split()]
        measures = tuple(measure for measure, _, _ in pairs)
        return cls(name, shape, measures, {measure: unit for measure, _, unit in pairs if unit})


def slice_value_sql(question: KpiQuestion) -> str:
    """Return SQL of the member: ids joined by a bar."""
    return " || '|' || ".join(question.slice_columns) if question.slice_columns else "'all'"


def period_start_sql(question: KpiQuestion, day: str = "local_date") -> str:
    return f"cast(date_trunc('{question.period_kind}', {day}) as date)"


def rows_of_fact(fact: str, shape: str, question: KpiQuestion, conditions: str) -> str:
    """Return the condition that a contribution of a fact must meet, apart from its date."""
    parts = [conditions or "true", "local_date is not null"]
    if shape == "periods":
        parts.append(f"period_kind = '{question.period_kind}'")
    if fact == STAGE_FACT:
        parts.append("stage <> 'all'" if question.is_about_stages else "stage = 'all'")
    return " and ".join(parts)


def in_days(question: KpiQuestion) -> str:
    """Return the condition that a contribution lies in an asked period, on its plain date.

    DuckDB carries such a condition down to the fact; one on a function of the date stays above the views and costs a
    hundred times as much.
    """
    parts = ["true"]
    kind = question.period_kind
    if question.period_from:
        first = f"date_trunc('{kind}', date '{question.period_from.isoformat()}')"
        parts.append(f"local_date >= cast({first} as date)")
    if question.period_to:
        last = f"date_trunc('{kind}', date '{question.period_to.isoformat()}')"
        parts.append(f"local_date < cast({last} + interval 1 {kind} as date)")
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
    rows = f"measures.contributions_{fact.name} where {rows_of_fact(fact.name, fact.shape, question, conditions)}"
    if fact.shape == "stock":
        return _asked_stock(fact, question, rows, sums)
    return f"""
        select {_keys(question, period_start_sql(question), slice_value_sql(question))}, {sums}
        from {rows} and {in_days(question)}
        group by all
    """  # noqa: S608 - names of the build itself; values are parameters


def asked_percentiles(kpi_key: str, fact: str, body: str, question: KpiQuestion, conditions: str) -> str:
    """Return a query in the columns of `percentiles_<fact>`; `body` is what the build keeps for a KPI.

    It has places for `{keys}` and `{rows}`; builds from before that kept the columns only.
    """
    keys = f"'{kpi_key}' as kpi_key, {_keys(question, period_start_sql(question), slice_value_sql(question))}"
    rows = (
        f"measures.contributions_{fact} where {rows_of_fact(fact, 'flow', question, conditions)}"
        f" and {in_days(question)}"
    )
    if "{rows}" in body:
        return body.replace("{keys}", keys).replace("{rows}", rows)
    return f"select {keys}, {body} from {rows} group by all"  # noqa: S608 - names of the build itself


def day_end_epoch_sql(last_date: str, zone: str) -> str:
    """Return SQL of the end of a local day, or as-of (of `runs`) where that comes first, in seconds since the epoch."""
    midnight = f"timezone('UTC', timezone({zone}, cast({last_date} as timestamp) + interval 1 day))"
    earlier = f"case when {midnight} < runs.as_of then {midnight} else runs.as_of end"
    return f"cast(epoch_us({earlier}) / 1000000.0 as decimal(18, 6))"


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
    shown = ", ".join(f"sum({_aged(fact, measure)}) as {measure}" for measure in fact.measures)
    return f"""
        with changes as (
            select {slice_value_sql(question)} as member, {ZONE} as zone, local_date, {sums} from {rows} group by all
        ),
        running as (
            select member, zone, local_date, {running} from changes
            window so_far as (
                partition by member, zone order by local_date rows between unbounded preceding and current row
            )
        ),
        grid as (
            select
                members.member, members.zone, periods.period_start, periods.last_date,
                {day_end_epoch_sql("periods.last_date", "members.zone")} as day_end_epoch
            from (select member, zone, min(local_date) as first_date from changes group by member, zone) as members
            inner join ({asked_days(question)}) as periods on members.first_date <= periods.last_date
            cross join core.dim_run as runs
        )
        select {_keys(question, "grid.period_start", "grid.member")}, {shown}
        from grid
        asof inner join running
            on grid.member = running.member and grid.zone = running.zone and grid.last_date >= running.local_date
        group by grid.period_start, grid.member
    """  # noqa: S608


def _aged(fact: Fact, measure: str) -> str:
    unit = fact.ageing.get(measure)
    return f"running.{measure} + running.{unit} * grid.day_end_epoch" if unit else f"running.{measure}"


def _keys(question: KpiQuestion, period_start: str, member: str) -> str:
    return (
        f"'{question.period_kind}' as period_kind, {period_start} as period_start, "
        f"'{question.slice_name}' as slice_name, {member} as slice_value"
    )
