-- Every slice and period that any fact touches: a KPI whose facts are missing there is null with a reason, not absent.
{%- for fact in measure_facts() %}
select
    period_kind,
    period_start,
    slice_name,
    slice_value
from {{ ref('measures_' ~ fact) }}
{{ 'union' if not loop.last }}
{%- endfor %}
order by slice_name, period_kind, period_start, slice_value
