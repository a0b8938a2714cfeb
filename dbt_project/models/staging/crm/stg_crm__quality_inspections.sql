with current_rows as (
    {{ current_rows('crm__quality_inspections', ['inspection_id']) }}
),

run_context as (
    select * from {{ ref('stg_meta__run_context') }}
),

final as (
    select
        current_rows.inspection_id,
        current_rows._source_system as source_system,
        current_rows.ticket_id,
        current_rows.inspected_at,
        current_rows.inspector_id,
        current_rows.agent_id,
        current_rows.fields_required,
        current_rows.fields_complete,
        current_rows.has_diagnosis_record,
        current_rows.has_customer_signature,
        current_rows.is_script_followed,
        current_rows.is_process_followed,
        current_rows.attitude_score
    from current_rows
    cross join run_context
    where current_rows.inspected_at <= run_context.as_of
)

select * from final
