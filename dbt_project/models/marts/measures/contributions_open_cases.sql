{{ config(materialized='view') }}
-- The backlog as changes. A case is open at the end of a day when it opened by then and did not close by then; it is
-- overdue when its due instant lies before the end of that day (rulings A9, D16). Its age is what time has made of it since
-- its creation: the changes carry the creation, the end of the period is added where it is looked up (measure_facts).
with facts as (
    select
        open_cases.*,
        cases.* exclude (case_id, due_date),
        case
            when open_cases.due_date > open_cases.open_from_date then open_cases.due_date
            else open_cases.open_from_date
        end as overdue_from_date,
        open_cases.due_date is not null as has_due_date,
        cast(epoch_us(cases.case_opened_at) / 1000000.0 as decimal(18, 6)) as opened_epoch
    from {{ within_build(ref('fct_open_cases')) }} as open_cases
    inner join {{ within_build(ref('fct_tickets')) }} as cases
        on open_cases.case_id = cases.ticket_id
),

described as (
    {{ described_rows('facts') }}
),

opened as (
    select
        'opened' as cohort,
        open_from_date as local_date,
        team_id,
        employment,
        time_zone,
        {{ contribution_dimensions() }},
        1 as open_cases,
        -opened_epoch as open_age_seconds
    from described
),

closed as (
    select
        'closed' as cohort,
        open_to_date as local_date,
        team_id,
        employment,
        time_zone,
        {{ contribution_dimensions() }},
        -1 as open_cases,
        opened_epoch as open_age_seconds
    from described
    where open_to_date is not null
),

overdue as (
    select
        'overdue' as cohort,
        overdue_from_date as local_date,
        team_id,
        employment,
        time_zone,
        {{ contribution_dimensions() }},
        1 as overdue_cases
    from described
    where has_due_date and (open_to_date is null or overdue_from_date < open_to_date)
),

settled as (
    select
        'settled' as cohort,
        open_to_date as local_date,
        team_id,
        employment,
        time_zone,
        {{ contribution_dimensions() }},
        -1 as overdue_cases
    from described
    where has_due_date and overdue_from_date < open_to_date
),

-- which cases the backlog could be told of
all_cases as (
    select * from {{ within_build(ref('fct_tickets')) }}
    where is_case
),

all_described as (
    {{ described_rows('all_cases') }}
),

evident as (
    select
        'evident' as cohort,
        opened_date as local_date,
        first_team_id as team_id,
        first_employment as employment,
        time_zone,
        {{ contribution_dimensions() }},
        1 as backlog_cases,
        cast(is_resolution_in_source as integer) as backlog_evident_cases
    from all_described
)

select * from opened
union all by name
select * from closed
union all by name
select * from overdue
union all by name
select * from settled
union all by name
select * from evident
