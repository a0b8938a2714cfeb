{{ config(materialized='view') }}
-- Requests count on the local date they were made (rulings A2, E5).
with facts as (
    select * from {{ within_build(ref('fct_collaborations')) }}
    where is_counted
),

described as (
    {{ described_rows('facts') }}
),

requested as (
    select
        'requested' as cohort,
        requested_date as local_date,
        team_id,
        employment,
        collaboration_id,
        {{ contribution_dimensions() }},
        1 as collaborations_requested,
        case when response_calendar_seconds is not null then 1 end as collaborations_answered,
        response_calendar_seconds as collaboration_response_seconds,
        case when is_answer_in_source then 1 end as collaborations_evident,
        case when is_answered_on_time is not null then 1 end as collaborations_judged,
        cast(is_answered_on_time as integer) as collaborations_on_time,
        cast(is_answer_pending as integer) as collaborations_pending
    from described
    where true
)

select * from requested
