-- What the history shows at the instants and of the counts that a source states: the evidence by which reconciliation
-- names the cause of a difference. The history is the case's, so merged-away tickets have their survivor's (D14).
{%- set is_reply = "events.event_type in ('first_response', 'responded')" %}
{%- set is_human = is_reply ~ " and events.actor = 'agent' and events.is_public is distinct from false" %}
with tickets as (
    select * from {{ ref('stg_crm__tickets') }}
),

cased as (
    select * from {{ ref('int_tickets_cased') }}
),

events as (
    select * from {{ ref('int_case_events') }}
),

judged as (
    select * from {{ ref('int_ticket_events_judged') }}
),

resolutions as (
    select * from {{ ref('int_case_resolutions') }}
),

resolved as (
    select * from {{ ref('int_cases_resolved') }}
),

stated as (
    select
        tickets.ticket_id,
        cased.case_id,
        tickets.first_response_at,
        tickets.resolved_at,
        tickets.resolution_due_at,
        tickets.is_changed_after_as_of,
        coalesce(resolved.stable_resolved_at, resolved.standing_resolved_at) as own_resolved_at
    from tickets
    inner join cased
        on tickets.ticket_id = cased.ticket_id
    left join resolved
        on cased.case_id = resolved.case_id
),

-- events at the minutes that the source states
at_stated as (
    select
        stated.ticket_id,
        bool_or(
            {{ is_human }} and {{ same_minute('events.occurred_at', 'stated.first_response_at') }}
        ) as has_human_reply,
        bool_or(
            {{ is_reply }} and not ({{ is_human }}) is true
            and {{ same_minute('events.occurred_at', 'stated.first_response_at') }}
        ) as has_other_reply,
        bool_or(
            not {{ is_reply }} and events.event_type <> 'created'
            and {{ same_minute('events.occurred_at', 'stated.first_response_at') }}
        ) as has_other_event,
        bool_or(
            events.event_type = 'closed' and {{ same_minute('events.occurred_at', 'stated.resolved_at') }}
        ) as has_closing
    from stated
    inner join events
        on stated.case_id = events.case_id
    group by stated.ticket_id
),

-- the ticket in which the first human answer of the case was written
first_answers as (
    select
        events.case_id,
        arg_min(events.ticket_id, events.event_number) as answered_ticket_id
    from events
    where {{ is_human }}
    group by events.case_id
),

solved as (
    select
        stated.ticket_id,
        count(*) as resolutions,
        count(resolutions.reopened_at) as reopenings,
        bool_or(
            {{ same_minute('resolutions.resolved_at', 'stated.resolved_at') }}
            and coalesce(resolutions.reopened_at < resolutions.resolved_at + interval 168 hours, false)
        ) as is_unstable_resolution,
        bool_or(
            {{ same_minute('resolutions.resolved_at', 'stated.resolved_at') }}
            and coalesce(resolutions.resolved_at > stated.own_resolved_at, false)
        ) as is_later_resolution,
        -- our resolution stood without a break until the instant that the source states
        bool_or(
            coalesce(resolutions.resolved_at = stated.own_resolved_at, false)
            and coalesce(stated.resolved_at > stated.own_resolved_at, false)
            and coalesce(resolutions.reopened_at > stated.resolved_at, true)
        ) as is_solved_before
    from stated
    inner join resolutions
        on stated.case_id = resolutions.case_id
    group by stated.ticket_id
),

-- events that came in the wrong order are in no figure (ruling B4)
rejected as (
    select
        stated.ticket_id,
        count(*) filter (where judged.event_type = 'reopened') as rejected_reopenings,
        count(*) filter (where judged.event_type = 'transferred') as rejected_transfers,
        bool_or(
            judged.event_type in ('first_response', 'responded')
            and {{ same_minute('judged.occurred_at', 'stated.first_response_at') }}
        ) as has_rejected_reply,
        bool_or(
            judged.event_type in ('resolved', 'closed')
            and {{ same_minute('judged.occurred_at', 'stated.resolved_at') }}
        ) as has_rejected_resolution
    from stated
    inner join judged
        on stated.ticket_id = judged.ticket_id
    where judged.rejected_because is not null
    group by stated.ticket_id
),

-- who had the case, event by event; an assignment that names neither team nor person gives it to nobody
holders as (
    select
        case_id,
        event_number,
        team_id,
        coalesce(team_id, '') as holder,
        coalesce(agent_id, '') as person
    from events
    where team_id is not null or (event_type = 'assigned' and agent_id is null)
),

changes as (
    select
        case_id,
        coalesce(lag(team_id ignore nulls) over by_case <> team_id, false) as is_other_team,
        coalesce(lag(holder) over by_case <> holder, false) as is_other_holder,
        coalesce(lag(person) over by_case <> person, false) as is_other_person
    from holders
    window by_case as (partition by case_id order by event_number)
),

moved as (
    select
        case_id,
        count(*) filter (where is_other_team) as team_changes,
        count(*) filter (where is_other_holder) as holder_changes,
        count(*) filter (where is_other_holder or is_other_person) as person_changes
    from changes
    group by case_id
),

counted as (
    select
        stated.ticket_id,
        count(*) filter (where events.event_type = 'reopened') as reopened_events,
        count(*) filter (where events.event_type = 'transferred') as transfers,
        count(*) filter (
            where events.event_type = 'transferred' and events.ticket_id = stated.ticket_id
        ) as transfers_of_ticket
    from stated
    inner join events
        on stated.case_id = events.case_id
    group by stated.ticket_id
)

select
    stated.ticket_id,
    stated.resolution_due_at,
    stated.is_changed_after_as_of,
    coalesce(first_answers.answered_ticket_id <> stated.ticket_id, false) as is_answered_elsewhere,
    coalesce(at_stated.has_human_reply, false) as has_human_reply,
    coalesce(at_stated.has_other_reply, false) as has_other_reply,
    coalesce(at_stated.has_other_event, false) as has_other_event,
    coalesce(at_stated.has_closing, false) as has_closing,
    coalesce(rejected.has_rejected_reply, false) as has_rejected_reply,
    coalesce(rejected.has_rejected_resolution, false) as has_rejected_resolution,
    coalesce(solved.resolutions, 0) as resolutions,
    coalesce(solved.reopenings, 0) as reopenings,
    coalesce(solved.is_unstable_resolution, false) as is_unstable_resolution,
    coalesce(solved.is_later_resolution, false) as is_later_resolution,
    coalesce(solved.is_solved_before, false) as is_solved_before,
    coalesce(counted.reopened_events, 0) as reopened_events,
    coalesce(counted.transfers, 0) as transfers,
    coalesce(counted.transfers_of_ticket, 0) as transfers_of_ticket,
    coalesce(rejected.rejected_reopenings, 0) as rejected_reopenings,
    coalesce(rejected.rejected_transfers, 0) as rejected_transfers,
    coalesce(moved.team_changes, 0) as team_changes,
    coalesce(moved.holder_changes, 0) as holder_changes,
    coalesce(moved.person_changes, 0) as person_changes
from stated
left join at_stated
    on stated.ticket_id = at_stated.ticket_id
left join first_answers
    on stated.case_id = first_answers.case_id
left join solved
    on stated.ticket_id = solved.ticket_id
left join rejected
    on stated.ticket_id = rejected.ticket_id
left join counted
    on stated.ticket_id = counted.ticket_id
left join moved
    on stated.case_id = moved.case_id
