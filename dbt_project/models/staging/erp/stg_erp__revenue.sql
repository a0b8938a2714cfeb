with current_rows as (
    {{ current_rows('erp__revenue', ['month', 'region_id', 'category']) }}
),

run_context as (
    select * from {{ ref('stg_meta__run_context') }}
),

final as (
    select
        current_rows.month,
        current_rows._source_system as source_system,
        current_rows.region_id,
        current_rows.category,
        current_rows.revenue,
        current_rows.currency
    from current_rows
    cross join run_context
    where current_rows.month <= {{ local_date('run_context.as_of', 'run_context.company_zone') }}
)

select * from final
