{{ config(materialized='view') }}
-- Heads as changes: one more on the first day, one less on the day after the last one (ruling G3).
with facts as (
    select
        employments.*,
        runs.company_zone as time_zone,
        {{ attributes_without_case() }}
    from {{ within_build(ref('fct_employments')) }} as employments
    cross join {{ within_build(ref('dim_run')) }} as runs
),

described as (
    {{ described_rows('facts') }}
),

joined as (
    select
        'joined' as cohort,
        employed_from as local_date,
        team_id,
        employment,
        employee_id,
        time_zone,
        {{ contribution_dimensions() }},
        1 as heads
    from described
    where true
),

gone as (
    select
        'gone' as cohort,
        cast(employed_to + interval 1 day as date) as local_date,
        team_id,
        employment,
        employee_id,
        time_zone,
        {{ contribution_dimensions() }},
        -1 as heads
    from described
    where employed_to < date '9999-12-30'
)

select * from joined
union all by name
select * from gone
