with current_rows as (
    {{ current_rows('erp__work_orders', ['work_order_id'], 'updated_at') }}
),

run_context as (
    select * from {{ ref('stg_meta__run_context') }}
),

final as (
    select
        current_rows.work_order_id,
        current_rows._source_system as source_system,
        current_rows.ticket_id,
        current_rows.employee_id,
        current_rows.asset_id,
        current_rows.product_id,
        current_rows.region_id,
        current_rows.visit_number,
        current_rows.service_item,
        {{ visible('current_rows.requested_at') }} as requested_at,
        current_rows.scheduled_at,
        {{ visible('current_rows.accepted_at') }} as accepted_at,
        {{ visible('current_rows.departed_at') }} as departed_at,
        {{ visible('current_rows.arrived_at') }} as arrived_at,
        {{ visible('current_rows.completed_at') }} as completed_at,
        -- what became of a visit is known when it ends
        case
            when coalesce(current_rows.completed_at, run_context.as_of) <= run_context.as_of then current_rows.outcome
        end as outcome,
        -- a cost line is dated by its completion, else arrival, appointment, request (ruling G1); a later one is not there yet
        {{ visible(
            'coalesce(current_rows.completed_at, current_rows.arrived_at, current_rows.scheduled_at, '
            'current_rows.requested_at)'
        ) }} as line_at,
        current_rows.labour_hours,
        current_rows.labour_cost,
        current_rows.travel_cost,
        current_rows.parts_cost,
        current_rows.outsourced_cost,
        current_rows.revenue,
        current_rows.currency,
        current_rows.employment,
        current_rows.is_warranty,
        current_rows.has_customer_signature
    from current_rows
    cross join run_context
)

select * from final
