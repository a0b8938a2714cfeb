-- A response about a ticket has the case's attributes and is charged to the owner at stable resolution, else at the
-- standing one, else now; without a ticket to the unit that the person asked about had at the answer, an invitation to the
-- unit at the invitation (rulings F2, F7, B6, B15, B16).
with responses as (
    select * from {{ ref('stg_survey__responses') }}
),

tickets as (
    select * from {{ ref('fct_tickets') }}
),

employees as (
    select * from {{ ref('int_employees_versioned') }}
),

regions as (
    select * from {{ ref('regions') }}
),

run_context as (
    select * from {{ ref('stg_meta__run_context') }}
),

classified as (
    select * from {{ ref('int_responses_classified') }}
),

placed as (
    select
        responses.*,
        classified.response_id is not null as has_comment,
        classified.is_dissatisfied as is_comment_dissatisfied,
        tickets.case_id
    from responses
    left join classified
        on responses.response_id = classified.response_id
    left join tickets
        on responses.ticket_id = tickets.ticket_id
),

final as (
    select
        placed.response_id,
        placed.source_system,
        placed.ticket_id,
        placed.case_id,
        coalesce(cases.customer_id, placed.customer_id) as customer_id,
        coalesce(cases.warranty, 'unknown') as warranty,
        placed.agent_id,
        coalesce(cases.is_case, true) as is_counted,
        coalesce(cases.region_id, placed.region_id, 'unknown') as region_id,
        coalesce(cases.channel, placed.channel, 'unknown') as channel,
        coalesce(cases.case_type, 'unknown') as case_type,
        coalesce(cases.priority, 'unknown') as priority,
        coalesce(cases.product_id, 'unknown') as product_id,
        coalesce(cases.root_cause_id, 'unknown') as root_cause_id,
        {%- for name in ['responded', 'invited'] %}
        {%- set prefix = '' if name == 'responded' else 'invited_' %}
        case
            when cases.case_id is not null
                then coalesce(cases.resolution_team_id, cases.standing_team_id, cases.current_team_id)
            else coalesce(employed_{{ name }}.team_id, 'unknown')
        end as {{ prefix }}team_id,
        coalesce(
            case
                when cases.case_id is null then employed_{{ name }}.employment
                when cases.resolution_team_id is not null then cases.resolution_employment
                when cases.standing_team_id is not null then cases.standing_employment
                else cases.current_employment
            end,
            'unknown'
        ) as {{ prefix }}employment,
        {%- endfor %}
        placed.invited_at,
        placed.responded_at,
        {{ local_date('placed.invited_at', 'coalesce(regions.time_zone, run_context.company_zone)') }} as invited_date,
        {{ local_date('placed.responded_at', 'coalesce(regions.time_zone, run_context.company_zone)') }}
            as responded_date,
        placed.csat_score,
        placed.attitude_score,
        placed.efficiency_score,
        placed.nps_score,
        placed.has_comment,
        placed.is_comment_dissatisfied
    from placed
    left join tickets as cases
        on placed.case_id = cases.ticket_id
    {{ employed_at('employed_responded', 'placed.agent_id', 'placed.responded_at') }}
    {{ employed_at('employed_invited', 'placed.agent_id', 'placed.invited_at') }}
    left join regions
        on coalesce(cases.region_id, placed.region_id) = regions.region_id
    cross join run_context
)

select * from final
