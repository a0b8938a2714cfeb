{{ config(materialized='view') }}
-- Heads as changes: one more on the first day, one less on the day after the last one (ruling G3).
with facts as (
    select
        *,
        cast(null as varchar) as ticket_id,
        cast(null as varchar) as customer_id,
        'unknown' as root_cause_id,
        'unknown' as case_type,
        'unknown' as channel,
        'unknown' as priority,
        'unknown' as product_id
    from {{ within_build(ref('fct_employments')) }}
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
        {{ contribution_dimensions() }},
        -1 as heads
    from described
    where employed_to < date '9999-12-30'
)

select * from joined
union all by name
select * from gone
