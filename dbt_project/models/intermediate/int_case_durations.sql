-- How long a stably resolved case took, on both clocks, and whose time it was: nothing removed (customer), without waiting
-- for the customer (service), without waiting for anybody else (own); and how long a team but no person had it (D3, D4, E6).
-- A case that was resolved as it came took no time.
with resolved as (
    select
        resolved.case_id,
        cases.case_opened_at >= calendars.known_from and resolved.stable_resolved_at <= calendars.known_to
            as is_working_known
    from {{ ref('int_cases_resolved') }} as resolved
    inner join {{ ref('int_cases_described') }} as cases
        on resolved.case_id = cases.case_id
    left join {{ ref('int_working_calendars') }} as calendars
        on cases.calendar_id = calendars.calendar_id
    where resolved.stable_resolved_at is not null
),

intervals as (
    select * from {{ ref('int_ticket_intervals_timed') }}
    where is_in_cycle
),

summed as (
    select
        case_id,
        {%- for clock in ['calendar', 'working'] %}
        sum({{ clock }}_seconds) as customer_{{ clock }}_seconds,
        sum({{ clock }}_seconds) filter (where responsibility <> 'customer') as service_{{ clock }}_seconds,
        sum({{ clock }}_seconds) filter (where responsibility = 'us') as own_{{ clock }}_seconds,
        {%- endfor %}
        sum(working_seconds) filter (where team_id <> 'unknown' and agent_id is null) as idle_working_seconds
    from intervals
    group by case_id
)

select
    resolved.case_id,
    {%- for name in ['customer', 'service', 'own'] %}
    coalesce(summed.{{ name }}_calendar_seconds, 0) as {{ name }}_calendar_seconds,
    {%- endfor %}
    {%- for name in ['customer', 'service', 'own', 'idle'] %}
    case when resolved.is_working_known then coalesce(summed.{{ name }}_working_seconds, 0) end
        as {{ name }}_working_seconds{{ ',' if not loop.last }}
    {%- endfor %}
from resolved
left join summed
    on resolved.case_id = summed.case_id
