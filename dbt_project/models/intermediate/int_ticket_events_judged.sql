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

final as (
    select
        *,
        case
            when is_before_opening then 'event_before_opening'
            when occurred_at < max(case when not is_before_opening then occurred_at end) over (
                partition by ticket_id, sequence is null
                order by sequence
                range between unbounded preceding and 1 preceding
            ) and sequence is not null then 'event_out_of_order'
        end as rejected_because
    from placed
)

select * from final
