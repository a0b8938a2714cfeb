"""A consistent little build file, and statements that break it in one way each."""

from datetime import datetime

from warehouse.builds import build_file
from warehouse.connections import writer
from warehouse.run_context import RunContext
from warehouse.settings import Settings

AS_OF = datetime(2025, 11, 30, 12)

CONTEXT = RunContext("build-1", "run-1", AS_OF, AS_OF, "Asia/Shanghai", "CN", "CNY", False)

#: Three tickets in two regions, two months, two teams; one of them is no case.
_SQL = """
create schema core; create schema measures; create schema kpi;
create table core.dim_run as select 'build-1' as build_id, 'run-1' as run_id, timestamp '2025-11-30 12:00' as as_of;
create table core.dim_dates as
    select cast(unnest(generate_series(date '2025-10-01', date '2025-11-30', interval 1 day)) as date) as local_date;
create table core.dim_calendars as
    select 'CN' as calendar_id, true as is_company_calendar, date '2020-01-01' as first_day,
        date '2026-12-31' as last_day, timestamp '2019-12-31 16:00' as known_from,
        timestamp '2026-12-31 16:00' as known_to, timestamp '2025-10-02' as first_case_at,
        date '2025-10-02' as first_case_date;
create table core.dim_regions as select unnest(['R1', 'R2', 'unknown']) as region_id, true as is_registered;
create table core.dim_teams as select unnest(['T1', 'T2', 'unknown']) as team_id;
create table core.dim_employees as select 'emp_1' as employee_id, 1 as version_number;
create table core.dim_products as select 'P1' as product_id;
create table core.dim_root_causes as select unnest(['C1', 'unknown']) as root_cause_id;
create table core.dim_sources as
    select 'crm' as source_system, unnest(['crm.tickets', 'crm.ticket_events', 'survey.responses']) as contract,
        3 as rows_loaded, timestamp '2025-11-30' as data_horizon;
create table core.dim_extract_entries as select 'e1' as extract_id, 0 as entry;
create table core.fct_tickets as
    select * from (values
        ('A1', 'A1', true, timestamp '2025-10-02', 'R1', 'C1', 'repair', null::timestamp, timestamp '2025-10-03'),
        ('A2', 'A2', true, timestamp '2025-11-29', 'R2', 'unknown', 'complaint', null, null),
        ('A3', 'A3', false, timestamp '2025-11-29', 'R2', 'unknown', 'complaint', null, null)
    ) as t (ticket_id, case_id, is_case, opened_at, region_id, root_cause_id, case_type, first_response_at,
            stable_resolved_at);
create table core.fct_ticket_events as
    select 'A1' as case_id, 1 as event_number, 'A1' as ticket_id, 'created' as event_type,
        timestamp '2025-10-02' as occurred_at;
create table core.fct_survey_responses as
    select 'S1' as response_id, true as is_counted, timestamp '2025-11-01' as invited_at,
        timestamp '2025-11-02' as responded_at, 75.0::double as csat_score;
create table core.bridge_case_teams as
    select * from (values ('A1', 'T1', 0.25::double), ('A1', 'T2', 0.75), ('A2', 'T2', 1))
        as t (case_id, team_id, share);
alter table core.fct_tickets add column is_stage_in_source boolean;
alter table core.fct_tickets add column resolution_customer_calendar_seconds double;
update core.fct_tickets set is_stage_in_source = true, resolution_customer_calendar_seconds = 86400
    where ticket_id = 'A1';
create table core.fct_case_stages as
    select * from (values ('A1', 'respond', 400::double), ('A1', 'repair', 86000))
        as t (case_id, stage, calendar_seconds);
create table core.fct_reconciliation as
    select 'A' || n as ticket_id, verdict, n > 2 as is_equal,
        case n when 1 then 'unexplained' when 2 then 'not_stable' end as cause
    from range(1, 201) as numbers (n), (values ('resolved_at'), ('sla_met')) as stated (verdict);
create table core.fct_bad_cells as select 'e1' as extract_id, 'priority' as column_name, 'urgent' as value;
create table core.fct_quarantined_rows as select 'e1' as extract_id, 'occurred_at' as column_name, 'x' as value;
create table measures.contributions_ticket_stages as
    select 'A1' as ticket_id, 'repair' as stage, date '2025-11-29' as local_date;
create table measures.contributions_tickets as select 'A1' as ticket_id, 1 as tickets_created;
create table measures.contributions_survey_responses as select 'S1' as response_id;

create table measures.measures_tickets as
    with one as (
        select date '2025-10-01' as month, 'R1' as region, 'T1' as team, 1 as tickets_created, 1::double as hours
        union all select date '2025-11-01', 'R2', 'T2', 1, null
    ),
    periods as (select *, unnest(['month', 'quarter', 'year']) as period_kind from one),
    dated as (
        select *, case period_kind when 'month' then month when 'quarter' then date_trunc('quarter', month)
            else date_trunc('year', month) end::date as period_start from periods
    )
    select period_kind, period_start, 'total' as slice_name, 'all' as slice_value,
        sum(tickets_created) as tickets_created, sum(hours) as hours from dated group by all
    union all
    select period_kind, period_start, 'region', region, sum(tickets_created), sum(hours) from dated group by all
    union all
    select period_kind, period_start, 'team', team, sum(tickets_created), sum(hours) from dated group by all;
create table measures.measures_spine as
    select period_kind, period_start, slice_name, slice_value from measures.measures_tickets;
create table measures.measures_survey_responses as
    select period_kind, period_start, slice_name, slice_value, 1 as responses_answered
    from measures.measures_spine where slice_name = 'total';
create table measures.percentiles_tickets as
    select 'resolution_hours' as kpi_key, period_kind, period_start, slice_name, slice_value, 1::double as p50
    from measures.measures_spine;

create table kpi.dim_kpis as
    select *, null::varchar as slices from (values
        ('tickets_created', 'count', 'count'), ('resolution_hours', 'mean', 'hours'), ('csat_score', 'mean', 'points'),
        ('nps', 'mean', 'points'), ('reopen_rate', 'rate', 'fraction'), ('complaint_rate', 'rate', 'fraction')
    ) as t (kpi_key, statistic, unit);
create table kpi.kpi_contracts as select 'crm.tickets' as contract;
create table kpi.kpi_sides as select 'tickets_created' as kpi_key, 'tickets' as fact;
create table kpi.kpi_sql as select 'figures' as name;
create table kpi.kpi_targets_in_force as
    select 'nps' as kpi_key, 'total' as slice_name, 'all' as slice_value, date '2025-01-01' as valid_from;
-- a table here, so that tests can break single values; a view in the product
create table kpi.mart_kpis as
    select 'tickets_created' as kpi_key, period_kind, period_start, slice_name, slice_value,
        tickets_created::double as numerator, null::double as denominator, tickets_created::double as value,
        1 as n, null::double as low, null::double as high, 'count' as unit, null::double as target,
        null::varchar as null_reason
    from measures.measures_tickets
    union all
    select 'resolution_hours', period_kind, period_start, slice_name, slice_value, hours, hours, hours / hours,
        1, null, null, 'hours', null, case when hours is null then 'no_cases' end
    from measures.measures_tickets
    union all
    select kpi_key, 'month', date '2025-10-01', 'total', 'all', null, null, value, 4, low, high, unit, null, null
    from (values
        ('csat_score', 75, null, null, 'points'), ('nps', -100, null, null, 'points'),
        ('reopen_rate', 0.25, 0.05, 0.7, 'fraction'), ('complaint_rate', 1.5, null, null, 'fraction')
    ) as t (kpi_key, value, low, high, unit);
"""


def make_build(settings: Settings, *, break_with: str = "", build_id: str = "build-1") -> None:
    """Write build/<build_id>.duckdb, consistent but for the statements of `break_with`."""
    with writer(build_file(settings, build_id), settings) as connection:
        connection.execute(_SQL)
        if break_with:
            connection.execute(break_with)
