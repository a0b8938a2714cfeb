{{ config(materialized='view') }}
-- What each ticket adds to each measure, on the local date and for the team that the measure is charged to
-- (kpi_rulings.md, "Cohort, fraction and owner"). Measures and traces are sums and lists of these rows.
with cases as (
    select * from {{ within_build(ref('fct_tickets')) }}
    where is_case
),

regions as (
    select * from {{ within_build(ref('dim_regions')) }}
),

causes as (
    select * from {{ within_build(ref('dim_root_causes')) }}
),

described as (
    select
        cases.*,
        regions.macro_region_en as macro_region,
        causes.category as root_cause_category
    from cases
    left join regions
        on cases.region_id = regions.region_id
    left join causes
        on cases.root_cause_id = causes.root_cause_id
),

created as (
    select
        'created' as cohort,
        opened_date as local_date,
        first_team_id as team_id,
        {{ contribution_dimensions() }},
        1 as tickets_created,
        case when due_at is not null then 1 end as promised_cases,
        cast(is_resolution_in_source as integer) as resolution_evident_cases,
        cast(is_case_type_in_source as integer) as typed_cases,
        cast(is_transfer_in_source as integer) as transfer_evident_cases,
        cast(transfers > 0 as integer) as transferred_cases
    from described
),

answered as (
    select
        'answered' as cohort,
        opened_date as local_date,
        coalesce(response_team_id, first_team_id) as team_id,
        {{ contribution_dimensions() }},
        1 as response_cases,
        cast(is_response_in_source as integer) as response_evident_cases,
        case when first_response_calendar_seconds is not null then 1 end as answered_cases,
        first_response_calendar_seconds as first_response_seconds,
        case when is_first_response_on_time is not null then 1 end as response_judged_cases,
        cast(is_first_response_on_time as integer) as response_on_time_cases,
        cast(is_response_pending as integer) as response_pending_cases
    from described
),

resolved as (
    select
        'resolved' as cohort,
        stable_resolved_date as local_date,
        resolution_team_id as team_id,
        {{ contribution_dimensions() }},
        1 as tickets_resolved,
        cast(is_case_type_in_source as integer) as typed_resolved_cases,
        resolution_customer_calendar_seconds as resolution_customer_calendar_seconds_at_owner
    from described
    where stable_resolved_at is not null
),

-- the time of a resolution is shared by the teams that held the case
shared as (
    select
        'shared' as cohort,
        described.stable_resolved_date as local_date,
        shares.team_id,
        {{ contribution_dimensions('described') }},
        shares.share as resolved_share,
        cast(shares.share * described.resolution_customer_calendar_seconds as decimal(38, 6))
            as resolution_customer_calendar_seconds
    from described
    inner join {{ within_build(ref('bridge_case_teams')) }} as shares
        on described.ticket_id = shares.case_id
    where described.stable_resolved_at is not null
),

-- resolved, but not long enough ago to be sure
standing as (
    select
        'standing' as cohort,
        standing_resolved_date as local_date,
        standing_team_id as team_id,
        {{ contribution_dimensions() }},
        1 as tickets_provisionally_resolved
    from described
    where standing_resolved_at is not null and stable_resolved_at is null
),

first_resolved as (
    select
        'first_resolved' as cohort,
        first_resolved_date as local_date,
        first_resolution_team_id as team_id,
        {{ contribution_dimensions() }},
        1 as tickets_first_resolved,
        cast(is_reopening_in_source as integer) as reopening_evident_cases,
        case when is_reopened_in_window is not null then 1 end as reopening_judged_cases,
        cast(is_reopened_in_window as integer) as reopened_cases,
        cast(is_reopening_pending as integer) as reopening_pending_cases
    from described
    where first_resolved_at is not null
),

due as (
    select
        'due' as cohort,
        due_date as local_date,
        due_team_id as team_id,
        {{ contribution_dimensions() }},
        1 as due_cases,
        cast(is_resolved_on_time as integer) as resolved_on_time_cases,
        cast(not is_resolved_on_time and stable_resolved_at is null and standing_resolved_at <= due_at as integer)
            as resolution_pending_cases
    from described
    where is_resolved_on_time is not null
),

-- a complaint is charged to who owned the ticket it is about, at that ticket's stable resolution (F4)
complained as (
    select
        'complained' as cohort,
        described.opened_date as local_date,
        coalesce(related_cases.resolution_team_id, 'unknown') as team_id,
        {{ contribution_dimensions('described') }},
        1 as complaints_created
    from described
    left join {{ within_build(ref('fct_tickets')) }} as related
        on described.related_ticket_id = related.ticket_id
    left join {{ within_build(ref('fct_tickets')) }} as related_cases
        on related.case_id = related_cases.ticket_id
    where described.case_type = 'complaint'
)

select * from created
union all by name
select * from answered
union all by name
select * from resolved
union all by name
select * from shared
union all by name
select * from standing
union all by name
select * from first_resolved
union all by name
select * from due
union all by name
select * from complained
