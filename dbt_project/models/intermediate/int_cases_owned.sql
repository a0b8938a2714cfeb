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

first_owners as (
    select
        case_id,
        min(first_team_id) as team_id
    from owners
    group by case_id
),

last_owners as (
    select
        case_id,
        arg_max(team_id, owned_from) filter (where team_id is not null) as team_id,
        arg_max(agent_id, owned_from) filter (where owned_to is null) as agent_id,
        bool_or(is_agent_named) as is_agent_named
    from owners
    group by case_id
){% for name, instant in instants.items() %},

at_{{ name }} as (
    select
        moments.case_id,
        moments.{{ instant }} as owned_at,
        coalesce(owners.team_id, moments.ticket_team_id) as team_id,
        case when owners.is_agent_named then owners.agent_id else moments.ticket_agent_id end as agent_id
    from moments
    left join owners
        on
            moments.case_id = owners.case_id
            and moments.{{ instant }} >= owners.owned_from
            and moments.{{ instant }} < coalesce(owners.owned_to, timestamp '9999-12-31')
    where moments.{{ instant }} is not null
)
{%- endfor %}

select
    moments.case_id,
    coalesce(first_owners.team_id, moments.ticket_team_id, 'unknown') as first_team_id,
    moments.first_agent_id,
    coalesce(employed_first.employment, 'unknown') as first_employment,
    coalesce(last_owners.team_id, moments.ticket_team_id, 'unknown') as current_team_id,
    case when last_owners.is_agent_named then last_owners.agent_id else moments.ticket_agent_id end as current_agent_id,
    coalesce(employed_now.employment, 'unknown') as current_employment,
    {%- for name in instants %}
    case
        when at_{{ name }}.case_id is not null then coalesce(at_{{ name }}.team_id, 'unknown')
    end as {{ name }}_team_id,
    at_{{ name }}.agent_id as {{ name }}_agent_id,
    case
        when at_{{ name }}.case_id is not null then coalesce(employed_{{ name }}.employment, 'unknown')
    end as {{ name }}_employment{{ "," if not loop.last }}
    {%- endfor %}
from moments
left join first_owners
    on moments.case_id = first_owners.case_id
left join last_owners
    on moments.case_id = last_owners.case_id
left join employees as employed_first
    on
        moments.first_agent_id = employed_first.employee_id
        and moments.first_agent_at >= employed_first.valid_from_at
        and moments.first_agent_at < employed_first.valid_to_at
cross join run_context
left join employees as employed_now
    on
        case when last_owners.is_agent_named then last_owners.agent_id else moments.ticket_agent_id end
        = employed_now.employee_id
        and run_context.as_of >= employed_now.valid_from_at
        and run_context.as_of < employed_now.valid_to_at
{%- for name in instants %}
left join at_{{ name }}
    on moments.case_id = at_{{ name }}.case_id
left join employees as employed_{{ name }}
    on
        at_{{ name }}.agent_id = employed_{{ name }}.employee_id
        and at_{{ name }}.owned_at >= employed_{{ name }}.valid_from_at
        and at_{{ name }}.owned_at < employed_{{ name }}.valid_to_at
{%- endfor %}
