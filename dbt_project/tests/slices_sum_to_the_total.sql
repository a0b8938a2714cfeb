-- Sums over the members of every slice equal the total, measure by measure and month by month (ruling B20).
{%- set measures = ticket_measures() %}
with measured as (
    select * from {{ ref('measures_tickets') }}
    where period_kind = 'month'
),

per_slice as (
    select
        slice_name,
        period_start,
        {{ sum_measures(measures) }}
    from measured
    group by slice_name, period_start
)

select
    per_slice.slice_name,
    per_slice.period_start
from per_slice
inner join per_slice as total
    on per_slice.period_start = total.period_start and total.slice_name = 'total'
where
    {%- for measure in measures %}
    per_slice.{{ measure }} is distinct from total.{{ measure }}{{ ' or' if not loop.last }}
    {%- endfor %}
