-- Events of merged-away tickets belong to the survivor, except those that resolve, close or reopen (ruling D14).
with judged as (
    select * from {{ ref('int_ticket_events_judged') }}
)

select
    case_id,
    ticket_id,
    source_system,
    event_type,
    occurred_at,
    sequence,
    status,
    priority,
    team_id,
    agent_id,
    actor,
    is_public,
    row_number() over (
        partition by case_id
        -- one row of a log may give several events: the type decides last, so that every build numbers them alike
        order by occurred_at, sequence nulls first, landing_order, row_number, event_type, ticket_id
    ) as event_number
from judged
where
    rejected_because is null
    and not (is_merged_away and event_type in ('resolved', 'closed', 'reopened'))
