with current_rows as (
    {{ current_rows('erp__parts_stock', ['snapshot_on', 'warehouse_id', 'part_id']) }}
),

run_context as (
    select * from {{ ref('stg_meta__run_context') }}
),

final as (
    select
        current_rows.snapshot_on,
        current_rows._source_system as source_system,
        current_rows.warehouse_id,
        current_rows.region_id,
        current_rows.part_id,
        current_rows.on_hand,
        current_rows.consumed,
        current_rows.safety_stock,
        current_rows.unit_cost
    from current_rows
    cross join run_context
    where current_rows.snapshot_on <= {{ local_date('run_context.as_of', 'run_context.company_zone') }}
)

select * from final
