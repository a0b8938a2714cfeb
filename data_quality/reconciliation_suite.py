"""Hand-written checks of a build: does it describe itself, and do its tables agree with each other."""

from data_quality.build_tables import BuildTables
from data_quality.check import BATCH, Check, literal, no_rows_from, no_rows_where, quoted, row_count
from data_quality.marts import MARTS, SPINE, STAGE_SLICES
from data_quality.rule import rule
from warehouse.builds import Build
from warehouse.contract import load_contracts
from warehouse.run_context import RunContext

#: Sums of doubles in another order differ in their last digits.
RELATIVE_TOLERANCE = 1e-6

#: The measures of every fact, by slice and period.
_MEASURES = tuple(table for table in MARTS if table.startswith("measures.measures_") and table != SPINE)
_PERIOD_AND_SLICE = ("period_kind", "period_start", "slice_name", "slice_value")


def reconciliation_checks(tables: BuildTables, context: RunContext, published: Build | None) -> list[Check]:
    """Return the checks of the run, freshness, volume and sums; `published` is the build to compare with."""
    return [
        _run_is_this_build(context),
        _facts_are_fresh(context),
        _sources_say_how_far(),
        _calendar_reaches_ahead(context),
        _calendar_reaches_back(),
        *_volume_against_history(context, published),
        _differences_explained(),
        *_shares(),
        _stages_sum_to_cycle(),
        *(_parts_sum_to_total(table, tables) for table in _MEASURES if table in tables.columns),
        _months_sum_to_periods(),
    ]


def _run_is_this_build(context: RunContext) -> Check:
    sql = f"""
        select 'rows: ' || n || ', of this build: ' || hits as detail
        from (
            select count(*) as n, count(*) filter (
                where build_id = {literal(context.build_id)} and as_of = timestamp '{context.as_of}'
            ) as hits
            from {BATCH}
        )
        where n <> 1 or hits <> 1
    """  # noqa: S608
    return no_rows_from(
        rule("run_is_this_build"), "core.dim_run", sql, "build_id", needs={"core.dim_run": ("build_id", "as_of")}
    )


def _facts_are_fresh(context: RunContext) -> Check:
    item = rule("facts_are_fresh")
    age = f"epoch(timestamp '{context.as_of}' - max(opened_at)) / 86400.0"
    return no_rows_from(
        item,
        "core.fct_tickets",
        f"select * from (select {age} as days from {BATCH}) where days > {item.warning}",  # noqa: S608
        "opened_at",
        measured=f"select {age} from {BATCH}",  # noqa: S608
        needs={"core.fct_tickets": ("opened_at",)},
        is_of_table=True,
    )


def _sources_say_how_far() -> Check:
    """Only contracts that require an instant can promise a horizon."""
    with_instant = [
        name
        for name, contract in load_contracts().items()
        if set(contract.business_instants) & set(contract.required_columns)
    ]
    sql = f"""
        select source_system || ' ' || contract as detail from {BATCH}
        where data_horizon is null and contract in ({", ".join(map(literal, with_instant))})
    """  # noqa: S608
    return no_rows_from(
        rule("sources_say_how_far"),
        "core.dim_sources",
        sql,
        "data_horizon",
        needs={"core.dim_sources": ("source_system", "contract", "data_horizon")},
    )


def _calendar_reaches_ahead(context: RunContext) -> Check:
    """Where a calendar ends nothing is known to be worked; one without any listed day reaches nowhere."""
    item = rule("calendar_reaches_ahead")
    days = f"coalesce(epoch(known_to - timestamp '{context.as_of}') / 86400.0, 0)"
    return no_rows_from(
        item,
        "core.dim_calendars",
        f"select calendar_id || ' (' || coalesce(cast(last_day as varchar), '-') || ')' as detail from {BATCH} "  # noqa: S608
        f"where {days} < {item.warning}",
        "last_day",
        measured=f"select min(case when {days} < 0 then 0 else {days} end) from {BATCH}",  # noqa: S608
        needs={"core.dim_calendars": ("calendar_id", "last_day", "known_to")},
    )


def _calendar_reaches_back() -> Check:
    sql = f"""
        select calendar_id || ' (' || first_day || ' > ' || first_case_date || ')' as detail from {BATCH}
        where known_from > first_case_at
    """  # noqa: S608
    needed = ("calendar_id", "first_day", "known_from", "first_case_at", "first_case_date")
    return no_rows_from(
        rule("calendar_reaches_back"), "core.dim_calendars", sql, "first_day", needs={"core.dim_calendars": needed}
    )


def _volume_against_history(context: RunContext, published: Build | None) -> list[Check]:
    """A build for a chosen past instant is smaller by intention and is not compared."""
    before = int(published.checksums.get("core.fct_tickets", {}).get("rows", 0)) if published else 0
    if published is None or context.is_as_of_chosen or published.as_of > context.as_of or before == 0:
        return []
    item = rule("volume_against_history")
    return [
        row_count(
            item,
            "core.fct_tickets",
            limit * before,
            severity,
            measured=f"select count(*) / {before} from {BATCH}",  # noqa: S608
            detail=f"{published.build_id} ({before:,})",
        )
        for severity, limit in item.limits.items()
    ]


