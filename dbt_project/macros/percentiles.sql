{#- Median and P90 by linear interpolation (A8) with 95 % order-statistic intervals: the values at the
    ranks n*p -/+ 1.96*sqrt(n*p*(1-p)), rounded outwards (Campbell and Gardner, BMJ 296:1454, 1988). -#}
{#- A query for the distribution of a duration: its `{keys}` and `{rows}`, a relation with conditions, are filled in by who asks
    (kpi_sql). Rows without it are left out, by its plain column: whole cohorts have none and are not even read then. -#}
{% macro percentiles_query(duration) -%}
    {%- set value = 'cast(' ~ duration.column ~ ' as double) / ' ~ duration.seconds_per_unit -%}
    select * exclude (sorted_values), {{ percentiles_of_sorted_values() }}
    from (
        select {keys}, {{ sorted_list(value) }} as sorted_values
        from {rows} and {{ duration.column }} is not null
        group by all
    )
{%- endmacro %}

{#- The known values of a group in order; null if there is none. -#}
{% macro sorted_list(value) -%}
    list_sort(list({{ value }}) filter (where {{ value }} is not null))
{%- endmacro %}

{#- The columns of a distribution, of a list of its values in order. -#}
{% macro percentiles_of_sorted_values() -%}
    coalesce(len(sorted_values), 0) as n,
    {%- for name, share in [('p50', 0.5), ('p90', 0.9)] %}
    {{ interpolated(share) }} as {{ name }},
    {%- endfor %}
    {%- for name, share in [('p50', 0.5), ('p90', 0.9)] %}
    case
        when floor({{ share }} * len(sorted_values) - {{ order_statistic_margin(share) }}) >= 1
            then list_extract(
                sorted_values,
                cast(floor({{ share }} * len(sorted_values) - {{ order_statistic_margin(share) }}) as bigint)
            )
    end as {{ name }}_low,
    case
        when ceil({{ share }} * len(sorted_values) + {{ order_statistic_margin(share) }}) + 1 <= len(sorted_values)
            then list_extract(
                sorted_values,
                cast(ceil({{ share }} * len(sorted_values) + {{ order_statistic_margin(share) }}) as bigint) + 1
            )
    end as {{ name }}_high{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#- The value at a share of the sorted list by linear interpolation: what quantile_cont gives, without a second list. -#}
{% macro interpolated(share) -%}
    {%- set rank = '(' ~ share ~ ' * (len(sorted_values) - 1))' -%}
    list_extract(sorted_values, cast(floor({{ rank }}) as bigint) + 1) + ({{ rank }} - floor({{ rank }})) * (
        list_extract(sorted_values, cast(ceil({{ rank }}) as bigint) + 1)
        - list_extract(sorted_values, cast(floor({{ rank }}) as bigint) + 1)
    )
{%- endmacro %}

{% macro order_statistic_margin(share) -%}
    1.959963984540054 * sqrt({{ share * (1 - share) }} * len(sorted_values))
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

{#- Percentiles of the durations of a fact: the facts are read once, then there is one part per slice and period kind,
    because grouping sets with holistic aggregates need 8 GB at 2 M tickets and do not spill (architecture.md, decision 7).
    Lists do not spill either, and DuckDB frees them when the whole statement has ended: each part is a statement of its own
    (table_in_parts). -#}
{% macro percentiles_by_slice_and_period(fact) %}
{{- config(materialized='table_in_parts', order_by='kpi_key, slice_name, period_kind, period_start, slice_value') }}
{%- set durations = measure_facts()[fact].durations -%}
{%- set dimensions = percentile_slices().values() | sum(start=[]) -%}
with measured as materialized (
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
)
{%- for name, columns in percentile_slices().items() -%}
{%- set is_first = loop.first -%}
{%- for period in ['month', 'quarter', 'year'] %}

{{ 'union all' if not (is_first and loop.first) }}
-- part {{ period }}
select
    kpi_key,
    '{{ period }}' as period_kind,
    {{ period }}_start as period_start,
    '{{ name }}' as slice_name,
    slice_value,
    {{ percentiles_of_sorted_values() }}
from (
    select
        {{ period }}_start,
        {{ slice_value(columns) }} as slice_value,
        unnest([
            {%- for duration in durations %}
            {'kpi_key': '{{ duration.kpi_key }}', 'sorted_values': {{ sorted_list(duration.kpi_key) }}}{{ ',' if not loop.last }}
            {%- endfor %}
        ], recursive := true)
    from measured
    group by {{ ([period ~ '_start'] + columns) | join(', ') }}
) as listed
where sorted_values is not null
{%- endfor -%}
{%- endfor %}
{% endmacro %}
