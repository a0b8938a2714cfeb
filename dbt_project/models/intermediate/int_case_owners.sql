-- Who owned a case from which instant on: the last event that names a team, or a person whose team is meant (D15).
-- An assignment to a team without a person clears the person (B18).
with events as (
    select * from {{ ref('int_case_events') }}
),

employees as (
    select * from {{ ref('int_employees_versioned') }}
),

-- of several events at one instant the last one counts
named as (
    select
        case_id,
        occurred_at,
        event_type,
        team_id,
        agent_id,
        event_number
    from events
    where team_id is not null or agent_id is not null
),

with_team as (
    select
        named.case_id,
        named.occurred_at,
        named.event_number,
        coalesce(named.team_id, employees.team_id) as team_id,
        case
            when named.agent_id is not null then named.agent_id
            when named.event_type = 'assigned' then ''
        end as agent_id
    from named
    left join employees
        on
            named.agent_id = employees.employee_id
            and named.occurred_at >= employees.valid_from_at
            and named.occurred_at < employees.valid_to_at
),

filled as (
    select
        case_id,
        occurred_at,
        event_number,
        last_value(team_id ignore nulls) over so_far as team_id,
        last_value(agent_id ignore nulls) over so_far as agent_id,
        first_value(team_id ignore nulls) over (
            partition by case_id
            order by event_number
            rows between unbounded preceding and unbounded following
        ) as first_team_id
    from with_team
    window so_far as (
        partition by case_id
        order by event_number
        rows between unbounded preceding and current row
    )
),

settled as (
    select * from filled
    qualify lead(occurred_at) over (partition by case_id order by event_number) is distinct from occurred_at
),

-- most events name whoever has the case already: a row begins only where the owner changes
begun as (
    select * from settled
    window by_case as (partition by case_id order by event_number)
    qualify
        lag(event_number) over by_case is null
        or lag(team_id) over by_case is distinct from team_id
        or lag(agent_id) over by_case is distinct from agent_id
)

select
    case_id,
    occurred_at as owned_from,
    lead(occurred_at) over (partition by case_id order by event_number) as owned_to,
    team_id,
    nullif(agent_id, '') as agent_id,
    -- whether events said so far which person, or that it is nobody; else the ticket's column holds (D15)
    agent_id is not null as is_agent_named,
    -- of several events at the first instant the first one, not the one that stays in force (D13)
    first_team_id
from begun
