{{ config(materialized='view') }}
-- Lines are judged when they are asked for, their lead time when they arrive (rulings A2, E3, E7).
with facts as (
    select * from {{ within_build(ref('fct_parts_requests')) }}
    where is_counted
),

described as (
    {{ described_rows('facts') }}
),

requested as (
    select
        'requested' as cohort,
        requested_date as local_date,
        requested_team_id as team_id,
        requested_employment as employment,
        request_id,
        {{ contribution_dimensions() }},
        1 as parts_lines,
        case when was_in_stock is not null then 1 end as parts_lines_judged,
        cast(was_in_stock as integer) as parts_lines_in_stock
    from described
    where true
),

available as (
    select
        'available' as cohort,
        available_date as local_date,
        available_team_id as team_id,
        available_employment as employment,
        request_id,
        {{ contribution_dimensions() }},
        1 as parts_lines_arrived,
        lead_calendar_seconds as parts_lead_seconds
    from described
    where lead_calendar_seconds is not null
)

select * from requested
union all by name
select * from available
