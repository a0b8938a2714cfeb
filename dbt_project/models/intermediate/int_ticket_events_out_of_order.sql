-- Events of known tickets after which an event with a lower sequence happened (ruling B4): by the few columns that it needs,
-- because every event passes through the window. An event before its ticket's opening puts nothing out.
with ordered as (
    select
        events.ticket_id,
        events.sequence,
        events.occurred_at,
        max(case when events.occurred_at >= tickets.opened_at then events.occurred_at end) over (
            partition by events.ticket_id
            order by events.sequence
            range between unbounded preceding and 1 preceding
        ) as newest_before
    from {{ ref('stg_crm__ticket_events') }} as events
    inner join {{ ref('int_tickets_cased') }} as tickets
        on events.ticket_id = tickets.ticket_id
    where events.sequence is not null
)

select distinct
    ticket_id,
    sequence,
    occurred_at
from ordered
where occurred_at < newest_before
