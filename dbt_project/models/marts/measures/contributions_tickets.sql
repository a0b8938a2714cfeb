{{ config(materialized='view') }}
-- What each ticket adds to each measure, on the local date and for the team that the measure is charged to
-- (kpi_rulings.md, "Cohort, fraction and owner"). Measures and traces are sums and lists of these rows.
with cases as (
    select * from {{ within_build(ref('fct_tickets')) }}
    where is_case
),

described as (
    {{ described_rows('cases') }}
),

created as (
    select
        'created' as cohort,
        opened_date as local_date,
        first_team_id as team_id,
        first_employment as employment,
        {{ contribution_dimensions() }},
        1 as tickets_created,
        case when due_at is not null then 1 end as promised_cases,
        cast(is_resolution_in_source as integer) as resolution_evident_cases,
        cast(is_case_type_in_source as integer) as typed_cases,
        cast(is_transfer_in_source as integer) as transfer_evident_cases,
        cast(transfers > 0 as integer) as transferred_cases,
        case when is_escalated_case is not null then 1 end as escalation_evident_cases,
        cast(is_escalated_case as integer) as escalated_cases
    from described
),

answered as (
    select
        'answered' as cohort,
        opened_date as local_date,
        coalesce(response_team_id, first_team_id) as team_id,
        case when response_team_id is not null then response_employment else first_employment end as employment,
        {{ contribution_dimensions() }},
        1 as response_cases,
        cast(is_response_in_source as integer) as response_evident_cases,
        case when first_response_calendar_seconds is not null then 1 end as answered_cases,
        first_response_calendar_seconds as first_response_seconds,
        case when is_first_response_on_time is not null then 1 end as response_judged_cases,
        cast(is_first_response_on_time as integer) as response_on_time_cases,
        cast(is_response_pending as integer) as response_pending_cases,
        case when is_answered_in_half_an_hour is not null then 1 end as half_hour_judged_cases,
        cast(is_answered_in_half_an_hour as integer) as half_hour_cases,
        cast(is_half_an_hour_pending as integer) as half_hour_pending_cases,
        case when case_type = 'complaint' then 1 end as complaints_asking,
        case when case_type = 'complaint' and is_response_in_source then 1 end as complaints_response_evident,
        case when case_type = 'complaint' and is_first_response_on_time is not null then 1 end as complaints_response_judged,
        case when case_type = 'complaint' then cast(is_first_response_on_time as integer) end as complaints_answered_on_time,
        case when case_type = 'complaint' then cast(is_response_pending as integer) end as complaints_response_pending
    from described
),

resolved as (
    select
        'resolved' as cohort,
        stable_resolved_date as local_date,
        resolution_team_id as team_id,
        resolution_employment as employment,
        {{ contribution_dimensions() }},
        1 as tickets_resolved,
        cast(is_case_type_in_source as integer) as typed_resolved_cases,
        {%- for name in resolution_durations() %}
        resolution_{{ name }}_seconds as resolution_{{ name }}_seconds_at_owner,
        {%- endfor %}
        case when is_wait_in_source then 1 end as waits_evident_cases,
        case when resolution_customer_working_seconds is not null then 1 end as worked_cases,
        case when resolution_own_working_seconds is not null then 1 end as waits_worked_cases,
        case when is_person_in_source then 1 end as idle_evident_cases,
        case when idle_working_seconds is not null then 1 end as idle_cases,
        idle_working_seconds as idle_seconds,
        case when is_resolved_at_first_contact is not null then 1 end as contact_judged_cases,
        cast(is_resolved_at_first_contact as integer) as first_contact_cases,
        case when is_resolved_at_first_contact_net is not null then 1 end as contact_net_judged_cases,
        cast(is_resolved_at_first_contact_net as integer) as first_contact_net_cases,
        cast(is_first_contact_net_pending as integer) as contact_net_pending_cases,
        case when is_repeated_in_7_days is not null then 1 end as repeat_7d_judged_cases,
        cast(is_repeated_in_7_days as integer) as repeated_7d_cases,
        case when is_repeated_in_30_days is not null then 1 end as repeat_30d_judged_cases,
        cast(is_repeated_in_30_days as integer) as repeated_30d_cases,
        cast(is_repeat_30_days_pending as integer) as repeat_30d_pending_cases,
        case when is_called_back_in_time is not null then 1 end as callback_judged_cases,
        cast(is_called_back_in_time as integer) as called_back_cases,
        case when is_attempted_in_time is not null then 1 end as attempt_judged_cases,
        cast(is_attempted_in_time as integer) as attempted_cases,
        case when case_type = 'complaint' then 1 end as complaints_resolved,
        case when case_type = 'complaint' and is_called_back_in_time is not null then 1 end as complaints_callback_judged,
        case when case_type = 'complaint' then cast(is_called_back_in_time as integer) end as complaints_called_back,
        case when case_type = 'complaint' and is_loop_closed is not null then 1 end as complaints_loop_judged,
        case when case_type = 'complaint' then cast(is_loop_closed as integer) end as complaint_loops_closed,
        case when case_type = 'repair' then 1 end as repairs_resolved,
        case when case_type = 'repair' and is_process_in_source then 1 end as process_evident_repairs,
        case when case_type = 'repair' and is_process_deviating is not null then 1 end as process_judged_repairs,
        case when case_type = 'repair' then cast(is_process_deviating as integer) end as process_deviating_repairs,
        case when case_type = 'repair' and is_late_for_parts is not null then 1 end as parts_delay_judged_repairs,
        case when case_type = 'repair' then cast(is_late_for_parts as integer) end as parts_delayed_repairs,
        case when resolution_mode is not null then 1 end as mode_known_cases,
        cast(resolution_mode = 'remote' as integer) as remote_cases,
        cast(resolution_mode = 'self_service' as integer) as self_service_cases,
        -- a request that was filled before it was made tells nothing about its case (E7)
        case when parts_wait_seconds is not null and not is_parts_wait_contradictory then 1 end as parts_wait_cases,
        case when not is_parts_wait_contradictory then parts_wait_seconds end as parts_wait_seconds,
        case
            when not coalesce(is_parts_wait_contradictory, false) then resolution_customer_calendar_seconds
        end as parts_share_seconds,
        case
            when not coalesce(is_parts_wait_contradictory, false) and resolution_customer_calendar_seconds > 0 then 1
        end as parts_share_cases,
        case when is_stage_in_source then 1 end as staged_cases,
        case when is_stage_in_source and stage_seconds > 0 then 1 end as timed_cases,
        case when is_stage_in_source then coalesce(stage_seconds, 0) end as cycle_seconds
    from described
    where stable_resolved_at is not null
),

