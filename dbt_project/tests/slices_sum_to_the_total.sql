-- Sums over the members of every slice equal the total, measure by measure and month by month (ruling B20). In slices of
-- stages only the time adds up: every stage counts all cases.
{%- for fact, described in measure_facts().items() %}
{%- set outer = loop %}
select
    parts.slice_name,
    parts.period_start,
    '{{ fact }}' as fact
from (
    select
        slice_name,
        period_start,
        {{ sum_measures(described.measures) }}
    from {{ ref('measures_' ~ fact) }}
    where period_kind = 'month'
    group by slice_name, period_start
) as parts
inner join {{ ref('measures_' ~ fact) }} as total
    on parts.period_start = total.period_start and total.period_kind = 'month' and total.slice_name = 'total'
where
    {%- for measure in described.measures %}
    (
        parts.{{ measure }} is distinct from total.{{ measure }}
        {%- if described.shape == 'stages' and measure != 'stage_seconds' %}
        and parts.slice_name not in ('{{ stage_slices() | join("', '") }}')
        {%- endif %}
    ){{ ' or' if not loop.last }}
    {%- endfor %}
{{ 'union all' if not outer.last }}
{%- endfor %}
