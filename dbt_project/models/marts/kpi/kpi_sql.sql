-- The SQL by which this build answers questions that are not stored: the figures of each KPI over measures aggregated on
-- the fly, and how each fact's measures are aggregated. Kept with the data, so an old build answers by its own definitions.
{%- set relations = figure_relations('asked_') %}
{%- for kpi in kpi_catalogue() %}
select
    'figures' as name,
    '{{ kpi.key }}' as kpi_key,
    '{{ facts_of_kpi(kpi) | join(' ') }}' as fact,
    {{ sql_literal(kpi_figure(kpi, relations)) }} as body
union all
{%- endfor %}
{%- for fact, described in measure_facts().items() %}
select
    '{{ described.shape }}' as name,
    cast(null as varchar) as kpi_key,
    '{{ fact }}' as fact,
    {#- a measure that ages says of what: open_age_seconds=open_cases #}
    '{% for measure in described.measures -%}
        {{ measure }}{{ '=' ~ described.ageing[measure] if measure in described.get('ageing', {}) }}{{ ' ' if not loop.last }}
    {%- endfor %}' as body
{{ 'union all' if not loop.last or described.get('durations') }}
{%- for duration in described.get('durations', []) %}
select
    'percentiles' as name,
    '{{ duration.kpi_key }}' as kpi_key,
    '{{ fact }}' as fact,
    {{ sql_literal(percentiles_query(duration)) }} as body
union all
{%- endfor %}
{%- endfor %}
