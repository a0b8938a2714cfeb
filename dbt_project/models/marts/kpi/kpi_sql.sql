-- The SQL by which this build answers questions that are not stored: the figures over measures aggregated on the fly,
-- and the aggregations themselves. Kept with the data, so an old build answers by its own definitions.
{%- set figures = kpi_figures(
    'asked_spine',
    {'tickets': 'asked_tickets', 'survey_responses': 'asked_survey_responses'},
    {'tickets': 'asked_percentiles_tickets'},
    {
        'runs': within_build(ref('dim_run')),
        'kpis': within_build(ref('dim_kpis')),
        'contracts': within_build(ref('kpi_contracts')),
        'targets': within_build(ref('kpi_targets_in_force')),
    },
) %}
select
    'figures' as name,
    cast(null as varchar) as fact,
    {{ sql_literal(figures) }} as body
union all
select
    'measures' as name,
    'tickets' as fact,
    {{ sql_literal(sum_measures(ticket_measures())) }} as body
union all
select
    'measures' as name,
    'survey_responses' as fact,
    {{ sql_literal(sum_measures(survey_response_measures())) }} as body
{%- for duration in ticket_durations() %}
union all
select
    'percentiles:{{ duration.kpi_key }}' as name,
    'tickets' as fact,
    {{ sql_literal(percentile_columns('cast(' ~ duration.column ~ ' as double) / ' ~ duration.seconds_per_unit)) }} as body
{%- endfor %}
