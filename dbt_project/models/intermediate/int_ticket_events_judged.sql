-- An event is out when it precedes its ticket ("negative") or when an event with a lower sequence happened later
-- ("out of order"); the order of the file never matters (ruling B4). Events of unknown tickets are ignored (B6).
with events as (
    select * from {{ ref('stg_crm__ticket_events') }}
),

tickets as (
    select * from {{ ref('int_tickets_cased') }}
),

placed as (
    select
        events.*,
        tickets.case_id,
        tickets.is_merged_away,
        events.occurred_at < tickets.opened_at as is_before_opening
    from events
    inner join tickets
        on events.ticket_id = tickets.ticket_id
),

-- on the few columns that it needs, because every row passes through the window
ordered as (
    select
        ticket_id,
        sequence,
        occurred_at,
        max(case when not is_before_opening then occurred_at end) over (
            partition by ticket_id
            order by sequence
            range between unbounded preceding and 1 preceding
        ) as newest_before
    from placed
    where sequence is not null
),

out_of_order as (
    select distinct
        ticket_id,
        sequence,
        occurred_at
    from ordered
    where occurred_at < newest_before
)

select
    placed.*,
    case
        when placed.is_before_opening then 'event_before_opening'
        when out_of_order.ticket_id is not null then 'event_out_of_order'
    end as rejected_because
from placed
left join out_of_order
    on
        placed.ticket_id = out_of_order.ticket_id
        and placed.sequence = out_of_order.sequence
        and placed.occurred_at = out_of_order.occurred_at
