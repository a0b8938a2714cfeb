-- Was the first response in time, on the policy's clock? An unanswered case is late once the limit has passed, and
-- undecided before (rulings C2, C3, C5, C8).
with cases as (
    select * from {{ ref('int_cases_described') }}
),

responded as (
    select * from {{ ref('int_cases_responded') }}
),

promised as (
    select * from {{ ref('int_cases_promised') }}
),

intervals as (
    select * from {{ ref('int_working_intervals') }}
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
        promised.response_minutes,
        promised.policy_clock,
        promised.worked_at_opening
    from cases
    inner join responded
        on cases.case_id = responded.case_id
    inner join promised
        on cases.case_id = promised.case_id
    cross join run_context
    where cases.is_response_in_source
),

on_policy_clock as (
    select
        waited.case_id,
        waited.first_response_at,
        {{ calendar_seconds('waited.case_opened_at', 'waited.waited_until') }} as calendar_seconds,
        waited.response_minutes,
        case
            when waited.policy_clock = 'working'
                then {{ worked_seconds_at('waited.waited_until', 'intervals') }} - waited.worked_at_opening
            else {{ calendar_seconds('waited.case_opened_at', 'waited.waited_until') }}
        end as policy_seconds
    from waited
    asof left join intervals
        on
            waited.calendar_id = intervals.calendar_id
            and waited.waited_until >= intervals.starts_at
)

select
    case_id,
    case
        when response_minutes is null or policy_seconds is null then null
        when policy_seconds > response_minutes * 60 then false
        when first_response_at is not null then true
    end as is_first_response_on_time,
    response_minutes is not null and first_response_at is null and policy_seconds <= response_minutes * 60
        as is_response_pending,
    -- half an hour is nobody's policy: every case is measured by it
    case
        when calendar_seconds > 1800 then false
        when first_response_at is not null then true
    end as is_answered_in_half_an_hour,
    first_response_at is null and calendar_seconds <= 1800 as is_half_an_hour_pending
from on_policy_clock
