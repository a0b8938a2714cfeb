with run_context as (
    select * from {{ ref('stg_meta__run_context') }}
),

bounds as (
    select
        coalesce(min(tickets.opened_at), min(run_context.as_of)) as first_instant,
        min(run_context.as_of) as last_instant
    from run_context
    left join {{ ref('stg_crm__tickets') }} as tickets
        on true
),

days as (
    -- a day on either side, because a local date may differ from the UTC date
    select cast(unnest(generate_series(
        cast(first_instant as date) - interval 1 day,
        cast(last_instant as date) + interval 1 day,
        interval 1 day
    )) as date) as local_date
    from bounds
),

company_days as (
    select working_days.*
    from {{ ref('working_days') }} as working_days
    inner join run_context
        on working_days.calendar_id = run_context.company_calendar_id
)

select
    days.local_date,
    cast(date_trunc('week', days.local_date) as date) as week_start,
    cast(date_trunc('month', days.local_date) as date) as month_start,
    cast(date_trunc('quarter', days.local_date) as date) as quarter_start,
    cast(date_trunc('year', days.local_date) as date) as year_start,
    isodow(days.local_date) as iso_weekday,
    company_days.kind as company_day_kind,
    coalesce(company_days.kind in ('regular', 'make_up'), false) as is_company_working_day
from days
left join company_days
    on days.local_date = company_days.day
