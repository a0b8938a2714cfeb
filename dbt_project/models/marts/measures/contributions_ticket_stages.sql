{{ config(materialized='view') }}
-- Each stably resolved case once for every stage, whether it went through it or not, and once for all of them (`all`):
-- what is cut by stage reads the former, what is not the latter.
with cases as (
    select * from {{ within_build(ref('fct_tickets')) }}
    where is_case and stable_resolved_at is not null
),

described as (
    {{ described_rows('cases') }}
),

stages as (
    select stage from {{ within_build(ref('dim_stages')) }}
    union all
    select 'all' as stage
),

hours as (
    select * from {{ within_build(ref('fct_case_stages')) }}
)

select
    'resolved' as cohort,
    described.stable_resolved_date as local_date,
    described.resolution_team_id as team_id,
    described.resolution_employment as employment,
    {{ contribution_dimensions('described') }},
    stages.stage,
    1 as stage_candidates,
    case when described.is_stage_in_source then 1 end as stage_cases,
    case when described.is_stage_in_source and described.stage_seconds > 0 then 1 end as stage_timed_cases,
    case
        when not described.is_stage_in_source then null
        when stages.stage = 'all' then coalesce(described.stage_seconds, 0)
        else coalesce(hours.calendar_seconds, 0)
    end as stage_seconds,
    case when described.is_stage_in_source then coalesce(described.stage_seconds, 0) end as stage_cycle_seconds
from described
cross join stages
left join hours
    on described.ticket_id = hours.case_id and stages.stage = hours.stage
