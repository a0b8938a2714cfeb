{#- The measures of each contributions view: the one list that tables, ad-hoc questions and tests share. -#}
{% macro ticket_measures() -%}
    {{ return([
        'tickets_created', 'promised_cases', 'resolution_evident_cases', 'typed_cases', 'transfer_evident_cases', 'transferred_cases',
        'response_cases', 'response_evident_cases', 'answered_cases', 'first_response_seconds',
        'response_judged_cases', 'response_on_time_cases', 'response_pending_cases',
        'tickets_resolved', 'typed_resolved_cases', 'tickets_provisionally_resolved',
        'resolved_share', 'resolution_customer_calendar_seconds',
        'tickets_first_resolved', 'reopening_evident_cases', 'reopening_judged_cases', 'reopened_cases',
        'reopening_pending_cases',
        'due_cases', 'resolved_on_time_cases', 'resolution_pending_cases',
        'complaints_created',
    ]) }}
{%- endmacro %}

{% macro survey_response_measures() -%}
    {{ return(['responses_answered', 'csat_responses', 'csat_points']) }}
{%- endmacro %}

{#- Durations whose medians and P90 are reported: KPI, contribution column (seconds), seconds per unit. -#}
{% macro ticket_durations() -%}
    {{ return([
        {'kpi_key': 'first_response_minutes', 'column': 'first_response_seconds', 'seconds_per_unit': 60},
        {
            'kpi_key': 'resolution_hours_customer_calendar',
            'column': 'resolution_customer_calendar_seconds_at_owner',
            'seconds_per_unit': 3600,
        },
    ]) }}
{%- endmacro %}
