with current_rows as (
    {{ current_rows('crm__tickets', ['ticket_id'], 'updated_at', gone='told') }}
),

run_context as (
    select * from {{ ref('stg_meta__run_context') }}
),

final as (
    select
        current_rows.ticket_id,
        current_rows._source_system as source_system,
        current_rows.opened_at,
        {{ visible('current_rows.updated_at') }} as updated_at,
        -- counts and verdicts of such a row may be of a time that has not come yet
        coalesce(current_rows.updated_at > run_context.as_of, false) as is_changed_after_as_of,
        -- cancelled later than `as_of` is not cancelled yet (rulings A13, B9)
        case
            when
                current_rows.status = 'cancelled'
                and coalesce(current_rows.closed_at, current_rows.updated_at) > run_context.as_of
                then null
            else current_rows.status
        end as status,
        current_rows.case_type,
        current_rows.channel,
        current_rows.priority,
        current_rows.customer_id,
        current_rows.asset_id,
        current_rows.product_id,
        current_rows.region_id,
        current_rows.team_id,
        current_rows.agent_id,
        current_rows.root_cause_id,
        current_rows.subject,
        {{ visible('current_rows.first_response_at') }} as first_response_at,
        {{ visible('current_rows.resolved_at') }} as resolved_at,
        {{ visible('current_rows.closed_at') }} as closed_at,
        current_rows.resolution_due_at,
        current_rows.is_sla_met,
        current_rows.reopened_count,
        current_rows.reassigned_count,
        current_rows.resolution_mode,
        current_rows.is_warranty,
        current_rows.is_escalated,
        current_rows.merged_into_ticket_id,
        current_rows.related_ticket_id,
        -- a ticket that its source no longer has is deleted, and known to be whatever as-of is
        coalesce(
            {{ visible('current_rows.deleted_at') }},
            case when current_rows._gone_since is not null then least(current_rows._gone_since, run_context.as_of) end
        ) as deleted_at,
        current_rows._extract_id as extract_id,
        current_rows._extract_file as extract_file,
        current_rows._row_number as row_number
    from current_rows
    cross join run_context
    where current_rows.opened_at <= run_context.as_of
)

select * from final
