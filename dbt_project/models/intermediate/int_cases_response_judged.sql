-- Was the first response in time, on the policy's clock? An unanswered case is late once the limit has passed, and
-- undecided before (rulings C2, C3, C5, C8); where the clock is not known up to the answer nobody can tell (decision 0012).
with cases as (
    select * from {{ ref('int_cases_described') }}
),

responded as (
    select * from {{ ref('int_cases_responded') }}
),

policies as (
    select * from {{ ref('int_case_policies') }}
),

intervals as (
    select * from {{ ref('int_working_intervals') }}
),

calendars as (
    select * from {{ ref('int_working_calendars') }}
),

run_context as (
    select * from {{ ref('stg_meta__run_context') }}
),

waited as (
    select
        cases.case_id,
        cases.case_opened_at,
        cases.calendar_id,
        responded.first_response_at,
        coalesce(responded.first_response_at, run_context.as_of) as waited_until,
        policies.response_minutes,
        policies.policy_clock,
        policies.worked_at_opening,
        policies.is_clock_known
        and (policies.policy_clock = 'calendar' or waited_until <= calendars.known_to) as is_clock_known
    from cases
    inner join responded
        on cases.case_id = responded.case_id
    left join policies
        on cases.case_id = policies.case_id
    left join calendars
        on cases.calendar_id = calendars.calendar_id
    cross join run_context
    where cases.is_response_in_source
),

on_policy_clock as (
    select
        waited.case_id,
        waited.first_response_at,
        waited.waited_until,
        {{ calendar_seconds('waited.case_opened_at', 'waited.waited_until') }} as calendar_seconds,
        waited.response_minutes,
        -- decimals, so that a limit that is exactly met stays met
        cast(case
            when not waited.is_clock_known then null
            when waited.policy_clock = 'working'
                then {{ worked_seconds_at('waited.waited_until', 'intervals') }} - waited.worked_at_opening
            when waited.policy_clock = 'calendar'
                then {{ calendar_seconds('waited.case_opened_at', 'waited.waited_until') }}
        end as decimal(18, 6)) as policy_seconds
    from waited
    asof left join intervals
        on
            waited.calendar_id = intervals.calendar_id
            and waited.waited_until >= intervals.starts_at
),

-- what the pauses that began before the limit was used up took away, up to the answer
paused as (
    select
        waits.case_id,
        sum(case
            when waits.policy_seconds < pauses.seconds_to_start + pauses.paused_seconds
                then waits.policy_seconds - pauses.seconds_to_start
            else pauses.paused_seconds
        end) as paused_seconds
    from on_policy_clock as waits
    inner join {{ ref('int_case_pauses') }} as pauses
        on
            waits.case_id = pauses.case_id
            and waits.waited_until > pauses.starts_at
    where pauses.run_seconds_to_start < waits.response_minutes * 60
    group by waits.case_id
),

ran as (
    select
        on_policy_clock.case_id,
        on_policy_clock.first_response_at,
        on_policy_clock.calendar_seconds,
        on_policy_clock.response_minutes * 60 as limit_seconds,
        on_policy_clock.policy_seconds - coalesce(paused.paused_seconds, 0) as policy_seconds
    from on_policy_clock
    left join paused
        on on_policy_clock.case_id = paused.case_id
)

select
    case_id,
    case
        when limit_seconds is null or policy_seconds is null then null
        when policy_seconds > limit_seconds then false
        when first_response_at is not null then true
    end as is_first_response_on_time,
    first_response_at is null and coalesce(policy_seconds <= limit_seconds, false) as is_response_pending,
    -- half an hour is nobody's policy: every case is measured by it
    case
        when first_response_at is not null then calendar_seconds <= 1800
        when calendar_seconds >= 1800 then false
    end as is_answered_in_half_an_hour,
    first_response_at is null and calendar_seconds < 1800 as is_half_an_hour_pending
from ran
