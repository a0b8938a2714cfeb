{#- The facts that KPIs are made of, each with a view of contributions and, by slice and period, the sums of its
    measures: the one list that tables, ad-hoc questions, traces and tests share.
    shape      flow: measures of a period add up;  stock: contributions are changes, a period shows where they led;
               stages: hours per stage over cases that are counted once for all stages
    id         column that names a row of the fact
    durations  medians and P90 are taken of: KPI, contribution column (seconds), seconds per unit -#}
{% macro measure_facts() -%}
    {{ return({
        'tickets': {
            'id': 'ticket_id',
            'shape': 'flow',
            'measures': [
                'tickets_created', 'promised_cases', 'resolution_evident_cases', 'typed_cases',
                'transfer_evident_cases', 'transferred_cases', 'escalation_evident_cases', 'escalated_cases',
                'response_cases', 'response_evident_cases', 'answered_cases', 'first_response_seconds',
                'response_judged_cases', 'response_on_time_cases', 'response_pending_cases',
                'tickets_resolved', 'typed_resolved_cases', 'tickets_provisionally_resolved',
                'contact_judged_cases', 'first_contact_cases',
                'repeat_7d_judged_cases', 'repeated_7d_cases',
                'repeat_30d_judged_cases', 'repeated_30d_cases', 'repeat_30d_pending_cases',
                'callback_judged_cases', 'called_back_cases',
                'mode_known_cases', 'remote_cases', 'self_service_cases',
                'parts_wait_cases', 'parts_wait_seconds', 'parts_share_seconds', 'parts_share_cases',
                'staged_cases', 'timed_cases', 'cycle_seconds',
                'resolved_share', 'resolution_customer_calendar_seconds',
                'tickets_first_resolved', 'reopening_evident_cases', 'reopening_judged_cases', 'reopened_cases',
                'reopening_pending_cases',
                'due_cases', 'resolved_on_time_cases', 'resolution_pending_cases', 'resolved_due_cases',
                'complaints_due', 'complaint_closing_judged_cases', 'complaints_closed_on_time',
                'complaints_created',
            ],
            'durations': [
                {'kpi_key': 'first_response_minutes', 'column': 'first_response_seconds', 'seconds_per_unit': 60},
                {
                    'kpi_key': 'resolution_hours_customer_calendar',
                    'column': 'resolution_customer_calendar_seconds_at_owner',
                    'seconds_per_unit': 3600,
                },
            ],
        },
        'ticket_stages': {
            'id': 'ticket_id',
            'shape': 'stages',
            'measures': ['stage_candidates', 'stage_cases', 'stage_timed_cases', 'stage_seconds', 'stage_cycle_seconds'],
        },
        'open_cases': {
            'id': 'ticket_id',
            'shape': 'stock',
            'measures': ['backlog_evident_cases', 'backlog_cases', 'open_cases', 'overdue_cases'],
        },
        'survey_responses': {
            'id': 'response_id',
            'shape': 'flow',
            'measures': [
                'responses_answered', 'csat_responses', 'csat_points', 'csat_top2_responses',
                'attitude_responses', 'attitude_points', 'efficiency_responses', 'efficiency_points',
                'nps_responses', 'nps_promoters', 'nps_detractors', 'nps_balance',
                'responses_invited', 'invitations_answered',
            ],
        },
        'work_orders': {
            'id': 'work_order_id',
            'shape': 'flow',
            'measures': [
                'visits_arrived', 'onsite_response_seconds',
                'visits_requested', 'onsite_evident_visits', 'onsite_judged_visits', 'onsite_on_time_visits',
                'onsite_pending_visits',
                'first_visits', 'first_visits_judged', 'first_visits_fixed',
                'signature_visits', 'signature_known_visits', 'signature_missing_visits',
                'cost_lines', 'costed_lines', 'cost_amount',
                'repair_lines', 'repair_judged_lines', 'repair_revenue_lines', 'repair_cost_amount', 'repair_revenue_amount',
            ],
            'durations': [
                {
                    'kpi_key': 'onsite_response_hours',
                    'column': 'onsite_response_seconds',
                    'seconds_per_unit': 3600,
                },
            ],
        },
        'parts_requests': {
            'id': 'request_id',
            'shape': 'flow',
            'measures': [
                'parts_lines', 'parts_lines_judged', 'parts_lines_in_stock', 'parts_lines_arrived', 'parts_lead_seconds',
            ],
        },
        'quality_inspections': {
            'id': 'inspection_id',
            'shape': 'flow',
            'measures': ['inspections', 'record_inspections', 'fields_required', 'fields_complete', 'script_judged', 'script_followed'],
        },
        'collaborations': {
            'id': 'collaboration_id',
            'shape': 'flow',
            'measures': ['collaborations_requested', 'collaborations_answered', 'collaboration_response_seconds'],
        },
        'training_records': {
            'id': 'record_id',
            'shape': 'flow',
            'measures': ['certifications_held', 'certifications_judged', 'certifications_passed'],
        },
        'headcount': {
            'id': 'employee_id',
            'shape': 'stock',
            'measures': ['heads'],
        },
    }) }}
{%- endmacro %}

{#- The fact that a measure belongs to. -#}
{% macro fact_of_measure(measure) -%}
    {%- for fact, described in measure_facts().items() if measure in described.measures -%}
        {{ return(fact) }}
    {%- endfor -%}
    {{ exceptions.raise_compiler_error("no fact has a measure " ~ measure) }}
{%- endmacro %}

{% macro facts_with_durations() -%}
    {%- set found = [] -%}
    {%- for fact, described in measure_facts().items() if described.get('durations') -%}
        {%- do found.append(fact) -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}
