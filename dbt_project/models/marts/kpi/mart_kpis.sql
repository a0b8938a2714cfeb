{{ config(materialized='view') }}
{{ kpi_figures(
    within_build(ref('measures_spine')),
    {
        'tickets': within_build(ref('measures_tickets')),
        'survey_responses': within_build(ref('measures_survey_responses')),
    },
    {'tickets': within_build(ref('percentiles_tickets'))},
    {
        'runs': within_build(ref('dim_run')),
        'kpis': within_build(ref('dim_kpis')),
        'contracts': within_build(ref('kpi_contracts')),
        'targets': within_build(ref('kpi_targets_in_force')),
    },
) }}
