-- Causes are tried in the order in which they stand here; the first one that the data proves is the cause. What no rule
-- and no trace in the history proves stays `unexplained`.
{%- set branches = {
    'first_response_at': ('responses', 'own_first_response_at = source_first_response_at'),
    'resolved_at': ('resolutions', 'own_resolved_at = source_resolved_at'),
    'sla_met': ('promises', 'own_is_sla_met = source_is_sla_met'),
    'reopened_count': ('reopenings', 'own_reopened_count = source_reopened_count'),
    'reassigned_count': ('reassignments', 'own_reassigned_count = source_reassigned_count'),
} %}
with tickets as (
    select * from {{ ref('fct_tickets') }}
),

traces as (
    select * from {{ ref('int_ticket_traces') }}
),

run_context as (
    select * from {{ ref('stg_meta__run_context') }}
),

-- what the tickets that are not built anew say of their source; of a full build there are none (decision 0013)
elsewhere as (
    select * from {{ ref('stg_meta__reconciliation_elsewhere') }}
),

compared as (
    select
        tickets.*,
        traces.* exclude (ticket_id, transfers),
        traces.transfers as all_transfers,
        run_context.as_of,
        -- what is in no number of ours is no value of ours
        case when tickets.is_case then tickets.first_response_at end as own_first_response_at,
        case when tickets.is_case then coalesce(tickets.stable_resolved_at, tickets.standing_resolved_at) end
            as own_resolved_at,
        case when tickets.is_case then tickets.is_resolved_on_time end as own_is_sla_met,
        case when tickets.is_case and tickets.is_reopening_in_source then traces.reopenings end as own_reopened_count,
        case
            when tickets.is_case and tickets.is_transfer_in_source and tickets.has_events then traces.transfers
        end as own_reassigned_count,
        case
            when tickets.exclusion_reason = 'merged_away' then 'merged_away'
            when not tickets.is_case then 'excluded_case'
        end as exclusion_cause
    from tickets
    inner join traces
        on tickets.ticket_id = traces.ticket_id
    cross join run_context
),

-- how a source counts as a whole: chance fits single tickets only
habits as (
    select
        compared.source_system,
        greatest(max(compared.source_reopened_count), any_value(elsewhere.elsewhere_most_reopened)) as most_reopened,
        {%- for way, count in [
            ('own', 'own_reassigned_count'), ('holder', 'holder_changes'), ('person', 'person_changes')
        ] %}
        (
            count(*) filter (where compared.source_reassigned_count = compared.{{ count }})
            + coalesce(any_value(elsewhere.elsewhere_{{ way }}_fits), 0)
        ) / nullif(
            count(compared.source_reassigned_count = compared.{{ count }})
            + coalesce(any_value(elsewhere.{{ "elsewhere_own_known" if way == 'own' else "elsewhere_reassignments" }}), 0),
            0
        ) as {{ way }}_fit{{ ',' if not loop.last }}
        {%- endfor %}
    from compared
    left join elsewhere
        on compared.source_system = elsewhere.source_system
    group by compared.source_system
),

responses as (
    select
        *,
        {{ instant_text('source_first_response_at') }} as source_value,
        {{ instant_text('own_first_response_at') }} as own_value,
        (epoch_us(own_first_response_at) - epoch_us(source_first_response_at)) / 1000000.0 as difference,
        case
            when exclusion_cause is not null then exclusion_cause
            when source_first_response_at < opened_at then 'contradicts_itself'
            when not is_response_in_source then 'no_evidence'
            when {{ same_minute('own_first_response_at', 'source_first_response_at') }} then 'clock_or_precision'
            when is_answered_elsewhere and own_first_response_at < source_first_response_at then 'merged_history'
            when has_other_reply and not has_human_reply then 'automatic_or_internal_reply'
            when has_human_reply and own_first_response_at < source_first_response_at then 'takes_later_response'
            when has_rejected_reply then 'event_rejected'
            when has_other_event then 'not_a_response'
            -- an earlier human answer stands in the history, which wins over the column (C1)
            when own_first_response_at < source_first_response_at then 'event_beats_column'
            when own_first_response_at is null and has_events then 'no_response_in_history'
            else 'unexplained'
        end as cause_if_different
    from compared
    where source_first_response_at is not null
),

