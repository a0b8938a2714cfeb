-- Visits and depot jobs: times and cost in the work order's own place, attributes of its case (rulings B15, G1).
with orders as (
    select * from {{ ref('int_work_orders_placed') }}
),

tickets as (
    select * from {{ ref('fct_tickets') }}
),

run_context as (
    select * from {{ ref('stg_meta__run_context') }}
),

placed as (
    select
        orders.*,
        coalesce(cases.is_case, true) as is_counted,
        coalesce(orders.region_id, 'unknown') as own_region_id,
        coalesce(orders.employment, 'unknown') as own_employment,
        coalesce(orders.product_id, nullif(cases.product_id, 'unknown'), 'unknown') as own_product_id,
        {{ case_attributes('cases', 'orders.is_warranty') }},
        coalesce(orders.outcome <> 'cancelled', true) as is_visit,
        bool_or(orders.arrived_at is not null) over (partition by orders.source_system) as is_arrival_in_source,
        -- a visit that ended with something done, of a ticket (D10)
        coalesce(
            orders.ticket_id is not null
            and orders.completed_at is not null
            and coalesce(orders.outcome not in ('no_access', 'cancelled'), true),
            false
        ) as is_completed_visit
    from orders
    left join tickets as cases
        on orders.case_id = cases.ticket_id
),

numbered as (
    select
        *,
        row_number() over completed as completed_visit_number,
        count(*) over (partition by coalesce(case_id, ticket_id), is_completed_visit) as completed_visits
    from placed
    window completed as (
        partition by coalesce(case_id, ticket_id), is_completed_visit
        order by completed_at, visit_number nulls last, work_order_id
    )
)

select
    numbered.work_order_id,
    numbered.source_system,
    numbered.ticket_id,
    numbered.case_id,
    numbered.is_counted,
    numbered.employee_id,
    numbered.own_region_id as region_id,
    numbered.own_product_id as product_id,
    numbered.own_employment as employment,
    numbered.case_type,
    numbered.channel,
    numbered.priority,
    numbered.root_cause_id,
    numbered.customer_id,
    numbered.warranty,
    numbered.asset_id,
    numbered.visit_number,
    numbered.service_item,
    numbered.outcome,
    numbered.is_warranty,
    numbered.has_customer_signature,
    numbered.requested_at,
    numbered.scheduled_at,
    numbered.accepted_at,
    numbered.departed_at,
    numbered.arrived_at,
    numbered.completed_at,
    numbered.requested_date,
    numbered.arrived_date,
    numbered.completed_date,
    numbered.line_date,
    numbered.requested_team_id,
    numbered.arrived_team_id,
    numbered.completed_team_id,
    numbered.line_team_id,
    numbered.is_visit,
    numbered.is_arrival_in_source,

    -- calendar time; null where an instant is missing or the order is wrong (B5)
    cast({{ calendar_seconds('numbered.requested_at', 'numbered.arrived_at') }} as decimal(18, 6))
        as onsite_response_calendar_seconds,
    -- within 24 h of the request; not there yet is late once they have passed (C4)
    case
        when
            not numbered.is_visit
            or not numbered.is_arrival_in_source
            or numbered.requested_at + interval 24 hours > run_context.as_of
            or numbered.arrived_at < numbered.requested_at
            then null
        when numbered.requested_at is not null
            then coalesce(numbered.arrived_at <= numbered.requested_at + interval 24 hours, false)
    end as is_onsite_on_time,
    -- not judged yet, even if somebody is there already
    coalesce(
        numbered.is_visit
        and numbered.is_arrival_in_source
        and coalesce(numbered.arrived_at >= numbered.requested_at, true)
        and numbered.requested_at + interval 24 hours > run_context.as_of,
        false
    ) as is_onsite_pending,
    numbered.is_completed_visit and numbered.completed_visit_number = 1 as is_first_completed_visit,
    case
        -- what became of a first visit without an outcome is unknown
        when
            numbered.is_completed_visit and numbered.completed_visit_number = 1 and numbered.outcome is not null
            then numbered.outcome = 'fixed' and numbered.completed_visits = 1
    end as is_fixed_first_time,

    -- hours and money; cost_amount is the sum of the known components (B13), null if none is known
    numbered.labour_hours,
    numbered.labour_cost,
    numbered.travel_cost,
    numbered.parts_cost,
    numbered.outsourced_cost,
    numbered.currency,
    numbered.cost_amount,
    numbered.revenue_amount
from numbered
cross join run_context
