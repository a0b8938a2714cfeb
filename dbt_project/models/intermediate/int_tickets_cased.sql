-- Merge chains end at their final survivor; a dangling or circular target leaves the ticket its own case (ruling D14).
with recursive -- noqa: PRS

tickets as (
    select * from {{ ref('stg_crm__tickets') }}
),

merges as (
    select
        merged.ticket_id,
        merged.merged_into_ticket_id
    from tickets as merged
    inner join tickets as target
        on merged.merged_into_ticket_id = target.ticket_id
    where merged.ticket_id <> merged.merged_into_ticket_id
),

chains as (
    select
        ticket_id,
        merged_into_ticket_id as reached_ticket_id,
        1 as steps
    from merges
    union all
    select
        chains.ticket_id,
        merges.merged_into_ticket_id as reached_ticket_id,
        chains.steps + 1 as steps
    from chains
    inner join merges
        on chains.reached_ticket_id = merges.ticket_id
    -- a chain longer than this is a circle
    where chains.steps < 50
),

survivors as (
    select
        chains.ticket_id,
        chains.reached_ticket_id as case_id
    from chains
    left join merges
        on chains.reached_ticket_id = merges.ticket_id
    where merges.ticket_id is null
),

final as (
    select
        tickets.ticket_id,
        coalesce(survivors.case_id, tickets.ticket_id) as case_id,
        survivors.case_id is not null as is_merged_away,
        tickets.opened_at,
        min(tickets.opened_at) over (
            partition by coalesce(survivors.case_id, tickets.ticket_id)
        ) as case_opened_at
    from tickets
    left join survivors
        on tickets.ticket_id = survivors.ticket_id
)

select * from final
