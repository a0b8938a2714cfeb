-- Hours per stage over cases that are counted once for all stages, so that stages add up to the cycle. Slices without
-- stage have the whole cycle.
with contributions as (
    -- only the stages that a case went through; the view for single cases has all of them
    select
        hours.stage,
        tickets.region_id,
        cast(date_trunc('month', tickets.stable_resolved_date) as date) as month_start,
        cast(date_trunc('quarter', tickets.stable_resolved_date) as date) as quarter_start,
        cast(date_trunc('year', tickets.stable_resolved_date) as date) as year_start,
        cast(date_trunc('week', tickets.stable_resolved_date) as date) as week_start,
        tickets.stable_resolved_date as day_start,
        hours.calendar_seconds as stage_seconds
    from {{ ref('fct_case_stages') }} as hours
    inner join {{ ref('fct_tickets') }} as tickets
        on hours.case_id = tickets.ticket_id
    where tickets.is_case and tickets.is_stage_in_source
),

cases as (
    select
        period_kind,
        period_start,
        slice_name,
        slice_value,
        tickets_resolved as stage_candidates,
        staged_cases as stage_cases,
        timed_cases as stage_timed_cases,
        cycle_seconds as stage_cycle_seconds
    from {{ ref('measures_tickets') }}
    where tickets_resolved > 0
),

stages as (
    select * from {{ ref('dim_stages') }}
),

hours as (
    {%- for period in ['day', 'week', 'month', 'quarter', 'year'] %}
    select '{{ period }}' as period_kind, {{ period }}_start as period_start, 'total' as case_slice, 'all' as case_value, stage,
        sum(stage_seconds) as stage_seconds
    from contributions
    group by all
    union all
    select '{{ period }}' as period_kind, {{ period }}_start as period_start, 'region' as case_slice, region_id as case_value, stage,
        sum(stage_seconds) as stage_seconds
    from contributions
    group by all
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

by_stage as (
    select
        cases.period_kind,
        cases.period_start,
        case cases.slice_name when 'total' then 'stage' else 'region__stage' end as slice_name,
        case cases.slice_name when 'total' then stages.stage else cases.slice_value || '|' || stages.stage end as slice_value,
        cases.stage_candidates,
        cases.stage_cases,
        cases.stage_timed_cases,
        coalesce(hours.stage_seconds, 0) as stage_seconds,
        cases.stage_cycle_seconds
    from cases
    cross join stages
    left join hours
        on
            cases.period_kind = hours.period_kind
            and cases.period_start = hours.period_start
            and cases.slice_name = hours.case_slice
            and cases.slice_value = hours.case_value
            and stages.stage = hours.stage
    where
        cases.slice_name = 'total'
        or (cases.slice_name = 'region' and cases.period_kind in ('month', 'quarter', 'year'))
)

select
    period_kind,
    period_start,
    slice_name,
    slice_value,
    stage_candidates,
    stage_cases,
    stage_timed_cases,
    stage_cycle_seconds as stage_seconds,
    stage_cycle_seconds
from cases
union all by name
select * from by_stage
order by slice_name, period_kind, period_start, slice_value
