-- Maximal half-open intervals of constant status, stage, responsibility, team and person, from creation to closing or
-- as-of. A stage opens at the events of its `starts_with` and closes at those of its `ends_with`; the case is in the
-- open one with the highest position, else in the last one (ruling E6). Every duration is a sum over these rows.
{%- set positions = range(1, 13) %}
with cases as (
    select * from {{ ref('int_cases_described') }}
),

events as (
    select * from {{ ref('int_case_events') }}
),

owners as (
    select * from {{ ref('int_case_owners') }}
),

stages as (
    select * from {{ ref('stages') }}
),

run_context as (
    select * from {{ ref('stg_meta__run_context') }}
),

-- which stages an event type opens and closes, as bits
opening as (
    select
        unnest(string_split(starts_with, '|')) as event_type,
        position
    from stages
    where starts_with is not null
),

closing as (
    select
        unnest(string_split(ends_with, '|')) as event_type,
        position
    from stages
    where ends_with is not null
),

effects as (
    select
        event_type,
        cast(sum(opens) as bigint) as opens,
        cast(sum(closes) as bigint) as closes
    from (
        select
            event_type,
            cast(power(2, position) as bigint) as opens,
            0 as closes
        from opening
        union all
        select
            event_type,
            0 as opens,
            cast(power(2, position) as bigint) as closes
        from closing
    ) as effects_of_stages
    group by event_type
),

last_stage as (
    select max(position) as position from stages
),

-- the creation opens what `created` opens, whether or not the source wrote such an event
moments as (
    select
        case_id,
        case_opened_at as occurred_at,
        0 as event_number,
        'created' as event_type,
        cast('new' as varchar) as status,
        cast(null as varchar) as actor,
        cast(null as boolean) as is_public
    from cases
    union all
    select
        events.case_id,
        events.occurred_at,
        events.event_number,
        events.event_type,
        -- the status is the survivor's own: a duplicate that is closed as it is merged closes nothing
        case
            when events.ticket_id <> events.case_id then null
            when events.status is not null then events.status
            when events.event_type = 'reopened' then 'in_progress'
            when events.event_type in ('resolved', 'closed') then events.event_type
        end as status,
        events.actor,
        events.is_public
    from events
    inner join cases
        on events.case_id = cases.case_id
),

-- automatic replies are no response (C1)
effective as (
    select
        moments.*,
        case
            when
                moments.event_type in ('first_response', 'responded')
                and (moments.actor is distinct from 'agent' or moments.is_public is not distinct from false)
                then 0
            else coalesce(effects.opens, 0)
        end as opens,
        case
            when
                moments.event_type in ('first_response', 'responded')
                and (moments.actor is distinct from 'agent' or moments.is_public is not distinct from false)
                then 0
            else coalesce(effects.closes, 0)
        end as closes
    from moments
    left join effects
        on moments.event_type = effects.event_type
),

standing as (
    select
        case_id,
        occurred_at,
        event_number,
        last_value(status ignore nulls) over so_far as status,
        last_value(case when status = 'closed' then true when event_type = 'reopened' then false end ignore nulls)
            over so_far as is_closed,
        last_value(case when event_type in ('resolved', 'closed') then true when event_type = 'reopened' then false end ignore nulls)
            over so_far as is_resolved,
        greatest(
            {%- for position in positions %}
            last_value(
                case when (opens & {{ 2 ** position }}) > 0 then {{ position }} when (closes & {{ 2 ** position }}) > 0 then 0 end
                ignore nulls
            ) over so_far{{ ',' if not loop.last }}
            {%- endfor %}
        ) as position
    from effective
    window so_far as (
        partition by case_id
        order by event_number
        rows between unbounded preceding and current row
    )
),

