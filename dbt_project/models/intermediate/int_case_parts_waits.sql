-- Wait for parts of a stably resolved case: the union of its requests, each from request to availability or as-of,
-- clipped to [creation, stable resolution] (ruling E1). A request that was available before it was made tells nothing
-- about the wait of its case (E7).
with requests as (
    select * from {{ ref('stg_erp__parts_requests') }}
),

orders as (
    select * from {{ ref('int_work_orders_placed') }}
),

tickets as (
    select * from {{ ref('int_tickets_cased') }}
),

cases as (
    select * from {{ ref('int_cases_described') }}
),

resolved as (
    select * from {{ ref('int_cases_resolved') }}
),

run_context as (
    select * from {{ ref('stg_meta__run_context') }}
),

of_cases as (
    select
        coalesce(tickets.case_id, orders.case_id) as case_id,
        requests.requested_at,
        requests.available_at,
        coalesce(requests.available_at < requests.requested_at, false) as is_contradictory
    from requests
    left join tickets
        on requests.ticket_id = tickets.ticket_id
    left join orders
        on case when requests.ticket_id is null then requests.work_order_id end = orders.work_order_id
),

clipped as (
    select
        of_cases.case_id,
        of_cases.is_contradictory,
        case
            when of_cases.requested_at > cases.case_opened_at then of_cases.requested_at else cases.case_opened_at
        end as waits_from,
        case
            when coalesce(of_cases.available_at, run_context.as_of) < resolved.stable_resolved_at
                then coalesce(of_cases.available_at, run_context.as_of)
            else resolved.stable_resolved_at
        end as waits_to
    from of_cases
    inner join cases
        on of_cases.case_id = cases.case_id
    inner join resolved
        on of_cases.case_id = resolved.case_id
    cross join run_context
    where resolved.stable_resolved_at is not null
),

-- what a request adds to the requests that began before it
added as (
    select
        case_id,
        is_contradictory,
        case
            when covered_to is null or covered_to <= waits_from then {{ calendar_seconds('waits_from', 'waits_to') }}
            else {{ calendar_seconds('covered_to', 'waits_to') }}
        end as added_seconds
    from (
        select
            *,
            max(waits_to) over (
                partition by case_id
                order by waits_from, waits_to
                rows between unbounded preceding and 1 preceding
            ) as covered_to
        from clipped
    ) as covered
)

select
    case_id,
    bool_or(is_contradictory) as is_contradictory,
    cast(coalesce(sum(added_seconds), 0) as decimal(18, 6)) as wait_seconds
from added
group by case_id
