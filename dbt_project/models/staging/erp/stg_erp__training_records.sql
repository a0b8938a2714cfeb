with current_rows as (
    {{ current_rows('erp__training_records', ['record_id']) }}
),

run_context as (
    select * from {{ ref('stg_meta__run_context') }}
),

final as (
    select
        current_rows.record_id,
        current_rows._source_system as source_system,
        current_rows.employee_id,
        current_rows.course,
        current_rows.kind,
        current_rows.held_on,
        current_rows.hours,
        current_rows.score,
        current_rows.is_passed
    from current_rows
    cross join run_context
    where current_rows.held_on <= {{ local_date('run_context.as_of', 'run_context.company_zone') }}
)

select * from final
