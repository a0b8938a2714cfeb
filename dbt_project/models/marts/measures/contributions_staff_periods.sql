{{ config(materialized='view') }}
-- People of a whole period: those of its first day, by who stayed, and those of its last day, by who was trained. Each row
-- belongs to one kind of period only.
with facts as (
    select
        *,
        {{ attributes_without_case() }}
    from {{ within_build(ref('fct_staff_periods')) }}
),

described as (
    {{ described_rows('facts') }}
),

counted as (
    select
        cohort,
        period_kind,
        period_start as local_date,
        team_id,
        employment,
        employee_id,
        {{ contribution_dimensions() }},
        case when cohort = 'started' then 1 end as heads_at_start,
        case when cohort = 'started' then cast(is_counted as integer) end as heads_kept,
        case when cohort = 'ended' then 1 end as heads_at_end,
        case when cohort = 'ended' then cast(is_counted as integer) end as heads_trained
    from described
)

select * from counted
