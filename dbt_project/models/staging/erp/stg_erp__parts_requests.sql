with current_rows as (
    {{ current_rows('erp__parts_requests', ['request_id']) }}
),

run_context as (
    select * from {{ ref('stg_meta__run_context') }}
),

final as (
    select
        current_rows.request_id,
        current_rows._source_system as source_system,
        current_rows.work_order_id,
        current_rows.ticket_id,
        current_rows.part_id,
        current_rows.quantity,
        current_rows.requested_at,
        {{ visible('current_rows.available_at') }} as available_at,
        current_rows.supply,
        current_rows.was_in_stock,
        current_rows.unit_cost
    from current_rows
    cross join run_context
    where current_rows.requested_at <= run_context.as_of
)

select * from final
