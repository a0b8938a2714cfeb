{{ config(materialized='view') }}
{{ kpi_figures(figure_relations()) }}
