-- How each KPI's two sides read off a single contribution: what traces a number to its tickets.
{%- set durations = {} %}
{%- for duration in ticket_durations() %}
{%- do durations.update({duration.kpi_key: duration}) %}
{%- endfor %}
{%- for kpi in kpi_catalogue() %}
{%- set numerator = 'cast(' ~ kpi.get('numerator', 'null') ~ ' as double) / ' ~ kpi.get('per_unit', 1) %}
{%- set denominator = 'cast(' ~ kpi.get('denominator', 'null') ~ ' as double)' %}
{%- if kpi.get('distribution') %}
{%- set duration = durations[kpi.distribution] %}
{%- set value = 'cast(' ~ duration.column ~ ' as double) / ' ~ duration.seconds_per_unit %}
{%- set condition = duration.column ~ ' is not null' %}
{%- elif kpi.get('denominator') %}
{%- set value = 'cast(null as double)' %}
{%- set condition = 'coalesce(' ~ kpi.numerator ~ ', 0) <> 0 or coalesce(' ~ kpi.denominator ~ ', 0) <> 0' %}
{%- else %}
{%- set value = 'cast(null as double)' %}
{%- set condition = 'coalesce(' ~ kpi.numerator ~ ', 0) <> 0' %}
{%- endif %}
select
    '{{ kpi.key }}' as kpi_key,
    {{ sql_literal(numerator) }} as numerator_sql,
    {{ sql_literal(denominator) }} as denominator_sql,
    {{ sql_literal(value) }} as value_sql,
    {{ sql_literal(condition) }} as condition_sql
{{ 'union all' if not loop.last }}
{%- else %}
select
    cast(null as varchar) as kpi_key,
    cast(null as varchar) as numerator_sql,
    cast(null as varchar) as denominator_sql,
    cast(null as varchar) as value_sql,
    cast(null as varchar) as condition_sql
where false
{%- endfor %}
