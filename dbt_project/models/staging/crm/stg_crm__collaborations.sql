with current_rows as (
    {{ current_rows('crm__collaborations', ['collaboration_id']) }}
),

run_context as (
    select * from {{ ref('stg_meta__run_context') }}
),

final as (
    select
        current_rows.collaboration_id,
        current_rows._source_system as source_system,
        current_rows.ticket_id,
        current_rows.requesting_team_id,
        current_rows.assisting_department,
        current_rows.requested_at,
        {{ visible('current_rows.responded_at') }} as responded_at,
        {{ visible('current_rows.completed_at') }} as completed_at
    from current_rows
    cross join run_context
    where current_rows.requested_at <= run_context.as_of
)

select * from final
