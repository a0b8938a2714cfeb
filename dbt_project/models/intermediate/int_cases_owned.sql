-- Who owned the case at the instants that KPIs charge it to (rulings D6, D13, D15).
{%- set instants = {
    'response': 'first_response_at',
    'first_resolution': 'first_resolved_at',
    'resolution': 'stable_resolved_at',
    'standing': 'standing_resolved_at',
    'due': 'due_at',
} %}
with cases as (
    select * from {{ ref('int_cases_described') }}
),

owners as (
    select * from {{ ref('int_case_owners') }}
),

employees as (
    select * from {{ ref('int_employees_versioned') }}
),

run_context as (
    select * from {{ ref('stg_meta__run_context') }}
),

-- the person who was named first, and when
first_agents as (
    select
        case_id,
        arg_min(agent_id, event_number) as agent_id,
        arg_min(occurred_at, event_number) as named_at
    from {{ ref('int_case_events') }}
    where agent_id is not null
    group by case_id
),

moments as (
    select
        cases.case_id,
        cases.ticket_team_id,
        cases.ticket_agent_id,
        coalesce(first_agents.agent_id, cases.ticket_agent_id) as first_agent_id,
        coalesce(first_agents.named_at, cases.case_opened_at) as first_agent_at,
        responded.first_response_at,
        resolved.first_resolved_at,
        resolved.stable_resolved_at,
        resolved.standing_resolved_at,
        promised.due_at
    from cases
    left join {{ ref('int_cases_responded') }} as responded
        on cases.case_id = responded.case_id
    left join {{ ref('int_cases_resolved') }} as resolved
        on cases.case_id = resolved.case_id
    left join {{ ref('int_cases_promised') }} as promised
        on cases.case_id = promised.case_id
    left join first_agents
        on cases.case_id = first_agents.case_id
),

-- Few owners have many cases: a number for each is all that is carried through what is done case by case.
numbered as (
    select
        row_number() over (order by team_id, agent_id, is_agent_named, first_team_id) as owner_number,
        team_id,
        agent_id,
        is_agent_named,
        first_team_id
    from owners
    group by team_id, agent_id, is_agent_named, first_team_id
),

owned as (
    select
        owners.case_id,
        owners.owned_from,
        owners.owned_to,
        owners.is_agent_named,
        owners.team_id is not null as is_team_known,
        numbered.owner_number
    from owners
    inner join numbered
        on
            owners.team_id is not distinct from numbered.team_id
            and owners.agent_id is not distinct from numbered.agent_id
            and owners.is_agent_named = numbered.is_agent_named
            and owners.first_team_id is not distinct from numbered.first_team_id
),

owners_at as (
    select
        moments.case_id,
        min(owned.owner_number) as any_owner,
        arg_max(owned.owner_number, owned.owned_from) filter (where owned.is_team_known) as team_owner,
        max(owned.owner_number) filter (where owned.owned_to is null) as current_owner,
        bool_or(owned.is_agent_named) as is_agent_named,
        {%- for name, instant in instants.items() %}
        max(owned.owner_number) filter (
            where
                moments.{{ instant }} >= owned.owned_from
                and moments.{{ instant }} < coalesce(owned.owned_to, timestamp '9999-12-31')
        ) as {{ name }}_owner{{ "," if not loop.last }}
        {%- endfor %}
    from moments
    inner join owned
        on moments.case_id = owned.case_id
    group by moments.case_id
),

persons as (
    select
        moments.case_id,
        moments.ticket_team_id,
        moments.first_agent_id,
        moments.first_agent_at,
        coalesce(first_owner.first_team_id, moments.ticket_team_id, 'unknown') as first_team_id,
        coalesce(team_owner.team_id, moments.ticket_team_id, 'unknown') as current_team_id,
        case
            when owners_at.is_agent_named then current_owner.agent_id else moments.ticket_agent_id
        end as current_agent_id,
        {%- for name, instant in instants.items() %}
        moments.{{ instant }} as {{ name }}_moment,
        case
            when moments.{{ instant }} is not null
                then coalesce({{ name }}_owner.team_id, moments.ticket_team_id, 'unknown')
        end as {{ name }}_team_id,
        case
            when moments.{{ instant }} is null then null
            when {{ name }}_owner.is_agent_named then {{ name }}_owner.agent_id
            else moments.ticket_agent_id
        end as {{ name }}_agent_id{{ "," if not loop.last }}
        {%- endfor %}
    from moments
    left join owners_at
        on moments.case_id = owners_at.case_id
    left join numbered as first_owner
        on owners_at.any_owner = first_owner.owner_number
    left join numbered as team_owner
        on owners_at.team_owner = team_owner.owner_number
    left join numbered as current_owner
        on owners_at.current_owner = current_owner.owner_number
    {%- for name in instants %}
    left join numbered as {{ name }}_owner
        on owners_at.{{ name }}_owner = {{ name }}_owner.owner_number
    {%- endfor %}
)

select
    persons.case_id,
    persons.first_team_id,
    persons.first_agent_id,
    coalesce(employed_first.employment, 'unknown') as first_employment,
    persons.current_team_id,
    persons.current_agent_id,
    coalesce(employed_now.employment, 'unknown') as current_employment,
    {%- for name in instants %}
    persons.{{ name }}_team_id,
    persons.{{ name }}_agent_id,
    case
        when persons.{{ name }}_moment is not null then coalesce(employed_{{ name }}.employment, 'unknown')
    end as {{ name }}_employment{{ "," if not loop.last }}
    {%- endfor %}
from persons
cross join run_context
left join employees as employed_first
    on
        persons.first_agent_id = employed_first.employee_id
        and persons.first_agent_at >= employed_first.valid_from_at
        and persons.first_agent_at < employed_first.valid_to_at
left join employees as employed_now
    on
        persons.current_agent_id = employed_now.employee_id
        and run_context.as_of >= employed_now.valid_from_at
        and run_context.as_of < employed_now.valid_to_at
{%- for name in instants %}
left join employees as employed_{{ name }}
    on
        persons.{{ name }}_agent_id = employed_{{ name }}.employee_id
        and persons.{{ name }}_moment >= employed_{{ name }}.valid_from_at
        and persons.{{ name }}_moment < employed_{{ name }}.valid_to_at
{%- endfor %}
