-- Every landed ticket stays visible here; the ones that count are `is_case`, the others say why not.
with tickets as (
    select * from {{ ref('stg_crm__tickets') }}
),

cased as (
    select * from {{ ref('int_tickets_cased') }}
),

cases as (
    select * from {{ ref('int_cases_described') }}
),

responded as (
    select * from {{ ref('int_cases_responded') }}
),

response_judged as (
    select * from {{ ref('int_cases_response_judged') }}
),

resolved as (
    select * from {{ ref('int_cases_resolved') }}
),

promised as (
    select * from {{ ref('int_cases_promised') }}
),

owned as (
    select * from {{ ref('int_cases_owned') }}
),

counted as (
    select * from {{ ref('int_cases_counted') }}
),

judged as (
    select * from {{ ref('int_cases_judged') }}
),

praise as (
    select * from {{ ref('int_case_praise') }}
),

transfers as (
    select
        events.case_id,
        count(*) as transfers
    from {{ ref('int_case_events') }} as events
    left join resolved
        on events.case_id = resolved.case_id
    where
        events.event_type = 'transferred'
        and (resolved.stable_resolved_at is null or events.occurred_at <= resolved.stable_resolved_at)
    group by events.case_id
),

run_context as (
    select * from {{ ref('stg_meta__run_context') }}
),

