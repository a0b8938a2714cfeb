select
    case_id,
    event_number,
    ticket_id,
    source_system,
    event_type,
    occurred_at,
    sequence,
    status,
    team_id,
    agent_id,
    actor,
    is_public
from {{ ref('int_case_events') }}
