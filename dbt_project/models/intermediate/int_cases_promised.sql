-- When a case is due: the ticket's own instant, which nothing moves, else the policy's hours on the policy's clock (D7),
-- which stands still in pauses that begin before the hours are used up (decision 0012).
with cases as (
    select * from {{ ref('int_cases_described') }}
),

policies as (
    select * from {{ ref('int_case_policies') }}
),

intervals as (
    select * from {{ ref('int_working_intervals') }}
),

paused as (
    select
        policies.case_id,
        sum(pauses.paused_seconds) as paused_seconds
    from policies
    inner join {{ ref('int_case_pauses') }} as pauses
        on policies.case_id = pauses.case_id
    where pauses.run_seconds_to_start < policies.resolution_hours * 3600.0
    group by policies.case_id
),

limited as (
    select
        cases.case_id,
        cases.case_opened_at,
        cases.calendar_id,
        policies.policy_clock,
        policies.worked_at_opening,
        policies.resolution_hours * 3600.0 + coalesce(paused.paused_seconds, 0) as seconds_to_due
    from cases
    inner join policies
        on cases.case_id = policies.case_id
    left join paused
        on cases.case_id = paused.case_id
    where policies.is_clock_known
),

-- the working interval in which the promised time runs out; beyond the last one nobody knows
by_working_clock as (
    select
        limited.case_id,
        case
            when
                limited.worked_at_opening + limited.seconds_to_due
                <= intervals.worked_seconds_before + intervals.worked_seconds
                then
                    intervals.starts_at
                    + to_microseconds(
                        cast(
                            (limited.worked_at_opening + limited.seconds_to_due - intervals.worked_seconds_before)
                            * 1000000 as bigint
                        )
                    )
        end as due_at
    from limited
    asof left join intervals
        on
            limited.calendar_id = intervals.calendar_id
            and limited.worked_at_opening + limited.seconds_to_due > intervals.worked_seconds_before
    where limited.policy_clock = 'working'
),

by_calendar_clock as (
    select
        case_id,
        case_opened_at + to_microseconds(cast(seconds_to_due * 1000000 as bigint)) as due_at
    from limited
    where policy_clock = 'calendar'
)

select
    cases.case_id,
    coalesce(cases.resolution_due_at, by_working_clock.due_at, by_calendar_clock.due_at) as due_at
from cases
left join by_working_clock
    on cases.case_id = by_working_clock.case_id
left join by_calendar_clock
    on cases.case_id = by_calendar_clock.case_id