resolutions as (
    select
        *,
        {{ instant_text('source_resolved_at') }} as source_value,
        {{ instant_text('own_resolved_at') }} as own_value,
        (epoch_us(own_resolved_at) - epoch_us(source_resolved_at)) / 1000000.0 as difference,
        case
            when exclusion_cause is not null then exclusion_cause
            when source_resolved_at < opened_at or source_closed_at < source_resolved_at then 'contradicts_itself'
            when is_cancelled then 'cancelled'
            when not is_resolution_in_source then 'no_evidence'
            when {{ same_minute('own_resolved_at', 'source_resolved_at') }} then 'clock_or_precision'
            when is_unstable_resolution then 'not_stable'
            when is_later_resolution then 'takes_later_resolution'
            when has_rejected_resolution then 'event_rejected'
            when has_closing or {{ same_minute('own_resolved_at', 'source_closed_at') }} then 'closed_instead_of_resolved'
            when is_solved_before then 'moved_while_resolved'
            when own_resolved_at is null and has_events and resolutions = 0 then 'no_resolution_in_history'
            else 'unexplained'
        end as cause_if_different
    from compared
    where source_resolved_at is not null
),

promises as (
    select
        *,
        cast(source_is_sla_met as varchar) as source_value,
        cast(own_is_sla_met as varchar) as own_value,
        cast(null as double) as difference,
        case
            when exclusion_cause is not null then exclusion_cause
            when is_cancelled then 'cancelled'
            when due_at is null then 'no_policy'
            when not is_resolution_in_source then 'no_evidence'
            when due_at > as_of then 'not_decided_yet'
            -- in time, but it has not stood for a week: only stable resolutions keep a promise
            when source_is_sla_met and stable_resolved_at is null and standing_resolved_at <= due_at then 'provisional'
            -- the source states due and resolution, and by these two its verdict is wrong
            when source_is_sla_met <> coalesce(source_resolved_at <= resolution_due_at, false)
                and resolution_due_at is not null
                then 'contradicts_itself'
            -- by the source's own instant of resolution our promise gives the source's verdict
            when source_is_sla_met = (source_resolved_at <= due_at) then 'other_resolution'
            when not source_is_sla_met and is_first_response_on_time = false then 'response_was_late'
            -- the source names no due instant: ours comes from our policy and its clock
            when resolution_due_at is null then 'other_policy'
            when is_changed_after_as_of then 'changed_after_as_of'
            else 'unexplained'
        end as cause_if_different
    from compared
    where source_is_sla_met is not null
),

reopenings as (
    select
        compared.*,
        cast(source_reopened_count as varchar) as source_value,
        cast(own_reopened_count as varchar) as own_value,
        cast(own_reopened_count - source_reopened_count as double) as difference,
        case
            when exclusion_cause is not null then exclusion_cause
            when own_reopened_count is null then 'no_evidence'
            when is_cancelled then 'cancelled'
            when reopened_events = source_reopened_count then 'counts_without_resolution'
            when rejected_reopenings > 0 and reopened_events + rejected_reopenings = source_reopened_count
                then 'event_rejected'
            when source_reopened_count = 1 and own_reopened_count > 1 and most_reopened = 1 then 'flag_not_count'
            when is_changed_after_as_of then 'changed_after_as_of'
            else 'unexplained'
        end as cause_if_different
    from compared
    left join habits
        on compared.source_system = habits.source_system
    where source_reopened_count is not null
),

reassignments as (
    select
        compared.*,
        source_reassigned_count = holder_changes as fits_holder,
        source_reassigned_count = person_changes as fits_person,
        cast(source_reassigned_count as varchar) as source_value,
        cast(own_reassigned_count as varchar) as own_value,
        cast(own_reassigned_count - source_reassigned_count as double) as difference,
        case
            when exclusion_cause is not null then exclusion_cause
            when own_reassigned_count is null then 'no_evidence'
            when transfers_of_ticket = source_reassigned_count then 'merged_history'
            when rejected_transfers > 0 and all_transfers + rejected_transfers = source_reassigned_count
                then 'event_rejected'
            when team_changes = source_reassigned_count then 'moved_without_transfer'
            when holder_changes = source_reassigned_count and holder_fit > own_fit then 'counts_nobody'
            when person_changes = source_reassigned_count and person_fit > own_fit then 'counts_persons'
            when is_changed_after_as_of then 'changed_after_as_of'
            else 'unexplained'
        end as cause_if_different
    from compared
    left join habits
        on compared.source_system = habits.source_system
    where source_reassigned_count is not null
),

judged as (
    {%- for verdict, (branch, equality) in branches.items() %}
    select
        ticket_id,
        case_id,
        source_system,
        region_id,
        opened_date,
        '{{ verdict }}' as verdict,
        source_value,
        own_value,
        cast(difference as double) as difference,
        coalesce({{ equality }}, false) as is_equal,
        cause_if_different,
        {{ 'fits_holder' if verdict == 'reassigned_count' else "cast(null as boolean)" }} as is_equal_by_holder,
        {{ 'fits_person' if verdict == 'reassigned_count' else "cast(null as boolean)" }} as is_equal_by_person
    from {{ branch }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select
    * exclude (cause_if_different),
    case when not is_equal then cause_if_different end as cause
from judged
