{#- Median and P90 by linear interpolation (A8) with 95 % order-statistic intervals: the values at the
    ranks n*p -/+ 1.96*sqrt(n*p*(1-p)), rounded outwards (Campbell and Gardner, BMJ 296:1454, 1988). -#}
{% macro percentile_columns(value) -%}
    count({{ value }}) as n,
    quantile_cont({{ value }}, 0.5) as p50,
    quantile_cont({{ value }}, 0.9) as p90,
    list_sort(list({{ value }}) filter (where {{ value }} is not null)) as sorted_values,
    {%- for name, share in [('p50', 0.5), ('p90', 0.9)] %}
    case
        when floor({{ share }} * count({{ value }}) - {{ order_statistic_margin(value, share) }}) >= 1
            then list_extract(
                sorted_values,
                cast(floor({{ share }} * count({{ value }}) - {{ order_statistic_margin(value, share) }}) as bigint)
            )
    end as {{ name }}_low,
    case
        when ceil({{ share }} * count({{ value }}) + {{ order_statistic_margin(value, share) }}) + 1 <= count({{ value }})
            then list_extract(
                sorted_values,
                cast(ceil({{ share }} * count({{ value }}) + {{ order_statistic_margin(value, share) }}) as bigint) + 1
            )
    end as {{ name }}_high{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{% macro order_statistic_margin(value, share) -%}
    1.959963984540054 * sqrt({{ share * (1 - share) }} * count({{ value }}))
{%- endmacro %}

{#- Slices whose medians and P90 are stored; the others are answered from the contributions by the same expressions. -#}
{% macro percentile_slices() -%}
    {{ return({
        'total': [],
        'macro_region': ['macro_region'],
        'region': ['region_id'],
        'team': ['team_id'],
        'case_type': ['case_type'],
        'channel': ['channel'],
    }) }}
{%- endmacro %}

{#- Percentiles of the durations of a fact, one query per slice and period kind: grouping sets with
    holistic aggregates need 8 GB at 2 M tickets and do not spill (architecture.md, decision 7). -#}
{% macro percentiles_by_slice_and_period(fact) %}
{%- set branches = [] -%}
{%- for duration in measure_facts()[fact].durations -%}
{%- for name, columns in percentile_slices().items() -%}
{%- for period in ['month', 'quarter', 'year'] -%}
{%- set branch -%}
select
    '{{ duration.kpi_key }}' as kpi_key,
    '{{ period }}' as period_kind,
    cast(date_trunc('{{ period }}', local_date) as date) as period_start,
    '{{ name }}' as slice_name,
    {{ slice_value(columns) }} as slice_value,
    {{ percentile_columns('cast(' ~ duration.column ~ ' as double) / ' ~ duration.seconds_per_unit) }}
from {{ ref('contributions_' ~ fact) }}
where local_date is not null and {{ duration.column }} is not null
group by all
{%- endset -%}
{%- do branches.append(branch) -%}
{%- endfor -%}
{%- endfor -%}
{%- endfor -%}
select * exclude (sorted_values)
from (
{{ branches | join('\nunion all\n') }}
)
order by kpi_key, slice_name, period_kind, period_start, slice_value
{% endmacro %}
