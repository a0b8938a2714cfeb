{{ config(materialized='view') }}
-- What each visit and each cost line adds to each measure, for the technician's team at that instant (rulings A2, G1).
with facts as (
    select * from {{ within_build(ref('fct_work_orders')) }}
),

described as (
    {{ described_rows('facts') }}
),

arrived as (
    select
        'arrived' as cohort,
        arrived_date as local_date,
        arrived_team_id as team_id,
        employment,
        work_order_id,
        {{ contribution_dimensions() }},
        1 as visits_arrived,
        onsite_response_calendar_seconds as onsite_response_seconds
    from described
    where is_counted and is_visit and onsite_response_calendar_seconds is not null
),

requested as (
    select
        'requested' as cohort,
        requested_date as local_date,
        requested_team_id as team_id,
        employment,
        work_order_id,
        {{ contribution_dimensions() }},
        1 as visits_requested,
        cast(is_arrival_in_source as integer) as onsite_evident_visits,
        case when is_onsite_on_time is not null then 1 end as onsite_judged_visits,
        cast(is_onsite_on_time as integer) as onsite_on_time_visits,
        cast(is_onsite_pending as integer) as onsite_pending_visits
    from described
    where is_counted and is_visit and requested_at is not null
),

first_visit as (
    select
        'first_visit' as cohort,
        completed_date as local_date,
        completed_team_id as team_id,
        employment,
        work_order_id,
        {{ contribution_dimensions() }},
        1 as first_visits,
        case when is_fixed_first_time is not null then 1 end as first_visits_judged,
        cast(is_fixed_first_time as integer) as first_visits_fixed
    from described
    where is_counted and is_first_completed_visit
),

signed as (
    select
        'signed' as cohort,
        completed_date as local_date,
        completed_team_id as team_id,
        employment,
        work_order_id,
        {{ contribution_dimensions() }},
        1 as signature_visits,
        case when has_customer_signature is not null then 1 end as signature_known_visits,
        cast(not has_customer_signature as integer) as signature_missing_visits
    from described
    where is_counted and completed_at is not null and outcome in ('fixed', 'follow_up_needed')
),

-- money was spent whatever became of the case (B7, B16)
costed as (
    select
        'costed' as cohort,
        line_date as local_date,
        line_team_id as team_id,
        employment,
        work_order_id,
        {{ contribution_dimensions() }},
        1 as cost_lines,
        case when cost_amount is not null then 1 end as costed_lines,
        cost_amount,
        case when service_item = 'repair' then 1 end as repair_lines,
        -- of a line that tells one side only, the other is unknown, not 0
        case
            when service_item = 'repair' and cost_amount is not null and revenue_amount is not null then 1
        end as repair_judged_lines,
        case
            when service_item = 'repair' and cost_amount is not null and revenue_amount <> 0 then 1
        end as repair_revenue_lines,
        case when service_item = 'repair' and revenue_amount is not null then cost_amount end as repair_cost_amount,
        case when service_item = 'repair' and cost_amount is not null then revenue_amount end as repair_revenue_amount
    from described
    where line_date is not null
)

select * from arrived
union all by name
select * from requested
union all by name
select * from first_visit
union all by name
select * from signed
union all by name
select * from costed
