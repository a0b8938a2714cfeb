-- What was promised for each case: the policy of its type and opening priority in force on the day of its creation (C3), and
-- where the policy's clock stood then. The clock is known where the calendar reaches back to the creation and, if it stands
-- still while the customer is waited for, where the case can tell such waits (decision 0012).
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

calendars as (
    select * from {{ ref('int_working_calendars') }}
),

in_force as (
    select
        cases.case_id,
        cases.case_opened_at,
        cases.calendar_id,
        cases.is_wait_in_source,
        policies.response_minutes,
        policies.resolution_hours,
        policies.clock as policy_clock,
        coalesce(policies.pauses_for_customer, false) as pauses_for_customer
    from cases
    inner join policies
        on
            cases.case_type = policies.case_type
            and cases.opening_priority = policies.priority
            and {{ local_date('cases.case_opened_at', 'cases.time_zone') }} >= policies.valid_from
            and {{ local_date('cases.case_opened_at', 'cases.time_zone') }} < policies.valid_to
)

select
    in_force.case_id,
    in_force.response_minutes,
    in_force.resolution_hours,
    in_force.policy_clock,
    in_force.pauses_for_customer,
    case
        when
            in_force.policy_clock = 'working'
            and in_force.case_opened_at >= calendars.known_from
            and in_force.case_opened_at < calendars.known_to
            then {{ worked_seconds_at('in_force.case_opened_at', 'intervals') }}
    end as worked_at_opening,
    (in_force.policy_clock = 'calendar' or worked_at_opening is not null)
    and (not in_force.pauses_for_customer or coalesce(in_force.is_wait_in_source, false)) as is_clock_known
from in_force
left join calendars
    on in_force.calendar_id = calendars.calendar_id
asof left join intervals
    on
        in_force.calendar_id = intervals.calendar_id
        and in_force.case_opened_at >= intervals.starts_at
