"""The miniature mart: a catalogue and the SQL of its figures, over stored measures and, for filters, over facts."""

from dataclasses import dataclass
from datetime import date

LAST_DAY = date(2025, 10, 31)

#: The survey source ends earlier than the tickets, so its last month is incomplete.
SURVEY_HORIZON = date(2025, 10, 20)


@dataclass(frozen=True)
class SmallKpi:
    """One KPI of the miniature catalogue and the SQL of its two sides over the measures `m`."""

    key: str
    family: str
    label_en: str
    label_zh: str
    unit: str
    direction: str
    statistic: str
    numerator: str
    denominator: str
    target: float | None = None
    distribution: str | None = None
    matures: bool = False
    contract: str = "crm.tickets"
    slices: str | None = None


#: key | family | English | Chinese | unit | direction | statistic | numerator | denominator | target | distribution
_CATALOGUE = """
tickets_created|volume|Tickets created|新建工单量|count|neutral|count|m.created|1||
tickets_resolved|volume|Tickets resolved|解决工单量|count|neutral|count|m.resolved|1||
first_response_minutes|response|First response time (mean)|首次响应时长（均值）|minutes|lower|mean|m.response_minutes|m.responses|15|
first_response_minutes_median|response|First response time (median)|首次响应时长（中位数）|minutes|lower|median|null|null|15|response
first_response_minutes_p90|response|First response time (P90)|首次响应时长（P90）|minutes|lower|p90|null|null||response
first_response_on_time_rate|response|First response on time|首次响应及时率|fraction|higher|rate|m.responses_on_time|m.responses|0.95|
resolution_hours_customer_calendar|resolution|Resolution time (mean)|解决时长（均值）|hours|lower|mean|m.resolution_hours|m.resolved|48|
resolution_hours_customer_calendar_median|resolution|Resolution time (median)|解决时长（中位数）|hours|lower|median|null|null||resolution
resolution_hours_customer_calendar_p90|resolution|Resolution time (P90)|解决时长（P90）|hours|lower|p90|null|null||resolution
resolution_on_time_rate|resolution|Resolved on time|按时解决率|fraction|higher|rate|m.resolved_on_time|m.resolved|0.95|
reopen_rate|resolution|Reopened within 7 days|7天重开率|fraction|lower|rate|m.reopened|m.resolved|0.05|
transfer_rate|resolution|Transferred|转派率|fraction|lower|rate|m.transferred|m.created|0.15|
csat_score|customer|Customer satisfaction|客户满意度|points|higher|mean|m.csat_sum|m.csat_answers|90|
complaint_rate|customer|Complaint rate|投诉率|fraction|lower|rate|m.complaints|m.created|0.35|
stage_hours|process|Hours by stage|环节时长|hours|lower|mean|m.stage_hours|m.staged||
stage_share|process|Share of the cycle|环节占比|fraction|neutral|mean|m.stage_hours|m.cycle_hours||
cost_per_ticket|cost|Cost per ticket|单均成本|currency|lower|mean|m.cost|m.resolved|300|
"""  # noqa: E501

#: KPIs that mean something on these slices only.
_SLICES_OF = {"stage_share": "stage region__stage"}

_DISTRIBUTIONS = {"response": "first_response_minutes", "resolution": "resolution_hours_customer_calendar"}


def _kpi(line: str) -> SmallKpi:
    *words, target, distribution = line.split("|")
    return SmallKpi(
        *words,
        target=float(target) if target else None,
        distribution=_DISTRIBUTIONS.get(distribution),
        matures=words[0] == "reopen_rate",
        contract="survey.responses" if words[0] == "csat_score" else "crm.tickets",
        slices=_SLICES_OF.get(words[0]),
    )


KPIS = tuple(_kpi(line) for line in _CATALOGUE.strip().splitlines())

#: What a source of bare tickets (id and opening time) can still tell.
TICKETS_ONLY_KPIS = ("tickets_created",)

