-- When a case was open, and whose it was: from creation or reopening to the next resolution, cut where the owner or the
-- owner's employment changes (rulings D13, D15, D16, B9). The last piece of an open case has no end.
with cases as (
    select * from {{ ref('int_cases_described') }}
),

resolutions as (
    select * from {{ ref('int_case_resolutions') }}
),

owners as (
    select * from {{ ref('int_case_owners') }}
),

employees as (
    select * from {{ ref('int_employees_versioned') }}
),

-- a cancelled case is open until it is cancelled; of one that was cancelled nobody knows when, nothing is known
turns as (
    select
        case_id,
        case_opened_at as opens_at,
        1 as closing_number
    from cases
    where is_resolution_in_source and not (is_cancelled and cancelled_at is null)
    union all
    select
        case_id,
        reopened_at as opens_at,
        resolution_number + 1 as closing_number
    from resolutions
    where reopened_at is not null
),

spells as (
    select
        turns.case_id,
        turns.opens_at,
        case when cases.is_cancelled then cases.cancelled_at else resolutions.resolved_at end as closes_at
    from turns
    inner join cases
        on turns.case_id = cases.case_id
    left join resolutions
        on turns.case_id = resolutions.case_id and turns.closing_number = resolutions.resolution_number
),

-- before anybody was named, the ticket's columns say whose it was
owned as (
    select
        case_id,
        owned_from,
        owned_to,
        team_id,
        agent_id,
        is_agent_named
    from owners
    union all
    select
        cases.case_id,
        cases.case_opened_at as owned_from,
        min(owners.owned_from) as owned_to,
        cases.ticket_team_id as team_id,
        cases.ticket_agent_id as agent_id,
        true as is_agent_named
    from cases
    left join owners
        on cases.case_id = owners.case_id
    group by cases.case_id, cases.case_opened_at, cases.ticket_team_id, cases.ticket_agent_id
    having min(owners.owned_from) is null or min(owners.owned_from) > cases.case_opened_at
),

pieces as (
    select
        spells.case_id,
        coalesce(owned.team_id, cases.ticket_team_id, 'unknown') as team_id,
        case when owned.is_agent_named then owned.agent_id else cases.ticket_agent_id end as agent_id,
        case when owned.owned_from > spells.opens_at then owned.owned_from else spells.opens_at end as open_from,
        case
            when owned.owned_to is null then spells.closes_at
            when spells.closes_at is null or owned.owned_to < spells.closes_at then owned.owned_to
            else spells.closes_at
        end as open_to
    from spells
    inner join cases
        on spells.case_id = cases.case_id
    inner join owned
        on
            spells.case_id = owned.case_id
            and owned.owned_from < coalesce(spells.closes_at, timestamp '9999-12-31')
            and coalesce(owned.owned_to, timestamp '9999-12-31') > spells.opens_at
),

employed as (
    select
        pieces.case_id,
        pieces.team_id,
        coalesce(employees.employment, 'unknown') as employment,
        case when employees.valid_from_at > pieces.open_from then employees.valid_from_at else pieces.open_from end
            as open_from,
        case
            when employees.valid_to_at < coalesce(pieces.open_to, timestamp '9999-12-31') then employees.valid_to_at
            else pieces.open_to
        end as open_to
    from pieces
    left join employees
        on
            pieces.agent_id = employees.employee_id
            and employees.valid_from_at < coalesce(pieces.open_to, timestamp '9999-12-31')
            and pieces.open_from < employees.valid_to_at
),

-- pieces of one team and employment that touch each other are one
touching as (
    select
        *,
        coalesce(
            lag(team_id) over by_case = team_id
            and lag(employment) over by_case = employment
            and lag(open_to) over by_case = open_from,
            false
        ) as is_continued
    from employed
    where open_from < coalesce(open_to, timestamp '9999-12-31')
    window by_case as (partition by case_id order by open_from)
),

numbered as (
    select
        *,
        count(*) filter (where not is_continued) over (
            partition by case_id
            order by open_from
            rows between unbounded preceding and current row
        ) as stretch
    from touching
)

select
    case_id,
    any_value(team_id) as team_id,
    any_value(employment) as employment,
    min(open_from) as open_from,
    case when count(*) = count(open_to) then max(open_to) end as open_to
from numbered
group by case_id, stretch
