-- How each KPI's two sides read off a single contribution: what traces a number to its tickets. A KPI whose sides are of
-- different facts has a row for each.
{%- set durations = {} %}
{%- for fact in facts_with_durations() %}
{%- for duration in measure_facts()[fact].durations %}
{%- do durations.update({duration.kpi_key: duration}) %}
{%- endfor %}
{%- endfor %}
{%- for kpi in kpi_catalogue() %}
{%- set sides = {} %}
{%- if kpi.get('distribution') %}
{%- set duration = durations[kpi.distribution] %}
{%- do sides.update({kpi.fact: {
    'value': 'cast(' ~ duration.column ~ ' as double) / ' ~ duration.seconds_per_unit,
    'condition': duration.column ~ ' is not null',
}}) %}
{%- else %}
{%- for side in ['numerator', 'denominator'] if kpi.get(side) %}
{%- set fact = fact_of_measure(kpi[side]) | trim %}
{%- set unit = kpi.get('per_unit', 1) if side == 'numerator' else kpi.get('denominator_per_unit', 1) %}
{%- set own = sides.get(fact, {}) %}
{%- set grows_by = measure_facts()[fact].get('ageing', {}).get(kpi[side]) %}
{%- set measure = '(' ~ kpi[side] ~ ' + ' ~ grows_by ~ ' * day_end_epoch)' if grows_by else kpi[side] %}
{%- do own.update({
    side: 'cast(' ~ measure ~ ' as double) / ' ~ unit,
    'condition': (own.condition ~ ' or ' if own.condition else '') ~ 'coalesce(' ~ kpi[side] ~ ', 0) <> 0',
}) %}
{%- do sides.update({fact: own}) %}
{%- endfor %}
{%- endif %}
{%- set outer = loop %}
{%- for fact, side in sides.items() %}
select
    '{{ kpi.key }}' as kpi_key,
    '{{ fact }}' as fact,
    '{{ measure_facts()[fact].shape }}' as shape,
    '{{ measure_facts()[fact].id }}' as id_column,
    {{ sql_literal(side.get('numerator', 'cast(null as double)')) }} as numerator_sql,
    {{ sql_literal(side.get('denominator', 'cast(null as double)')) }} as denominator_sql,
    {{ sql_literal(side.get('value', 'cast(null as double)')) }} as value_sql,
    {{ sql_literal(side.condition) }} as condition_sql
{{ 'union all' if not (loop.last and outer.last) }}
{%- endfor %}
{%- else %}
select
    cast(null as varchar) as kpi_key,
    cast(null as varchar) as fact,
    cast(null as varchar) as shape,
    cast(null as varchar) as id_column,
    cast(null as varchar) as numerator_sql,
    cast(null as varchar) as denominator_sql,
    cast(null as varchar) as value_sql,
    cast(null as varchar) as condition_sql
where false
{%- endfor %}