def _differences_explained() -> Check:
    """Per figure that sources state themselves: the share of compared tickets whose difference has no known cause."""
    item = rule("differences_explained")
    share = f"select verdict as detail, avg(cast(cause is not distinct from 'unexplained' as integer)) as share from {BATCH} group by verdict"  # noqa: S608, E501
    return no_rows_from(
        item,
        "core.fct_reconciliation",
        f"select * from ({share}) where share > {item.warning}",  # noqa: S608
        "cause",
        measured=f"select max(share) from ({share})",  # noqa: S608
        needs={"core.fct_reconciliation": ("verdict", "cause")},
        is_of_table=True,
    )


def _shares() -> list[Check]:
    table = "core.bridge_case_teams"
    needs = {table: ("case_id", "share")}
    sums = f"select case_id, sum(share) as share from {BATCH} group by case_id having abs(sum(share) - 1) > 1e-6"  # noqa: S608
    return [
        no_rows_from(rule("shares_sum_to_one"), table, sums, "share", needs=needs),
        no_rows_where(
            rule("shares_are_fractions"), table, "share is null or share < 0 or share > 1 + 1e-9", "share", needs=needs
        ),
    ]


def _stages_sum_to_cycle() -> Check:
    """At any instant a case is in exactly one stage (ruling E6), so its stages fill the time to its resolution."""
    tickets, stages = "core.fct_tickets", "core.fct_case_stages"
    sql = f"""
        select ticket_id as detail
        from (
            select case_id, sum(calendar_seconds) as seconds from {BATCH} group by case_id
        ) as stages
        full join (
            select ticket_id, resolution_customer_calendar_seconds as cycle from {tickets}
            where is_stage_in_source and resolution_customer_calendar_seconds > 0
        ) as cases on stages.case_id = cases.ticket_id
        where {differs("stages.seconds", "cases.cycle")}
    """  # noqa: S608
    needs = {
        stages: ("case_id", "calendar_seconds"),
        tickets: ("ticket_id", "is_stage_in_source", "resolution_customer_calendar_seconds"),
    }
    return no_rows_from(rule("stages_sum_to_cycle"), stages, sql, "calendar_seconds", needs=needs)


def differs(one: str, other: str) -> str:
    """Return SQL that is true when two numbers differ by more than rounding; null counts as 0."""
    one, other = f"cast(coalesce({one}, 0) as double)", f"cast(coalesce({other}, 0) as double)"
    return f"abs({one} - {other}) > {RELATIVE_TOLERANCE} * greatest(1, abs({one}), abs({other}))"


def _parts_sum_to_total(table: str, tables: BuildTables) -> Check:
    """Every measure, over every slice: thanks to the member `unknown` nothing falls between regions or teams (B20)."""
    names = [name for name in tables.numeric_columns(table) if name not in _PERIOD_AND_SLICE]
    sums = ", ".join(f"sum({quoted(name)}) as {quoted(name)}" for name in names) or "0 as nothing"
    wrong = {name: differs(f"parts.{quoted(name)}", f"totals.{quoted(name)}") for name in names}
    named = ", ".join(f"case when {sql} then '{name}' end" for name, sql in wrong.items()) or "''"
    sql = f"""
        with months as (select * from {BATCH} where period_kind = 'month'),
        totals as (select period_start, {sums} from months where slice_name = 'total' group by period_start),
        parts as (
            select slice_name, period_start, {sums} from months
            where slice_name <> 'total' and slice_name not in ({", ".join(map(literal, STAGE_SLICES))})
            group by slice_name, period_start
        ),
        frame as (
            select slice_name, period_start from (select distinct slice_name from parts)
            cross join (select distinct period_start from months)
        )
        select frame.slice_name || ' ' || frame.period_start || ': ' || concat_ws(', ', {named}) as detail
        from frame
        left join totals on frame.period_start = totals.period_start
        left join parts on frame.slice_name = parts.slice_name and frame.period_start = parts.period_start
        where {" or ".join(wrong.values()) or "false"}
    """  # noqa: S608
    return no_rows_from(rule("parts_sum_to_total"), table, sql, needs={table: _PERIOD_AND_SLICE})


def _months_sum_to_periods() -> Check:
    table = "measures.measures_tickets"
    sql = f"""
        with totals as (select * from {BATCH} where slice_name = 'total'),
        longer as (select * from totals where period_kind in ('quarter', 'year')),
        months as (
            select period.kind as period_kind, cast(date_trunc(period.kind, period_start) as date) as period_start,
                sum(tickets_created) as tickets_created
            from totals cross join (values ('quarter'), ('year')) as period (kind)
            where period_kind = 'month' group by all
        )
        select period_kind || ' ' || period_start as detail
        from longer full join months using (period_kind, period_start)
        where {differs("longer.tickets_created", "months.tickets_created")}
    """  # noqa: S608
    return no_rows_from(
        rule("months_sum_to_periods"),
        table,
        sql,
        "tickets_created",
        needs={table: (*_PERIOD_AND_SLICE, "tickets_created")},
    )
