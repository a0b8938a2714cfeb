-- What becomes of a case beyond its times: null is unknown or not decided yet, each with its own evidence (B17, B21).
with cases as (
    select * from {{ ref('int_cases_described') }}
),

tickets as (
    select * from {{ ref('stg_crm__tickets') }}
),

resolved as (
    select * from {{ ref('int_cases_resolved') }}
),

promised as (
    select * from {{ ref('int_cases_promised') }}
),

contacts as (
    select * from {{ ref('int_case_contacts') }}
),

visits as (
    select * from {{ ref('int_case_visits') }}
),

repeats as (
    select * from {{ ref('int_case_repeats') }}
),

parts_waits as (
    select * from {{ ref('int_case_parts_waits') }}
),

process as (
    select * from {{ ref('int_case_process') }}
),

durations as (
    select * from {{ ref('int_case_durations') }}
),

stages as (
    select
        case_id,
        sum(calendar_seconds) as stage_seconds
    from {{ ref('int_case_stages') }}
    group by case_id
),

transferred as (
    select
        events.case_id,
        min(events.occurred_at) as first_transferred_at
    from {{ ref('int_case_events') }} as events
    where events.event_type = 'transferred'
    group by events.case_id
),

run_context as (
    select * from {{ ref('stg_meta__run_context') }}
),

closed as (
    select
        cases.case_id,
        case
            when cases.takes_closing_from_events then contacts.first_closed_at else cases.column_closed_at
        end as first_closed_at
    from cases
    left join contacts
        on cases.case_id = contacts.case_id
),

final as (
    select
        cases.case_id,
        -- one human answer, no transfer, no visit, and the solution held (D9)
        case
            when resolved.stable_resolved_at is not null and cases.takes_response_from_events
                then
                    contacts.human_responses = 1
                    and not coalesce(transferred.first_transferred_at <= resolved.stable_resolved_at, false)
                    and visits.case_id is null
                    and resolved.first_resolved_at = resolved.stable_resolved_at
        end as is_resolved_at_first_contact,
        -- on site the customer is given a month to come back, else a week (D8)
        case when tickets.resolution_mode = 'onsite' then 720 else 168 end as contact_window_hours,
        case
            when resolved.stable_resolved_at is not null and cases.is_repeat_in_source
                then coalesce(repeats.next_opened_at <= resolved.stable_resolved_at + interval 168 hours, false)
        end as is_repeated_in_7_days,
        case
            when
                resolved.stable_resolved_at + interval 720 hours <= run_context.as_of and cases.is_repeat_in_source
                then coalesce(repeats.next_opened_at <= resolved.stable_resolved_at + interval 720 hours, false)
        end as is_repeated_in_30_days,
        coalesce(
            resolved.stable_resolved_at + interval 720 hours > run_context.as_of and cases.is_repeat_in_source, false
        ) as is_repeat_30_days_pending,
        case
            when resolved.stable_resolved_at is not null and cases.is_callback_in_source
                then coalesce(contacts.is_called_back_in_time, false)
        end as is_called_back_in_time,
        case
            when resolved.stable_resolved_at is not null and cases.is_attempt_in_source
                then coalesce(contacts.is_attempted_in_time, false)
        end as is_attempted_in_time,
        case
            when
                resolved.stable_resolved_at is not null
                and cases.is_closing_in_source
                and cases.is_callback_in_source
                and cases.is_confirmation_in_source
                then
                    closed.first_closed_at is not null
                    and coalesce(contacts.is_called_back_in_time, false)
                    and coalesce(contacts.is_confirmed, false)
        end as is_loop_closed,
        case
            when resolved.stable_resolved_at is not null and cases.is_process_in_source then process.is_deviating
        end as is_process_deviating,
        case
            when
                resolved.stable_resolved_at is not null
                and promised.due_at is not null
                and not coalesce(parts_waits.is_contradictory, false)
                then
                    resolved.stable_resolved_at > promised.due_at
                    and {{ calendar_seconds('promised.due_at', 'resolved.stable_resolved_at') }}
                    <= coalesce(parts_waits.wait_seconds, 0)
        end as is_late_for_parts,
        case
            when cases.is_escalation_in_source
                then coalesce(contacts.is_escalated, false) or coalesce(tickets.is_escalated, false)
        end as is_escalated_case,
        case
            -- closed before it was opened, in a column, is closed at a time that nobody knows (B5)
            when closed.first_closed_at < cases.case_opened_at and not cases.takes_closing_from_events then null
            when promised.due_at <= run_context.as_of and not cases.is_cancelled and cases.is_closing_in_source
                then coalesce(closed.first_closed_at <= promised.due_at, false)
        end as is_closed_on_time,
        parts_waits.wait_seconds as parts_wait_seconds,
        coalesce(parts_waits.is_contradictory, false) as is_parts_wait_contradictory,
        stages.stage_seconds,
        durations.customer_working_seconds,
        case when cases.is_wait_in_source then durations.service_calendar_seconds end as service_calendar_seconds,
        case when cases.is_wait_in_source then durations.service_working_seconds end as service_working_seconds,
        case when cases.is_wait_in_source then durations.own_calendar_seconds end as own_calendar_seconds,
        case when cases.is_wait_in_source then durations.own_working_seconds end as own_working_seconds,
        case when cases.is_person_in_source then durations.idle_working_seconds end as idle_working_seconds
    from cases
    inner join tickets
        on cases.case_id = tickets.ticket_id
    left join resolved
        on cases.case_id = resolved.case_id
    left join promised
        on cases.case_id = promised.case_id
    left join contacts
        on cases.case_id = contacts.case_id
    left join visits
        on cases.case_id = visits.case_id
    left join repeats
        on cases.case_id = repeats.case_id
    left join parts_waits
        on cases.case_id = parts_waits.case_id
    left join stages
        on cases.case_id = stages.case_id
    left join transferred
        on cases.case_id = transferred.case_id
    left join process
        on cases.case_id = process.case_id
    left join durations
        on cases.case_id = durations.case_id
    left join closed
        on cases.case_id = closed.case_id
    cross join run_context
),

-- first contact and never again (D8), as far as that can be known yet
with_net as (
    select
        final.* exclude (contact_window_hours),
        resolved.stable_resolved_at + to_hours(final.contact_window_hours) > run_context.as_of as is_window_open,
        case when final.contact_window_hours = 720 then final.is_repeated_in_30_days else final.is_repeated_in_7_days end
            as is_repeated_in_window
    from final
    left join resolved
        on final.case_id = resolved.case_id
    cross join run_context
)

select
    * exclude (is_window_open, is_repeated_in_window),
    case
        when
            not is_window_open
            and is_repeated_in_window is not null
            -- a repeat would make a case false that nobody knows to have been a first contact (B17)
            and is_resolved_at_first_contact is not null
            then is_resolved_at_first_contact and not is_repeated_in_window
    end as is_resolved_at_first_contact_net,
    coalesce(is_window_open and is_resolved_at_first_contact is not null and is_repeated_in_7_days is not null, false)
        as is_first_contact_net_pending
from with_net