_MEASURES = """
    count(*) filter (where stage is null) as created, coalesce(sum(is_resolved), 0) as resolved,
    sum(response_minutes) as response_minutes,
    count(response_minutes) as responses, sum(is_response_on_time) as responses_on_time,
    sum(resolution_hours) as resolution_hours, sum(is_resolved_on_time) as resolved_on_time,
    sum(is_reopened) as reopened, sum(is_transferred) as transferred, sum(csat) as csat_sum,
    count(csat) as csat_answers, sum(is_complaint) as complaints, sum(stage_hours) as stage_hours,
    count(distinct ticket_id) filter (where stage is not null) as staged, sum(cycle_hours) as cycle_hours,
    sum(cost) as cost
"""

_PERCENTILES = """
    count({0}) as n, quantile_cont({0}, 0.5) as p50, quantile_cont({0}, 0.9) as p90,
    quantile_cont({0}, 0.45) as p50_low, quantile_cont({0}, 0.55) as p50_high,
    quantile_cont({0}, 0.85) as p90_low, quantile_cont({0}, 0.94) as p90_high
"""

#: Measures of the fact of stages; a question about no stage reads its rows of the whole cycle (stage `all`).
_STAGE_MEASURES = ("stage_hours", "staged", "cycle_hours")

#: What one contribution adds to each measure.
_ROW_SQL = {
    "created": "case when stage is null then 1 end",
    "resolved": "is_resolved",
    "response_minutes": "response_minutes",
    "responses": "case when response_minutes is not null then 1 end",
    "responses_on_time": "is_response_on_time",
    "resolution_hours": "resolution_hours",
    "resolved_on_time": "is_resolved_on_time",
    "reopened": "is_reopened",
    "transferred": "is_transferred",
    "csat_sum": "csat",
    "csat_answers": "case when csat is not null then 1 end",
    "complaints": "is_complaint",
    "stage_hours": "stage_hours",
    "staged": "staged",
    "cycle_hours": "cycle_hours",
    "cost": "cost",
}

_DURATIONS = {"first_response_minutes": "response_minutes", "resolution_hours_customer_calendar": "resolution_hours"}

_PERIOD_END = """cast(s.period_start + (
    case s.period_kind when 'year' then interval 1 year when 'quarter' then interval 3 month
    when 'month' then interval 1 month when 'week' then interval 7 day else interval 1 day end
) as date)"""

_SLICES = {
    "total": "'all'",
    "macro_region": "macro_region",
    "region": "region_id",
    "team": "team_id",
    "case_type": "case_type",
    "root_cause": "root_cause_id",
    "product_category": "product_category",
    "channel": "channel",
    "employment": "employment",
    "stage": "stage",
    "region__team": "region_id || '|' || team_id",
    "region__root_cause": "region_id || '|' || root_cause_id",
    "region__stage": "region_id || '|' || stage",
}

#: The dimensions of a contribution.
MEMBERS = (
    "region_id", "macro_region", "team_id", "case_type", "root_cause_id", "root_cause_category", "channel", "priority",
    "product_id", "product_category", "employment", "segment", "source_system",
)  # fmt: skip

_PERCENTILE_SLICES = ("total", "macro_region", "region", "team", "case_type", "channel")

_PERIOD_KINDS = ("day", "week", "month", "quarter", "year")


def _group_columns(slice_name: str, kind: str) -> str:
    return (
        f"'{kind}' as period_kind, cast(date_trunc('{kind}', local_date) as date) as period_start, "
        f"'{slice_name}' as slice_name, {_SLICES[slice_name]} as slice_value"
    )


