{{ config(materialized='view') }}
-- An event is out when it precedes its ticket ("negative") or when an event with a lower sequence happened later
-- ("out of order"); the order of the file never matters (ruling B4). Events of unknown tickets are ignored (B6).
select
    events.*,
    tickets.case_id,
    tickets.is_merged_away,
    case
        when events.occurred_at < tickets.opened_at then 'event_before_opening'
        when out_of_order.ticket_id is not null then 'event_out_of_order'
    end as rejected_because
from {{ ref('stg_crm__ticket_events') }} as events
inner join {{ ref('int_tickets_cased') }} as tickets
    on events.ticket_id = tickets.ticket_id
left join {{ ref('int_ticket_events_out_of_order') }} as out_of_order
    on
        events.ticket_id = out_of_order.ticket_id
        and events.sequence = out_of_order.sequence
        and events.occurred_at = out_of_order.occurred_at