-- of several events at one instant the last state counts
stated as (
    select
        case_id,
        occurred_at as starts_at,
        status,
        -- closed until it is reopened; cancelled as long as that is its status (A13, B9)
        coalesce(is_closed or status = 'cancelled', false) as is_over,
        coalesce(is_resolved, false) as is_resolved,
        coalesce(position, 0) as position
    from standing
    qualify lead(occurred_at) over (partition by case_id order by event_number) is distinct from occurred_at
),

-- whatever changes state or owner, in one row of instants: of several changes at one instant all have happened
changes as (
    select
        case_id,
        starts_at,
        cast(null as timestamp) as owned_from,
        {'status': status, 'is_over': is_over, 'is_resolved': is_resolved, 'position': position} as state,
        null as owner
    from stated
    union all
    select
        owners.case_id,
        case when owners.owned_from > cases.case_opened_at then owners.owned_from else cases.case_opened_at end as starts_at,
        owners.owned_from,
        null as state,
        {'team_id': owners.team_id, 'agent_id': owners.agent_id, 'is_agent_named': owners.is_agent_named} as owner
    from owners
    inner join cases
        on owners.case_id = cases.case_id
),

filled as (
    select
        case_id,
        starts_at,
        last_value(state ignore nulls) over so_far as state,
        last_value(owner ignore nulls) over so_far as owner
    from changes
    window so_far as (
        partition by case_id
        order by starts_at, owned_from nulls first
        rows between unbounded preceding and current row
    )
    qualify lead(starts_at) over so_far is distinct from starts_at
),

described as (
    select
        filled.case_id,
        filled.starts_at,
        filled.state['status'] as status,
        filled.state['is_over'] as is_over,
        filled.state['is_resolved'] as is_resolved,
        case when filled.state['position'] > 0 then filled.state['position'] else last_stage.position end as position,
        coalesce(filled.owner['team_id'], cases.ticket_team_id) as team_id,
        case when filled.owner['is_agent_named'] then filled.owner['agent_id'] else cases.ticket_agent_id end as agent_id
    from filled
    inner join cases
        on filled.case_id = cases.case_id
    cross join last_stage
),

named as (
    select
        described.case_id,
        described.starts_at,
        described.status,
        described.is_over,
        stages.stage,
        -- between a failed resolution and its reopening the case is the customer's (D3)
        case
            when described.is_resolved or described.status = 'waiting_customer' then 'customer'
            when described.status = 'waiting_parts' then 'parts'
            when described.status = 'waiting_vendor' then 'vendor'
            else 'us'
        end as responsibility,
        coalesce(described.team_id, 'unknown') as team_id,
        described.agent_id
    from described
    left join stages
        on described.position = stages.position
),

-- maximal: a row begins only where something changes
begun as (
    select *
    from named
    window by_case as (partition by case_id order by starts_at)
    qualify
        lag(starts_at) over by_case is null
        or lag(status) over by_case is distinct from status
        or lag(is_over) over by_case is distinct from is_over
        or lag(stage) over by_case is distinct from stage
        or lag(responsibility) over by_case is distinct from responsibility
        or lag(team_id) over by_case is distinct from team_id
        or lag(agent_id) over by_case is distinct from agent_id
),

ended as (
    select
        begun.*,
        lead(begun.starts_at) over (partition by begun.case_id order by begun.starts_at) as next_starts_at,
        max(begun.starts_at) filter (where not begun.is_over) over (partition by begun.case_id) as last_alive_at
    from begun
)

select
    ended.case_id,
    ended.starts_at,
    coalesce(ended.next_starts_at, run_context.as_of) as ends_at,
    ended.next_starts_at is null as is_censored,
    ended.status,
    ended.stage,
    ended.responsibility,
    ended.team_id,
    ended.agent_id,
    cast({{ calendar_seconds('ended.starts_at', 'coalesce(ended.next_starts_at, run_context.as_of)') }} as decimal(18, 6))
        as calendar_seconds
from ended
cross join run_context
-- a closed case that was reopened lived on in between
where
    ended.starts_at <= ended.last_alive_at
    and coalesce(ended.next_starts_at, run_context.as_of) > ended.starts_at
