-- What the history of a case tells about contacts: human answers up to the stable resolution (rulings C1, D9), a call-back
-- that reached the customer, or tried to, within 72 h of it (F6), confirmation, praise (F3), escalation (D12), and the first
-- closing (F5).
with events as (
    select * from {{ ref('int_case_events') }}
),

resolved as (
    select * from {{ ref('int_cases_resolved') }}
)

select
    events.case_id,
    count(*) filter (
        where
            events.event_type in ('first_response', 'responded')
            and events.actor = 'agent'
            and events.is_public is distinct from false
            and events.occurred_at <= resolved.stable_resolved_at
    ) as human_responses,
    bool_or(
        events.event_type = 'callback_reached'
        and events.occurred_at >= resolved.stable_resolved_at
        and events.occurred_at <= resolved.stable_resolved_at + interval 72 hours
    ) as is_called_back_in_time,
    bool_or(
        events.event_type in ('callback_attempted', 'callback_reached')
        and events.occurred_at >= resolved.stable_resolved_at
        and events.occurred_at <= resolved.stable_resolved_at + interval 72 hours
    ) as is_attempted_in_time,
    bool_or(events.event_type = 'customer_confirmed') as is_confirmed,
    bool_or(events.event_type = 'praised') as is_praised,
    bool_or(events.event_type = 'escalated') as is_escalated,
    min(events.occurred_at) filter (
        where events.event_type = 'closed' and events.status is distinct from 'cancelled'
    ) as first_closed_at
from events
left join resolved
    on events.case_id = resolved.case_id
group by events.case_id
