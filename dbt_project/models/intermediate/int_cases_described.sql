-- Attributes are the surviving ticket's current row (rulings B10, D14); its zone and calendar are its region's (A3, A7).
with tickets as (
    select * from {{ ref('stg_crm__tickets') }}
),

cased as (
    select * from {{ ref('int_tickets_cased') }}
),

regions as (
    select * from {{ ref('regions') }}
),

run_context as (
    select * from {{ ref('stg_meta__run_context') }}
),

events_per_case as (
    select
        case_id,
        count(*) as events,
        -- the status is the survivor's own: a duplicate that is cancelled when it is merged cancels nothing
        arg_max(status, event_number) filter (where status is not null and ticket_id = case_id) as last_status,
        arg_max(occurred_at, event_number) filter (where status = 'cancelled' and ticket_id = case_id) as cancelled_at,
        min(occurred_at) filter (where event_type = 'arrived') as first_arrived_at,
        arg_min(priority, event_number) filter (
            where event_type = 'created' and priority is not null and ticket_id = case_id
        ) as created_priority
    from {{ ref('int_case_events') }}
    group by case_id
),

evidence as (
    select * from {{ ref('int_source_evidence') }}
),

final as (
    select
        tickets.ticket_id as case_id,
        tickets.source_system,
        cased.case_opened_at,
        coalesce(regions.time_zone, run_context.company_zone) as time_zone,
        coalesce(regions.calendar_id, run_context.company_calendar_id) as calendar_id,
        tickets.case_type,
        tickets.priority,
        -- what is promised is promised when the clock starts: raising the priority later changes no promise (C3)
        coalesce(events_per_case.created_priority, tickets.priority) as opening_priority,
        tickets.team_id as ticket_team_id,
        tickets.agent_id as ticket_agent_id,
        tickets.resolution_due_at,
        tickets.first_response_at as column_first_response_at,
        tickets.resolved_at as column_resolved_at,
        tickets.closed_at as column_closed_at,
        coalesce(events_per_case.events, 0) > 0 as has_events,
        coalesce(events_per_case.events, 0) > 0 and evidence.has_response_events as takes_response_from_events,
        coalesce(events_per_case.events, 0) > 0 and evidence.has_resolution_events as takes_resolution_from_events,
        -- a column that contradicts the opening tells nothing, not even that there was no response (ruling B5)
        (evidence.has_response_events or evidence.has_response_column)
        and (
            takes_response_from_events
            or coalesce(tickets.first_response_at >= cased.case_opened_at, true)
        ) as is_response_in_source,
        evidence.has_transfer_events as is_transfer_in_source,
        evidence.has_reopen_events as is_reopening_in_source,
        (evidence.has_resolution_events or evidence.has_resolution_column)
        and (
            takes_resolution_from_events
            or coalesce(coalesce(tickets.resolved_at, tickets.closed_at) >= cased.case_opened_at, true)
        ) as is_resolution_in_source,
        evidence.has_case_types as is_case_type_in_source,
        evidence.has_resolution_modes as is_mode_in_source,
        evidence.has_things_serviced as is_repeat_in_source,
        evidence.has_escalation_events or evidence.has_escalation_column as is_escalation_in_source,
        coalesce(events_per_case.events, 0) > 0 and evidence.has_callback_events as is_callback_in_source,
        coalesce(events_per_case.events, 0) > 0 and evidence.has_attempt_events as is_attempt_in_source,
        coalesce(events_per_case.events, 0) > 0 and evidence.has_confirmation_events as is_confirmation_in_source,
        coalesce(events_per_case.events, 0) > 0 and evidence.has_repair_events as is_process_in_source,
        coalesce(events_per_case.events, 0) > 0 and evidence.has_event_statuses as is_wait_in_source,
        coalesce(events_per_case.events, 0) > 0 and evidence.has_event_persons as is_person_in_source,
        coalesce(events_per_case.events, 0) > 0 and evidence.has_stage_events as is_stage_in_source,
        coalesce(events_per_case.events, 0) > 0 and evidence.has_closing_events as takes_closing_from_events,
        evidence.has_closing_events or evidence.has_closing_column as is_closing_in_source,
        events_per_case.first_arrived_at,
        coalesce(events_per_case.last_status = 'cancelled', false)
        or coalesce(tickets.status = 'cancelled', false) as is_cancelled,
        case
            when events_per_case.last_status = 'cancelled' then events_per_case.cancelled_at
            when tickets.status = 'cancelled' then coalesce(tickets.closed_at, tickets.updated_at)
        end as cancelled_at
    from tickets
    inner join cased
        on tickets.ticket_id = cased.ticket_id
    left join regions
        on tickets.region_id = regions.region_id
    left join events_per_case
        on tickets.ticket_id = events_per_case.case_id
    left join evidence
        on tickets.source_system = evidence.source_system
    cross join run_context
    where not cased.is_merged_away
)

select * from final
