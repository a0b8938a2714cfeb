{#- Median and P90 by linear interpolation (A8) with 95 % order-statistic intervals: the values at the
    ranks n*p -/+ 1.96*sqrt(n*p*(1-p)), rounded outwards (Campbell and Gardner, BMJ 296:1454, 1988). -#}
{% macro percentile_columns(value) -%}
    count({{ value }}) as n,
    list_sort(list({{ value }}) filter (where {{ value }} is not null)) as sorted_values,
    {{ interpolated(value, 0.5) }} as p50,
    {{ interpolated(value, 0.9) }} as p90,
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

{#- The value at a share of the sorted list by linear interpolation: what quantile_cont gives, without a second list. -#}
{% macro interpolated(value, share) -%}
    {%- set rank = '(' ~ share ~ ' * (count(' ~ value ~ ') - 1))' -%}
    list_extract(sorted_values, cast(floor({{ rank }}) as bigint) + 1) + ({{ rank }} - floor({{ rank }})) * (
        list_extract(sorted_values, cast(ceil({{ rank }}) as bigint) + 1)
        - list_extract(sorted_values, cast(floor({{ rank }}) as bigint) + 1)
    )
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

{#- Percentiles of the durations of a fact: the facts are read once, then there is one query per slice and period kind,
    because grouping sets with holistic aggregates need 8 GB at 2 M tickets and do not spill (architecture.md, decision 7). -#}
{% macro percentiles_by_slice_and_period(fact) %}
{%- set durations = measure_facts()[fact].durations -%}
{%- set dimensions = percentile_slices().values() | sum(start=[]) -%}
with measured as (
    select
        cast(date_trunc('month', local_date) as date) as month_start,
        cast(date_trunc('quarter', local_date) as date) as quarter_start,
        cast(date_trunc('year', local_date) as date) as year_start,
        {%- for dimension in dimensions %}
        {{ dimension }},
        {%- endfor %}
        {%- for duration in durations %}
        cast({{ duration.column }} as double) / {{ duration.seconds_per_unit }} as {{ duration.kpi_key }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('contributions_' ~ fact) }}
    where
        local_date is not null
        and coalesce({{ durations | map(attribute='column') | join(', ') }}) is not null
),

durations as materialized (
    unpivot measured
    on {{ durations | map(attribute='kpi_key') | join(', ') }}
    into name kpi_key value duration
),

distributed as (
    {%- for name, columns in percentile_slices().items() -%}
    {%- set outer = loop -%}
    {%- for period in ['month', 'quarter', 'year'] %}
    select
        kpi_key,
        '{{ period }}' as period_kind,
        {{ period }}_start as period_start,
        '{{ name }}' as slice_name,
        {{ slice_value(columns) }} as slice_value,
        {{ percentile_columns('duration') | indent(8) }}
    from durations
    group by kpi_key, {{ ([period ~ '_start'] + columns) | join(', ') }}
    {{ 'union all' if not (loop.last and outer.last) }}
    {%- endfor -%}
    {%- endfor %}
)

select * exclude (sorted_values)
from distributed
order by kpi_key, slice_name, period_kind, period_start, slice_value
{% endmacro %}
