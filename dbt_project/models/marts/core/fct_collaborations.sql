-- Requests to other departments, charged to the team that asked; nobody in person asked (ruling E9).
with collaborations as (
    select * from {{ ref('stg_crm__collaborations') }}
),

tickets as (
    select * from {{ ref('fct_tickets') }}
),

regions as (
    select * from {{ ref('regions') }}
),

run_context as (
    select * from {{ ref('stg_meta__run_context') }}
),

placed as (
    select
        collaborations.*,
        bool_or(collaborations.responded_at is not null) over (partition by collaborations.source_system)
            as is_answer_in_source,
        tickets.case_id
    from collaborations
    left join tickets
        on collaborations.ticket_id = tickets.ticket_id
)

select
    placed.collaboration_id,
    placed.source_system,
    placed.ticket_id,
    placed.case_id,
    coalesce(cases.is_case, true) as is_counted,
    coalesce(cases.region_id, 'unknown') as region_id,
    coalesce(cases.product_id, 'unknown') as product_id,
    {{ case_attributes('cases') }},
    placed.assisting_department,
    coalesce(placed.requesting_team_id, 'unknown') as team_id,
    'unknown' as employment,
    placed.requested_at,
    placed.responded_at,
    placed.completed_at,
    {{ local_date('placed.requested_at', 'coalesce(regions.time_zone, run_context.company_zone)') }} as requested_date,
    cast({{ calendar_seconds('placed.requested_at', 'placed.responded_at') }} as decimal(18, 6))
        as response_calendar_seconds,
    placed.is_answer_in_source,
    -- not answered is late once 24 hours have passed (E5); answered before it was asked is unknown (B5)
    case
        when not placed.is_answer_in_source or placed.responded_at < placed.requested_at then null
        when placed.responded_at is not null then placed.responded_at <= placed.requested_at + interval 24 hours
        when run_context.as_of >= placed.requested_at + interval 24 hours then false
    end as is_answered_on_time,
    placed.is_answer_in_source
    and placed.responded_at is null
    and run_context.as_of < placed.requested_at + interval 24 hours as is_answer_pending
from placed
left join tickets as cases
    on placed.case_id = cases.ticket_id
left join regions
    on cases.region_id = regions.region_id
cross join run_context
