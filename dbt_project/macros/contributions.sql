{#- The dimensions that every contribution carries; slices of the mart are made of these and of `team_id`. -#}
{% macro contribution_dimensions(relation=none) -%}
    {%- set prefix = relation ~ '.' if relation else '' -%}
    {%- for column in [
        'ticket_id', 'source_system', 'region_id', 'macro_region', 'root_cause_id', 'root_cause_category', 'case_type',
        'channel', 'priority', 'product_id',
    ] -%}
        {{ prefix }}{{ column }}{{ ',\n        ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{#- Slices by name: the contribution columns they are made of, and the periods that are stored for them
    (architecture.md, decision 7: pairs from the month upwards). -#}
{% macro kpi_slices() -%}
    {{ return({
        'total': [],
        'macro_region': ['macro_region'],
        'region': ['region_id'],
        'team': ['team_id'],
        'root_cause_category': ['root_cause_category'],
        'root_cause': ['root_cause_id'],
        'case_type': ['case_type'],
        'region__root_cause': ['region_id', 'root_cause_id'],
        'region__team': ['region_id', 'team_id'],
    }) }}
{%- endmacro %}

{% macro kpi_periods(slice_columns) -%}
    {{ return(['day', 'week', 'month', 'quarter', 'year'] if slice_columns | length < 2 else ['month', 'quarter', 'year']) }}
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

{#- SQL of the value of a slice: ids joined by a bar. -#}
{% macro slice_value(slice_columns) -%}
    {{ slice_columns | join(" || '|' || ") if slice_columns else "'all'" }}
{%- endmacro %}

{#- Sums of a list of measures; none of the addends is a guess, so an absent one adds nothing. -#}
{% macro sum_measures(measures) -%}
    {%- for measure in measures -%}
        sum({{ measure }}) as {{ measure }}{{ ',\n    ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{#- All stored slices and periods of a contributions relation in one scan. -#}
{% macro measures_by_slice_and_period(contributions, measures) %}
with contributions as (
    select
        team_id,
        region_id,
        macro_region,
        root_cause_id,
        root_cause_category,
        case_type,
        local_date as day_start,
        cast(date_trunc('week', local_date) as date) as week_start,
        cast(date_trunc('month', local_date) as date) as month_start,
        cast(date_trunc('quarter', local_date) as date) as quarter_start,
        cast(date_trunc('year', local_date) as date) as year_start,
        {{ measures | join(',\n        ') }}
    from {{ contributions }}
    where local_date is not null
),

grouped as (
    select
        case
            {%- for period in ['day', 'week', 'month', 'quarter', 'year'] %}
            when grouping({{ period }}_start) = 0 then '{{ period }}'
            {%- endfor %}
        end as period_kind,
        coalesce(day_start, week_start, month_start, quarter_start, year_start) as period_start,
        case
            {%- for name, columns in kpi_slices().items() | reverse if columns %}
            when {% for column in columns %}grouping({{ column }}) = 0{{ ' and ' if not loop.last }}{% endfor %}
                then '{{ name }}'
            {%- endfor %}
            else 'total'
        end as slice_name,
        case
            {%- for name, columns in kpi_slices().items() | reverse if columns %}
            when {% for column in columns %}grouping({{ column }}) = 0{{ ' and ' if not loop.last }}{% endfor %}
                then {{ slice_value(columns) }}
            {%- endfor %}
            else 'all'
        end as slice_value,
        {{ sum_measures(measures) }}
    from contributions
    group by grouping sets (
        {%- for name, columns in kpi_slices().items() -%}
        {%- set outer = loop -%}
        {%- for period in kpi_periods(columns) %}
        ({{ ([period ~ '_start'] + columns) | join(', ') }}){{ ',' if not (loop.last and outer.last) }}
        {%- endfor -%}
        {%- endfor %}
    )
)

select * from grouped
order by slice_name, period_kind, period_start, slice_value
{% endmacro %}
