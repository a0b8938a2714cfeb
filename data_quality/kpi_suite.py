"""Hand-written checks of the KPI mart: values, intervals, reasons, and agreement with the facts."""

from data_quality.check import BATCH, Check, literal, no_rows_from
from data_quality.reconciliation_suite import differs
from data_quality.rule import rule

MART = "kpi.mart_kpis"

#: Fractions whose numerator is no part of their denominator, so they may exceed 1 (rulings F4, G2).
RATIOS_OF_DIFFERENT_FACTS = ("complaint_rate", "repair_cost_rate")

#: KPIs whose members do not add up: a side disappears where the member has no denominator, or heads are counted.
NOT_ADDITIVE = (*RATIOS_OF_DIFFERENT_FACTS, "cost_per_ticket", "tickets_per_head")

#: Slices that partition the cases, each with a member `unknown`.
PARTITIONS = (
    "macro_region", "region", "team", "root_cause_category", "root_cause", "case_type", "channel", "product_category",
    "product", "employment", "priority", "segment",
)  # fmt: skip

_ROW = "kpi_key || ' ' || period_kind || ' ' || period_start || ' ' || slice_name || '=' || slice_value"
_GRAIN = ("kpi_key", "period_kind", "period_start", "slice_name", "slice_value")


def kpi_checks() -> list[Check]:
    """Return the checks of kpi.mart_kpis."""
    return [
        _cases_are_counted_once(),
        _parts_sum_to_total(),
        _value_in_unit_range(),
        _where("null_says_why", "(value is null) <> (null_reason is not null)", "value", "null_reason"),
        _where(
            "interval_holds_value",
            # the bounds of a rate are computed, and rounding may put them a hair inside
            "low > value + 1e-9 * greatest(1, abs(value)) or high < value - 1e-9 * greatest(1, abs(value))",
            "low",
            "value",
            "high",
        ),
    ]


def _where(rule_id: str, predicate: str, *columns: str) -> Check:
    sql = f"select {_ROW} as detail from {BATCH} where {predicate}"  # noqa: S608
    return no_rows_from(rule(rule_id), MART, sql, columns[0], needs={MART: (*_GRAIN, *columns)})


def _value_in_unit_range() -> Check:
    ratios = ", ".join(map(literal, RATIOS_OF_DIFFERENT_FACTS))
    # rates are quotients of sums of shares: 1 may come out as 1.0000000000000002
    predicate = f"""
        (unit = 'fraction' and (value < 0 or (value > 1 + 1e-9 and kpi_key not in ({ratios}))))
        or (unit = 'points' and (value > 100 + 1e-9 or value < case when kpi_key = 'nps' then -100 - 1e-9 else 0 end))
        or (unit in ('minutes', 'hours', 'days', 'count', 'articles', 'per_head', 'per_year') and value < 0)
    """
    return _where("value_in_unit_range", predicate, "value", "unit")


def _cases_are_counted_once() -> Check:
    sql = f"""
        select counted || ' counted, ' || cases || ' cases' as detail
        from (
            select
                (
                    select coalesce(sum(value), 0) from {BATCH}
                    where kpi_key = 'tickets_created' and slice_name = 'total' and period_kind = 'month'
                ) as counted,
                (select count(*) from core.fct_tickets where is_case) as cases
        )
        where {differs("counted", "cases")}
    """  # noqa: S608
    return no_rows_from(
        rule("cases_are_counted_once"),
        MART,
        sql,
        "value",
        needs={MART: (*_GRAIN, "value"), "core.fct_tickets": ("is_case",)},
    )


def _parts_sum_to_total() -> Check:
    """Both sides of every count, mean and rate: what pages show, after the view computed it from the measures."""
    slices = ", ".join(map(literal, PARTITIONS))
    exempt = ", ".join(map(literal, NOT_ADDITIVE))
    sql = f"""
        with figures as (
            select * from {BATCH}
            where period_kind = 'month' and kpi_key not in ({exempt})
                and kpi_key in (
                    select kpi_key from kpi.dim_kpis
                    where statistic in ('count', 'stock', 'mean', 'rate') and slices is null
                )
        ),
        parts as (
            select kpi_key, slice_name, period_start, sum(numerator) as numerator, sum(denominator) as denominator
            from figures where slice_name in ({slices}) group by all
        ),
        totals as (select * from figures where slice_name = 'total')
        select parts.kpi_key || ' ' || parts.slice_name || ' ' || parts.period_start as detail
        from parts left join totals on parts.kpi_key = totals.kpi_key and parts.period_start = totals.period_start
        where {differs("parts.numerator", "totals.numerator")} or {differs("parts.denominator", "totals.denominator")}
    """  # noqa: S608
    needs = {MART: (*_GRAIN, "numerator", "denominator"), "kpi.dim_kpis": ("kpi_key", "statistic", "slices")}
    return no_rows_from(rule("parts_sum_to_total"), MART, sql, "numerator, denominator", needs=needs)
