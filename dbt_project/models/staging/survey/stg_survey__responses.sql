{%- set has_answered = 'coalesce(current_rows.responded_at, run_context.as_of) <= run_context.as_of' -%}
with current_rows as (
    {{ current_rows('survey__responses', ['response_id']) }}
),

run_context as (
    select * from {{ ref('stg_meta__run_context') }}
),

final as (
    select
        current_rows.response_id,
        current_rows._source_system as source_system,
        current_rows.ticket_id,
        current_rows.customer_id,
        current_rows.agent_id,
        {{ visible('current_rows.invited_at') }} as invited_at,
        {{ visible('current_rows.responded_at') }} as responded_at,
        case when {{ has_answered }} then current_rows.csat_score end as csat_score,
        case when {{ has_answered }} then current_rows.attitude_score end as attitude_score,
        case when {{ has_answered }} then current_rows.efficiency_score end as efficiency_score,
        case when {{ has_answered }} then current_rows.nps_score end as nps_score,
        case when {{ has_answered }} then current_rows.comment end as comment,
        current_rows.region_id,
        current_rows.channel
    from current_rows
    cross join run_context
    -- an answer counts even if its invitation is dated later (ruling F8)
    where
        current_rows.invited_at <= run_context.as_of
        or current_rows.responded_at <= run_context.as_of
        or (current_rows.invited_at is null and current_rows.responded_at is null)
)

select * from final