final as (
    select
        tickets.ticket_id,
        cased.case_id,
        tickets.source_system,
        case when cased.is_merged_away then 'merged_away' else counted.exclusion_reason end as exclusion_reason,
        not cased.is_merged_away and counted.exclusion_reason is null as is_case,

        -- what it is about
        coalesce(tickets.case_type, 'unknown') as case_type,
        coalesce(tickets.channel, 'unknown') as channel,
        coalesce(tickets.priority, 'unknown') as priority,
        coalesce(tickets.region_id, 'unknown') as region_id,
        coalesce(tickets.product_id, 'unknown') as product_id,
        coalesce(tickets.root_cause_id, 'unknown') as root_cause_id,
        tickets.customer_id,
        tickets.asset_id,
        tickets.status,
        tickets.resolution_mode,
        coalesce({{ warranty('tickets.is_warranty') }}, 'unknown') as warranty,
        tickets.is_warranty,
        tickets.is_escalated,
        tickets.related_ticket_id,

        -- when: instants in UTC, dates in the region's zone
        coalesce(cases.time_zone, run_context.company_zone) as time_zone,
        tickets.opened_at,
        cased.case_opened_at,
        {{ local_date('cased.case_opened_at', 'coalesce(cases.time_zone, run_context.company_zone)') }} as opened_date,
        responded.first_response_at,
        resolved.first_resolved_at,
        {{ local_date('resolved.first_resolved_at', 'cases.time_zone') }} as first_resolved_date,
        resolved.stable_resolved_at,
        {{ local_date('resolved.stable_resolved_at', 'cases.time_zone') }} as stable_resolved_date,
        resolved.standing_resolved_at,
        {{ local_date('resolved.standing_resolved_at', 'cases.time_zone') }} as standing_resolved_date,
        promised.due_at,
        {{ local_date('promised.due_at', 'cases.time_zone') }} as due_date,
        cases.cancelled_at,
        cases.is_cancelled,
        tickets.deleted_at,

        -- how long, in calendar seconds
        cast({{ calendar_seconds('cased.case_opened_at', 'responded.first_response_at') }} as decimal(18, 6))
            as first_response_calendar_seconds,
        cast({{ calendar_seconds('cased.case_opened_at', 'resolved.stable_resolved_at') }} as decimal(18, 6))
            as resolution_customer_calendar_seconds,
        cast(judged.customer_working_seconds as decimal(18, 6)) as resolution_customer_working_seconds,
        cast(judged.service_calendar_seconds as decimal(18, 6)) as resolution_service_calendar_seconds,
        cast(judged.service_working_seconds as decimal(18, 6)) as resolution_service_working_seconds,
        cast(judged.own_calendar_seconds as decimal(18, 6)) as resolution_own_calendar_seconds,
        cast(judged.own_working_seconds as decimal(18, 6)) as resolution_own_working_seconds,
        judged.idle_working_seconds,

        -- how well; null is unknown or not decided yet
        response_judged.is_first_response_on_time,
        coalesce(response_judged.is_response_pending, false) as is_response_pending,
        response_judged.is_answered_in_half_an_hour,
        coalesce(response_judged.is_half_an_hour_pending, false) as is_half_an_hour_pending,
        case
            when not cases.has_events or not cases.is_reopening_in_source then null
            when resolved.is_first_mature then resolved.is_first_reopened_in_window
        end as is_reopened_in_window,
        resolved.first_resolved_at is not null
        and cases.has_events
        and cases.is_reopening_in_source
        and not resolved.is_first_mature as is_reopening_pending,
        case
            when promised.due_at <= run_context.as_of and not cases.is_cancelled and cases.is_resolution_in_source
                then coalesce(resolved.stable_resolved_at <= promised.due_at, false)
        end as is_resolved_on_time,
        case
            when promised.due_at <= run_context.as_of and not cases.is_cancelled and cases.is_resolution_in_source
                then coalesce(resolved.stable_resolved_at, resolved.standing_resolved_at) is not null
        end as is_resolved_when_due,
        case
            when cases.is_transfer_in_source then coalesce(transfers.transfers, 0)
        end as transfers,
        judged.is_resolved_at_first_contact,
        judged.is_resolved_at_first_contact_net,
        judged.is_first_contact_net_pending,
        judged.is_repeated_in_7_days,
        judged.is_repeated_in_30_days,
        judged.is_repeat_30_days_pending,
        judged.is_called_back_in_time,
        judged.is_attempted_in_time,
        judged.is_loop_closed,
        judged.is_escalated_case,
        judged.is_closed_on_time,
        judged.is_process_deviating,
        judged.is_late_for_parts,
        {{ local_date('praise.first_responded_at', 'cases.time_zone') }} as first_survey_date,
        praise.is_praised,
        judged.parts_wait_seconds,
        judged.is_parts_wait_contradictory,
        judged.stage_seconds,

        -- what the source can know (ruling B21)
        cases.has_events,
        cases.is_response_in_source,
        cases.is_resolution_in_source,
        cases.is_transfer_in_source,
        cases.is_case_type_in_source,
        cases.is_mode_in_source,
        cases.is_stage_in_source,
        cases.is_wait_in_source,
        cases.is_person_in_source,
        cases.is_process_in_source,
        cases.is_reopening_in_source and cases.has_events as is_reopening_in_source,

        -- whom each figure is charged to
        owned.first_team_id,
        owned.first_employment,
        owned.response_employment,
        owned.first_resolution_employment,
        owned.resolution_employment,
        owned.standing_employment,
        case
            when owned.resolution_team_id is not null then owned.resolution_employment
            when owned.standing_team_id is not null then owned.standing_employment
            else owned.due_employment
        end as due_employment,
        owned.current_team_id,
        owned.current_employment,
        owned.current_agent_id,
        owned.response_team_id,
        owned.response_agent_id,
        owned.first_resolution_team_id,
        owned.resolution_team_id,
        owned.resolution_agent_id,
        owned.standing_team_id,
        coalesce(owned.resolution_team_id, owned.standing_team_id, owned.due_team_id) as due_team_id,

        -- the source's own verdicts, for reconciliation only
        tickets.is_sla_met as source_is_sla_met,
        tickets.reopened_count as source_reopened_count,
        tickets.reassigned_count as source_reassigned_count,
        tickets.first_response_at as source_first_response_at,
        tickets.resolved_at as source_resolved_at,
        tickets.closed_at as source_closed_at
    from tickets
    inner join cased
        on tickets.ticket_id = cased.ticket_id
    left join cases
        on tickets.ticket_id = cases.case_id
    left join responded
        on tickets.ticket_id = responded.case_id
    left join response_judged
        on tickets.ticket_id = response_judged.case_id
    left join resolved
        on tickets.ticket_id = resolved.case_id
    left join promised
        on tickets.ticket_id = promised.case_id
    left join owned
        on tickets.ticket_id = owned.case_id
    left join counted
        on tickets.ticket_id = counted.case_id
    left join judged
        on tickets.ticket_id = judged.case_id
    left join transfers
        on tickets.ticket_id = transfers.case_id
    left join praise
        on tickets.ticket_id = praise.case_id
    cross join run_context
)

select * from final
