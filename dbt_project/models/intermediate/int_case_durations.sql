-- How long a stably resolved case took, on both clocks, and whose time it was: nothing removed (customer), without waiting
-- for the customer (service), without waiting for anybody else (own); and how long a team but no person had it (D3, D4, E6).
with intervals as (
    select * from {{ ref('int_ticket_intervals_timed') }}
    where is_in_cycle
),

summed as (
    select
        case_id,
        count(*) = count(working_seconds) as is_working_known,
        {%- for clock in ['calendar', 'working'] %}
        sum({{ clock }}_seconds) as customer_{{ clock }}_seconds,
        coalesce(sum({{ clock }}_seconds) filter (where responsibility <> 'customer'), 0) as service_{{ clock }}_seconds,
        coalesce(sum({{ clock }}_seconds) filter (where responsibility = 'us'), 0) as own_{{ clock }}_seconds,
        {%- endfor %}
        coalesce(sum(working_seconds) filter (where team_id <> 'unknown' and agent_id is null), 0) as idle_working_seconds
    from intervals
    group by case_id
)

select
    case_id,
    customer_calendar_seconds,
    service_calendar_seconds,
    own_calendar_seconds,
    {%- for name in ['customer', 'service', 'own', 'idle'] %}
    case when is_working_known then {{ name }}_working_seconds end as {{ name }}_working_seconds{{ ',' if not loop.last }}
    {%- endfor %}
from summed
