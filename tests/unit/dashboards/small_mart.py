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
"""  # noqa: E501

_DISTRIBUTIONS = {"response": "first_response_minutes", "resolution": "resolution_hours_customer_calendar"}


def _kpi(line: str) -> SmallKpi:
    *words, target, distribution = line.split("|")
    return SmallKpi(
        *words,
        target=float(target) if target else None,
        distribution=_DISTRIBUTIONS.get(distribution),
        matures=words[0] == "reopen_rate",
        contract="survey.responses" if words[0] == "csat_score" else "crm.tickets",
    )


KPIS = tuple(_kpi(line) for line in _CATALOGUE.strip().splitlines())

#: What a source of bare tickets (id and opening time) can still tell.
TICKETS_ONLY_KPIS = ("tickets_created",)

_MEASURES = """
    count(*) as created, coalesce(sum(is_resolved), 0) as resolved, sum(response_minutes) as response_minutes,
    count(response_minutes) as responses, sum(is_response_on_time) as responses_on_time,
    sum(resolution_hours) as resolution_hours, sum(is_resolved_on_time) as resolved_on_time,
    sum(is_reopened) as reopened, sum(is_transferred) as transferred, sum(csat) as csat_sum,
    count(csat) as csat_answers, sum(is_complaint) as complaints
"""

_PERCENTILES = """
    count({0}) as n, quantile_cont({0}, 0.5) as p50, quantile_cont({0}, 0.9) as p90,
    quantile_cont({0}, 0.45) as p50_low, quantile_cont({0}, 0.55) as p50_high,
    quantile_cont({0}, 0.85) as p90_low, quantile_cont({0}, 0.94) as p90_high
"""

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
}

_PERIOD_KINDS = ("day", "week", "month", "quarter", "year")


def _group_columns(slice_name: str, kind: str) -> str:
    return (
        f"'{kind}' as period_kind, cast(date_trunc('{kind}', local_date) as date) as period_start, "
        f"'{slice_name}' as slice_name, {_SLICES[slice_name]} as slice_value"
    )


def mart_statements(tickets_only: bool) -> list[str]:
    cells = [(name, kind) for name in _SLICES for kind in _PERIOD_KINDS]
    measures = " union all ".join(
        f"select {_group_columns(name, kind)}, {_MEASURES} from measures.contributions_tickets group by all"
        for name, kind in cells
    )
    percentiles = " union all ".join(
        f"select '{key}' as kpi_key, {_group_columns(name, kind)}, {_PERCENTILES.format(column)} "
        "from measures.contributions_tickets group by all"
        for key, column in _DURATIONS.items()
        for name, kind in cells
        if kind not in ("day", "week")
    )
    figures = _figures("asked_spine", "asked_tickets", "asked_percentiles_tickets", tickets_only)
    mart = _figures(
        "measures.measures_spine", "measures.measures_tickets", "measures.percentiles_tickets", tickets_only
    )
    stored = [("figures", None, figures), ("measures", "tickets", _MEASURES)]
    stored += [(f"percentiles:{key}", "tickets", _PERCENTILES.format(column)) for key, column in _DURATIONS.items()]
    rows = ", ".join(f"({_literal(name)}, {_literal(fact)}, {_literal(body)})" for name, fact, body in stored)
    keys = "period_kind, period_start, slice_name, slice_value"
    return [
        f"create table measures.measures_tickets as {measures}",
        f"create table measures.measures_spine as select {keys} from measures.measures_tickets",
        f"create table measures.percentiles_tickets as {percentiles}",
        f"create view kpi.mart_kpis as {mart}",
        f"create table kpi.kpi_sql as select * from (values {rows}) as stored(name, fact, body)",
    ]


def _literal(text: str | None) -> str:
    return "null" if text is None else "'" + text.replace("'", "''") + "'"


def _figures(spine: str, measures: str, percentiles: str, tickets_only: bool) -> str:
    return " union all ".join(_branch(kpi, spine, measures, percentiles, tickets_only) for kpi in KPIS)


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
