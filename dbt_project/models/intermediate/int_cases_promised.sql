-- What was promised: the policy in force on the local date of creation, by case type and priority (C3); the due
-- instant is the ticket's own, else the policy's hours on the policy's clock (D7).
with cases as (
    select * from {{ ref('int_cases_described') }}
),

policies as (
    select
        *,
        coalesce(
            lead(valid_from) over (partition by case_type, priority order by valid_from), date '9999-12-31'
        ) as valid_to
    from {{ ref('sla_policies') }}
),

intervals as (
    select * from {{ ref('int_working_intervals') }}
),

with_policy as (
    select
        cases.case_id,
        cases.case_opened_at,
        cases.calendar_id,
        cases.resolution_due_at,
        policies.response_minutes,
        policies.resolution_hours,
        policies.clock
    from cases
    left join policies
        on
            cases.case_type = policies.case_type
            and cases.priority = policies.priority
            and {{ local_date('cases.case_opened_at', 'cases.time_zone') }} >= policies.valid_from
            and {{ local_date('cases.case_opened_at', 'cases.time_zone') }} < policies.valid_to
),

-- on a calendar that nobody has drawn up, no working time is known
calendars as (
    select distinct calendar_id from intervals
),

on_working_clock as (
    select
        with_policy.case_id,
        {{ worked_seconds_at('with_policy.case_opened_at', 'intervals') }} as worked_at_opening,
        {{ worked_seconds_at('with_policy.case_opened_at', 'intervals') }} + with_policy.resolution_hours * 3600.0
            as worked_when_due
    from with_policy
    inner join calendars
        on with_policy.calendar_id = calendars.calendar_id
    asof left join intervals
        on
            with_policy.calendar_id = intervals.calendar_id
            and with_policy.case_opened_at >= intervals.starts_at
    where with_policy.clock = 'working'
),

-- the interval in which the promised working time runs out
working_due as (
    select
        on_working_clock.case_id,
        on_working_clock.worked_at_opening,
        case
            when on_working_clock.worked_when_due <= intervals.worked_seconds_before + intervals.worked_seconds
                then
                    intervals.starts_at
                    + to_microseconds(
                        cast(
                            (on_working_clock.worked_when_due - intervals.worked_seconds_before) * 1000000 as bigint
                        )
                    )
        end as due_at
    from on_working_clock
    inner join cases
        on on_working_clock.case_id = cases.case_id
    asof left join intervals
        on
            cases.calendar_id = intervals.calendar_id
            and on_working_clock.worked_when_due > intervals.worked_seconds_before
)

select
    with_policy.case_id,
    with_policy.response_minutes,
    with_policy.clock as policy_clock,
    working_due.worked_at_opening,
    coalesce(
        with_policy.resolution_due_at,
        case
            when with_policy.clock = 'working' then working_due.due_at
            else
                with_policy.case_opened_at
                + to_microseconds(cast(with_policy.resolution_hours * 3600000000 as bigint))
        end
    ) as due_at
from with_policy
left join working_due
    on with_policy.case_id = working_due.case_id
