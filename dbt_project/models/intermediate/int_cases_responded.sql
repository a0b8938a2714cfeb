-- The first human, customer-visible response: an agent's public `first_response` or `responded` (rulings C1, C6).
-- Where the source delivers responses as events, a case with events takes them from there only.
with cases as (
    select * from {{ ref('int_cases_described') }}
),

events as (
    select * from {{ ref('int_case_events') }}
),

from_events as (
    select
        case_id,
        min(occurred_at) as first_response_at
    from events
    where
        event_type in ('first_response', 'responded')
        and actor = 'agent'
        and is_public is distinct from false
    group by case_id
)

select
    cases.case_id,
    case
        when cases.takes_response_from_events then from_events.first_response_at
        when cases.column_first_response_at >= cases.case_opened_at then cases.column_first_response_at
    end as first_response_at
from cases
left join from_events
    on cases.case_id = from_events.case_id
