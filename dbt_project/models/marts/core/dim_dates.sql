with run_context as (
    select * from {{ ref('stg_meta__run_context') }}
),

opened as (
    select
        coalesce(regions.time_zone, run_context.company_zone) as time_zone,
        min(tickets.opened_at) as first_opened_at
    from {{ ref('stg_crm__tickets') }} as tickets
    cross join run_context
    left join {{ ref('regions') }} as regions
        on tickets.region_id = regions.region_id
    group by all
),

-- no day before the first ticket's own local day: a period without any data is not there, rather than full of zeros
bounds as (
    select
        coalesce(
            min({{ local_date('opened.first_opened_at', 'opened.time_zone') }}), cast(min(run_context.as_of) as date)
        ) as first_date,
        -- the local date of as-of may be a day later than the UTC date
        cast(min(run_context.as_of) + interval 1 day as date) as last_date
    from run_context
    left join opened
        on true
),

days as (
    select cast(unnest(generate_series(first_date, last_date, interval 1 day)) as date) as local_date
    from bounds
),

company_days as (
    select working_days.*
    from {{ ref('working_days') }} as working_days
    inner join run_context
        on working_days.calendar_id = run_context.company_calendar_id
),

listed as (
    select
        min(day) as first_day,
        max(day) as last_day
    from company_days
),

spring_festivals as (
    select first_day
    from {{ ref('festivals') }}
    where festival = 'spring_festival'
)

select
    days.local_date,
    cast(date_trunc('week', days.local_date) as date) as week_start,
    cast(date_trunc('month', days.local_date) as date) as month_start,
    cast(date_trunc('quarter', days.local_date) as date) as quarter_start,
    cast(date_trunc('year', days.local_date) as date) as year_start,
    isodow(days.local_date) as iso_weekday,
    company_days.kind as company_day_kind,
    -- outside the calendar nobody knows what is worked
    case
        when days.local_date between listed.first_day and listed.last_day
            then coalesce(company_days.kind in ('regular', 'make_up'), false)
    end as is_company_working_day,
    days.local_date - spring_festivals.first_day as spring_festival_day
from days
cross join listed
left join company_days
    on days.local_date = company_days.day
left join spring_festivals
    on year(days.local_date) = year(spring_festivals.first_day)
