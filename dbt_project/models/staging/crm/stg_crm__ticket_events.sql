with current_rows as (
    {{ current_rows('crm__ticket_events', ['ticket_id', 'event_type', 'occurred_at', 'sequence']) }}
),

run_context as (
    select * from {{ ref('stg_meta__run_context') }}
),

final as (
    select
        current_rows.ticket_id,
        current_rows._source_system as source_system,
        current_rows.event_type,
        current_rows.occurred_at,
        current_rows.sequence,
        current_rows.status,
        current_rows.priority,
        current_rows.team_id,
        current_rows.agent_id,
        current_rows.region_id,
        current_rows.actor,
        current_rows.is_public,
        current_rows._extract_id as extract_id,
        current_rows._extract_file as extract_file,
        current_rows._row_number as row_number,
        current_rows._landing_order as landing_order
    from current_rows
    cross join run_context
    where current_rows.occurred_at <= run_context.as_of
)

select * from final
