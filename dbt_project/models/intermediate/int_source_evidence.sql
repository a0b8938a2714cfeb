-- What each source system can know: an event type that its mapping cannot produce and its data does not contain is
-- absent, and KPIs that need it leave its cases out of both sides (ruling B21).
with tickets as (
    select * from {{ ref('stg_crm__tickets') }}
),

events as (
    select * from {{ ref('stg_crm__ticket_events') }}
),

capabilities as (
    select * from {{ ref('stg_meta__source_capabilities') }}
),

-- events that tell one stage from another; every history has the others
stage_events as (
    select distinct unnest(string_split(coalesce(starts_with, '') || '|' || ends_with, '|')) as event_type
    from {{ ref('stages') }}
),

seen as (
    select distinct
        source_system,
        event_type
    from events
    union
    select
        source_system,
        value as event_type
    from capabilities
    where contract = 'crm.ticket_events' and column_name = 'event_type' and value is not null
),

by_event as (
    select
        source_system,
        bool_or(event_type in ('first_response', 'responded')) as has_response_events,
        bool_or(event_type = 'transferred') as has_transfer_events,
        bool_or(event_type = 'reopened') as has_reopen_events,
        bool_or(event_type in ('resolved', 'closed')) as has_resolution_events,
        bool_or(event_type = 'closed') as has_closing_events,
        bool_or(event_type = 'escalated') as has_escalation_events,
        bool_or(event_type = 'callback_reached') as has_callback_events,
        bool_or(event_type in ('callback_attempted', 'callback_reached')) as has_attempt_events,
        bool_or(event_type = 'customer_confirmed') as has_confirmation_events,
        bool_or(event_type = 'repaired') and bool_or(event_type = 'diagnosed') as has_repair_events,
        bool_or(
            event_type not in ('created', 'resolved', 'closed', 'reopened')
            and event_type in (select stage_events.event_type from stage_events)
        ) as has_stage_events
    from seen
    group by source_system
),

-- columns of events that some KPIs cannot do without (decision 0011)
stated as (
    select
        source_system,
        bool_or(status is not null) as has_event_statuses,
        bool_or(agent_id is not null) as has_event_persons
    from events
    group by source_system
    union all
    select
        source_system,
        bool_or(column_name = 'status') as has_event_statuses,
        false as has_event_persons
    from capabilities
    where contract = 'crm.ticket_events'
    group by source_system
),

by_event_column as (
    select
        source_system,
        bool_or(has_event_statuses) as has_event_statuses,
        bool_or(has_event_persons) as has_event_persons
    from stated
    group by source_system
),

by_column as (
    select
        source_system,
        bool_or(first_response_at is not null) as has_response_column,
        bool_or(resolved_at is not null or closed_at is not null) as has_resolution_column,
        bool_or(closed_at is not null) as has_closing_column,
        bool_or(is_escalated is not null) as has_escalation_column,
        bool_or(resolution_mode is not null) as has_resolution_modes,
        bool_or(asset_id is not null or customer_id is not null) as has_things_serviced,
        bool_or(case_type is not null) as has_case_types
    from tickets
    group by source_system
)

select
    by_column.source_system,
    coalesce(by_event.has_response_events, false) as has_response_events,
    coalesce(by_event.has_transfer_events, false) as has_transfer_events,
    coalesce(by_event.has_reopen_events, false) as has_reopen_events,
    coalesce(by_event.has_resolution_events, false) as has_resolution_events,
    coalesce(by_event.has_closing_events, false) as has_closing_events,
    coalesce(by_event.has_escalation_events, false) as has_escalation_events,
    coalesce(by_event.has_callback_events, false) as has_callback_events,
    coalesce(by_event.has_attempt_events, false) as has_attempt_events,
    coalesce(by_event.has_confirmation_events, false) as has_confirmation_events,
    coalesce(by_event.has_repair_events, false) as has_repair_events,
    coalesce(by_event.has_stage_events, false) as has_stage_events,
    coalesce(by_event_column.has_event_statuses, false) as has_event_statuses,
    coalesce(by_event_column.has_event_persons, false) as has_event_persons,
    by_column.has_closing_column,
    by_column.has_escalation_column,
    by_column.has_resolution_modes,
    by_column.has_things_serviced,
    by_column.has_response_column,
    by_column.has_resolution_column,
    by_column.has_case_types
from by_column
left join by_event
    on by_column.source_system = by_event.source_system
left join by_event_column
    on by_column.source_system = by_event_column.source_system