-- the time of a resolution is shared by the teams that held the case
shared as (
    select
        'shared' as cohort,
        described.stable_resolved_date as local_date,
        shares.team_id,
        described.resolution_employment as employment,
        {{ contribution_dimensions('described') }},
        shares.share as resolved_share,
        case when described.resolution_customer_working_seconds is not null then shares.share end as worked_share,
        case when described.resolution_own_calendar_seconds is not null then shares.share end as waits_share,
        case when described.resolution_own_working_seconds is not null then shares.share end as waits_worked_share,
        {%- for name in resolution_durations() %}
        cast(shares.share * described.resolution_{{ name }}_seconds as decimal(38, 6)) as resolution_{{ name }}_seconds
        {{- ',' if not loop.last }}
        {%- endfor %}
    from described
    inner join {{ within_build(ref('bridge_case_teams')) }} as shares
        on described.ticket_id = shares.case_id
    where described.stable_resolved_at is not null
),

-- resolved, but not long enough ago to be sure
standing as (
    select
        'standing' as cohort,
        standing_resolved_date as local_date,
        standing_team_id as team_id,
        standing_employment as employment,
        {{ contribution_dimensions() }},
        1 as tickets_provisionally_resolved
    from described
    where standing_resolved_at is not null and stable_resolved_at is null
),

first_resolved as (
    select
        'first_resolved' as cohort,
        first_resolved_date as local_date,
        first_resolution_team_id as team_id,
        first_resolution_employment as employment,
        {{ contribution_dimensions() }},
        1 as tickets_first_resolved,
        cast(is_reopening_in_source as integer) as reopening_evident_cases,
        case when is_reopened_in_window is not null then 1 end as reopening_judged_cases,
        cast(is_reopened_in_window as integer) as reopened_cases,
        cast(is_reopening_pending as integer) as reopening_pending_cases
    from described
    where first_resolved_at is not null
),

due as (
    select
        'due' as cohort,
        due_date as local_date,
        due_team_id as team_id,
        due_employment as employment,
        {{ contribution_dimensions() }},
        1 as due_cases,
        cast(is_resolved_on_time as integer) as resolved_on_time_cases,
        cast(not is_resolved_on_time and stable_resolved_at is null and standing_resolved_at <= due_at as integer)
            as resolution_pending_cases,
        cast(is_resolved_when_due as integer) as resolved_due_cases,
        case when case_type = 'complaint' then 1 end as complaints_due,
        case when case_type = 'complaint' and is_closed_on_time is not null then 1 end as complaint_closing_judged_cases,
        case when case_type = 'complaint' then cast(is_closed_on_time as integer) end as complaints_closed_on_time
    from described
    where is_resolved_on_time is not null
),

-- a case is praised, or not, from its first response on (F3), charged as its scores are (F2)
praised as (
    select
        'praised' as cohort,
        first_survey_date as local_date,
        coalesce(resolution_team_id, standing_team_id, current_team_id) as team_id,
        case
            when resolution_team_id is not null then resolution_employment
            when standing_team_id is not null then standing_employment
            else current_employment
        end as employment,
        {{ contribution_dimensions() }},
        1 as praise_cases,
        cast(is_praised as integer) as praised_cases
    from described
    where first_survey_date is not null
),

-- a complaint is charged to who owned the ticket it is about, at that ticket's stable resolution (F4)
complained as (
    select
        'complained' as cohort,
        described.opened_date as local_date,
        coalesce(related_cases.resolution_team_id, 'unknown') as team_id,
        coalesce(related_cases.resolution_employment, 'unknown') as employment,
        {{ contribution_dimensions('described') }},
        1 as complaints_created
    from described
    left join {{ within_build(ref('fct_tickets')) }} as related
        on described.related_ticket_id = related.ticket_id
    left join {{ within_build(ref('fct_tickets')) }} as related_cases
        on related.case_id = related_cases.ticket_id
    where described.case_type = 'complaint'
)

select * from created
union all by name
select * from answered
union all by name
select * from resolved
union all by name
select * from shared
union all by name
select * from standing
union all by name
select * from first_resolved
union all by name
select * from due
union all by name
select * from praised
union all by name
select * from complained