def mart_statements(tickets_only: bool) -> list[str]:
    cells = [
        (name, kind) for name in _SLICES for kind in _PERIOD_KINDS if "__" not in name or kind not in ("day", "week")
    ]
    measures = " union all ".join(
        f"select {_group_columns(name, kind)}, {_MEASURES} from measures.contributions_tickets "
        f"where {_SLICES[name]} is not null group by all"
        for name, kind in cells
    )
    percentiles = " union all ".join(
        f"select '{key}' as kpi_key, {_group_columns(name, kind)}, {_PERCENTILES.format(column)} "
        "from measures.contributions_tickets group by all"
        for key, column in _DURATIONS.items()
        for name, kind in cells
        if kind not in ("day", "week") and name in _PERCENTILE_SLICES
    )
    relations = ("measures.measures_spine", "measures.measures_tickets", "measures.percentiles_tickets")
    mart = " union all ".join(_branch(kpi, *relations, tickets_only) for kpi in KPIS)
    rows = ", ".join(f"({', '.join(map(_literal, row))})" for row in _stored_sql(tickets_only))
    keys = "period_kind, period_start, slice_name, slice_value"
    return [
        _measured_contributions(),
        _stage_contributions(),
        f"create table measures.measures_tickets as {measures}",
        f"create view measures.measures_ticket_stages as select {keys}, {', '.join(_STAGE_MEASURES)} "
        "from measures.measures_tickets",
        f"create table measures.measures_spine as select {keys} from measures.measures_tickets",
        f"create table measures.percentiles_tickets as {percentiles}",
        f"create view kpi.mart_kpis as {mart}",
        f"create table kpi.kpi_sides as {' union all '.join(_sides(kpi) for kpi in KPIS)}",
        f"create table kpi.kpi_sql as select * from (values {rows}) as stored(name, kpi_key, fact, body)",
    ]


def fact_of(kpi: SmallKpi) -> str:
    return "ticket_stages" if "stage_hours" in kpi.numerator else "tickets"


def _stored_sql(tickets_only: bool) -> list[tuple[str | None, ...]]:
    """Rows of kpi.kpi_sql (name, kpi_key, fact, body) as builds have them, and, first, as builds had them before."""
    figures = " union all ".join(
        _branch(kpi, "asked_spine", "asked_tickets", "asked_percentiles_tickets", tickets_only) for kpi in KPIS
    )
    before: list[tuple[str | None, ...]] = [
        ("figures", "", None, figures),
        ("measures", "", "tickets", _MEASURES),
        *((f"percentiles:{key}", "", "tickets", _PERCENTILES.format(name)) for key, name in _DURATIONS.items()),
    ]
    own = [name for name in _ROW_SQL if name not in _STAGE_MEASURES]
    return [
        *before,
        ("flow", None, "tickets", " ".join(own)),
        ("stages", None, "ticket_stages", " ".join(_STAGE_MEASURES)),
        *(("percentiles", key, "tickets", _PERCENTILES.format(name)) for key, name in _DURATIONS.items()),
        *(
            (
                "figures",
                kpi.key,
                fact_of(kpi),
                _branch(kpi, "asked_spine", f"asked_{fact_of(kpi)}", "asked_percentiles_tickets", tickets_only),
            )
            for kpi in KPIS
        ),
    ]


def _measured_contributions() -> str:
    added = ", ".join(
        f"{sql} as {name}" for name, sql in _ROW_SQL.items() if name != sql and name not in _STAGE_MEASURES
    )
    return f"""
        create or replace table measures.contributions_tickets as
        select *, {added} from measures.contributions_tickets
    """


def _stage_contributions() -> str:
    shared = "ticket_id, local_date, " + ", ".join(MEMBERS)
    return f"""
        create view measures.contributions_ticket_stages as
        select {shared}, stage, stage_hours, 1 as staged, cycle_hours
        from measures.contributions_tickets where stage is not null
        union all
        select {shared}, 'all', sum(stage_hours), 1, sum(stage_hours)
        from measures.contributions_tickets where stage is not null
        group by all
    """


