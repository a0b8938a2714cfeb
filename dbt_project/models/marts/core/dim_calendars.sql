-- The working calendars that regions or the company use (ruling A7), how far they reach, and the first case that needs one:
-- gate 2 warns when working time of cases is unknown, or soon will be.
with run_context as (
    select * from {{ ref('stg_meta__run_context') }}
),

used as (
    select calendar_id from {{ ref('regions') }}
    where calendar_id is not null
    union
    select company_calendar_id as calendar_id from run_context
),

listed as (
    select
        calendar_id,
        min(day) as first_day,
        max(day) as last_day
    from {{ ref('working_days') }}
    group by calendar_id
),

known as (
    select * from {{ ref('int_working_calendars') }}
),

needed as (
    select
        calendar_id,
        min(case_opened_at) as first_case_at,
        min({{ local_date('case_opened_at', 'time_zone') }}) as first_case_date
    from {{ ref('int_cases_described') }}
    group by calendar_id
)

select
    used.calendar_id,
    used.calendar_id = run_context.company_calendar_id as is_company_calendar,
    listed.first_day,
    listed.last_day,
    known.known_from,
    known.known_to,
    needed.first_case_at,
    needed.first_case_date
from used
cross join run_context
left join listed
    on used.calendar_id = listed.calendar_id
left join known
    on used.calendar_id = known.calendar_id
left join needed
    on used.calendar_id = needed.calendar_id
