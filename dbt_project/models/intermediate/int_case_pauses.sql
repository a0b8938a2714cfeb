-- The waits for the customer during which the clock of a case's policy stands still (decision 0012), on that clock: the
-- seconds from the creation to the wait, how many of them ran, and how many the wait takes away. A resolution that stood
-- is frozen, so later waits move nothing (D1).
with policies as (
    select * from {{ ref('int_case_policies') }}
    where pauses_for_customer and is_clock_known
),

cases as (
    select * from {{ ref('int_cases_described') }}
),

resolved as (
    select * from {{ ref('int_cases_resolved') }}
),

working as (
    select * from {{ ref('int_working_intervals') }}
),

waits as (
    select
        intervals.case_id,
        intervals.starts_at,
        intervals.ends_at,
        cases.case_opened_at,
        cases.calendar_id,
        policies.policy_clock,
        policies.worked_at_opening
    from {{ ref('int_ticket_intervals_timed') }} as intervals
    inner join policies
        on intervals.case_id = policies.case_id
    inner join cases
        on intervals.case_id = cases.case_id
    left join resolved
        on intervals.case_id = resolved.case_id
    where
        intervals.status = 'waiting_customer'
        and (intervals.is_in_cycle or resolved.stable_resolved_at is null)
),

from_start as (
    {{ with_worked_seconds('waits', 'starts_at', 'worked_at_start', 'working') }}
),

to_end as (
    {{ with_worked_seconds('from_start', 'ends_at', 'worked_at_end', 'working') }}
),

on_policy_clock as (
    select
        case_id,
        starts_at,
        ends_at,
        cast(case
            when policy_clock = 'working' then worked_at_start - worked_at_opening
            else {{ calendar_seconds('case_opened_at', 'starts_at') }}
        end as decimal(18, 6)) as seconds_to_start,
        cast(case
            when policy_clock = 'working' then worked_at_end - worked_at_start
            else {{ calendar_seconds('starts_at', 'ends_at') }}
        end as decimal(18, 6)) as paused_seconds
    from to_end
)

select
    case_id,
    starts_at,
    ends_at,
    seconds_to_start,
    cast(seconds_to_start - coalesce(
        sum(paused_seconds) over (
            partition by case_id
            order by starts_at
            rows between unbounded preceding and 1 preceding
        ),
        0
    ) as decimal(18, 6)) as run_seconds_to_start,
    paused_seconds
from on_policy_clock
