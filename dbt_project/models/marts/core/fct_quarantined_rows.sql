with landed as (
    select * from {{ ref('stg_meta__quarantined_rows') }}
),

events as (
    select * from {{ ref('int_ticket_events_judged') }}
),

final as (
    select
        extract_id,
        contract,
        file_name,
        row_number,
        column_name,
        value,
        reason_code,
        reason
    from landed
    union all
    select
        extract_id,
        'crm.ticket_events' as contract,
        extract_file as file_name,
        row_number,
        'occurred_at' as column_name,
        cast(occurred_at as varchar) as value,
        rejected_because as reason_code,
        case rejected_because
            when 'event_before_opening' then 'the event happened before its ticket was opened'
            else 'an event with a lower sequence happened later'
        end as reason
    from events
    where rejected_because is not null
)

select * from final