def _sides(kpi: SmallKpi) -> str:
    numerator, denominator = (
        f"cast({_ROW_SQL.get(side.removeprefix('m.'), 'null')} as double)" for side in (kpi.numerator, kpi.denominator)
    )
    value = f"cast({_DURATIONS[kpi.distribution]} as double)" if kpi.distribution else "cast(null as double)"
    condition = f"({value}) is not null" if kpi.distribution else f"({numerator}) <> 0 or ({denominator}) <> 0"
    texts = ", ".join(
        f"{_literal(text)} as {name}"
        for name, text in (
            ("numerator_sql", numerator), ("denominator_sql", denominator), ("value_sql", value),
            ("condition_sql", condition), ("fact", fact_of(kpi)), ("id_column", "ticket_id"),
            ("shape", "stages" if fact_of(kpi) == "ticket_stages" else "flow"),
        )
    )  # fmt: skip
    return f"select {_literal(kpi.key)} as kpi_key, {texts}"


def _literal(text: str | None) -> str:
    return "null" if text is None else "'" + text.replace("'", "''") + "'"


def _branch(kpi: SmallKpi, spine: str, measures: str, percentiles: str, tickets_only: bool) -> str:
    is_absent = tickets_only and kpi.key not in TICKETS_ONLY_KPIS
    share = {"median": "p50", "p90": "p90"}.get(kpi.statistic)
    if share:
        value, n, low, high = f"d.{share}", "coalesce(d.n, 0)", f"d.{share}_low", f"d.{share}_high"
    elif kpi.statistic == "count":
        value, n, low, high = f"coalesce({kpi.numerator}, 0)", f"coalesce({kpi.numerator}, 0)", "null", "null"
    else:
        value, n = f"{kpi.numerator} / nullif({kpi.denominator}, 0)", f"coalesce({kpi.denominator}, 0)"
        margin = f"1.96 * sqrt({value} * (1 - {value}) / {kpi.denominator})"
        is_rate = kpi.statistic == "rate"
        low = f"greatest({value} - {margin}, 0)" if is_rate else "null"
        high = f"least({value} + {margin}, 1)" if is_rate else "null"
    if kpi.slices:
        stages = ", ".join(f"'{name}'" for name in kpi.slices.split())
        value = f"case when s.slice_name in ({stages}) then {value} end"
    if is_absent:
        value, n, low, high = "null", "0", "null", "null"
    join = (
        f"left join {percentiles} as d on d.kpi_key = '{kpi.distribution}' and d.period_kind = s.period_kind "
        "and d.period_start = s.period_start and d.slice_name = s.slice_name and d.slice_value = s.slice_value"
        if share
        else ""
    )
    horizon = SURVEY_HORIZON if kpi.contract == "survey.responses" else LAST_DAY
    period_end = _PERIOD_END
    is_young = f"{period_end} > date '{LAST_DAY}' - 6"
    matured = f"case when {is_young} then 0.75 else 1.0 end" if kpi.matures else "1.0"
    is_complete = f"{period_end} <= date '{horizon}' + 1" + (f" and not ({is_young})" if kpi.matures else "")
    return f"""
        select
            '{kpi.key}' as kpi_key, s.period_kind, s.period_start, s.slice_name, s.slice_value,
            cast({kpi.numerator} as double) as numerator,
            cast({"null" if kpi.statistic == "count" else kpi.denominator} as double) as denominator,
            cast({value} as double) as value, cast({n} as bigint) as n, cast({low} as double) as low,
            cast({high} as double) as high, '{kpi.unit}' as unit,
            cast({"null" if kpi.target is None else kpi.target} as double) as target,
            cast({matured} as double) as matured_share, {is_complete} as is_complete,
            case when {value} is null then '{"not_in_source" if is_absent else "no_cases"}' end as null_reason,
            r.as_of, r.build_id
        from {spine} as s
        cross join core.dim_run as r
        left join {measures} as m on m.period_kind = s.period_kind and m.period_start = s.period_start
            and m.slice_name = s.slice_name and m.slice_value = s.slice_value
        {join}
    """
