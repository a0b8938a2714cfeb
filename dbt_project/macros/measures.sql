{#- The facts that KPIs are made of, each with a view of contributions and, by slice and period, the sums of its
    measures: the one list that tables, ad-hoc questions, traces and tests share.
    shape      flow: measures of a period add up;  stock: contributions are changes, a period shows where they led;
               stages: hours per stage over cases that are counted once for all stages;
               periods: like flow, but each contribution belongs to one kind of period only
    id         column that names a row of the fact
    measures   their names; by cohort of contributions ('cohorts') where each cohort has its own: sums are then made of the
               rows that have them
    ageing     of a stock: a measure that grows by a second per second and unit of another one (its contributions hold what
               it would be at the epoch)
    durations  medians and P90 are taken of: KPI, contribution column (seconds), seconds per unit -#}
{% macro measure_facts() -%}
    {%- set resolution_times = [] -%}
    {%- for name in resolution_durations() -%}
        {%- do resolution_times.append({
            'kpi_key': 'resolution_hours_' ~ name,
            'column': 'resolution_' ~ name ~ '_seconds_at_owner',
            'seconds_per_unit': 3600,
        }) -%}
    {%- endfor -%}
    {%- set facts = {
        'tickets': {
            'id': 'ticket_id',
            'shape': 'flow',
            'cohorts': {
                'created': [
                    'tickets_created', 'promised_cases', 'resolution_evident_cases', 'typed_cases',
                    'transfer_evident_cases', 'transferred_cases', 'escalation_evident_cases', 'escalated_cases',
                ],
                'answered': [
                    'response_cases', 'response_evident_cases', 'answered_cases', 'first_response_seconds',
                    'response_judged_cases', 'response_on_time_cases', 'response_pending_cases',
                    'half_hour_judged_cases', 'half_hour_cases', 'half_hour_pending_cases', 'complaints_asking',
                    'complaints_response_evident', 'complaints_response_judged', 'complaints_answered_on_time',
                    'complaints_response_pending',
                ],
                'resolved': [
                    'tickets_resolved', 'typed_resolved_cases', 'waits_evident_cases', 'worked_cases',
                    'waits_worked_cases', 'idle_evident_cases', 'idle_cases', 'idle_seconds', 'contact_judged_cases',
                    'first_contact_cases', 'contact_net_judged_cases', 'first_contact_net_cases',
                    'contact_net_pending_cases', 'repeat_7d_judged_cases', 'repeated_7d_cases',
                    'repeat_30d_judged_cases', 'repeated_30d_cases', 'repeat_30d_pending_cases',
                    'callback_judged_cases', 'called_back_cases', 'attempt_judged_cases', 'attempted_cases',
                    'complaints_resolved', 'complaints_callback_judged', 'complaints_called_back',
                    'complaints_loop_judged', 'complaint_loops_closed', 'repairs_resolved',
                    'process_evident_repairs', 'process_judged_repairs', 'process_deviating_repairs',
                    'parts_delay_judged_repairs', 'parts_delayed_repairs', 'mode_known_cases', 'remote_cases',
                    'self_service_cases', 'parts_wait_cases', 'parts_wait_seconds', 'parts_share_seconds',
                    'parts_share_cases', 'staged_cases', 'timed_cases', 'cycle_seconds',
                ],
                'shared': [
                    'resolved_share', 'worked_share', 'waits_share', 'waits_worked_share',
                    'resolution_customer_calendar_seconds', 'resolution_customer_working_seconds',
                    'resolution_service_calendar_seconds', 'resolution_service_working_seconds',
                    'resolution_own_calendar_seconds', 'resolution_own_working_seconds',
                ],
                'standing': [
                    'tickets_provisionally_resolved',
                ],
                'first_resolved': [
                    'tickets_first_resolved', 'reopening_evident_cases', 'reopening_judged_cases', 'reopened_cases',
                    'reopening_pending_cases',
                ],
                'due': [
                    'due_cases', 'resolved_on_time_cases', 'resolution_pending_cases', 'resolved_due_cases',
                    'complaints_due', 'complaint_closing_judged_cases', 'complaints_closed_on_time',
                ],
                'praised': [
                    'praise_cases', 'praised_cases',
                ],
                'complained': [
                    'complaints_created',
                ],
            },
            'durations': [
                {'kpi_key': 'first_response_minutes', 'column': 'first_response_seconds', 'seconds_per_unit': 60},
            ] + resolution_times,
        },
        'ticket_stages': {
            'id': 'ticket_id',
            'shape': 'stages',
            'measures': ['stage_candidates', 'stage_cases', 'stage_timed_cases', 'stage_seconds', 'stage_cycle_seconds'],
        },
        'open_cases': {
            'id': 'ticket_id',
            'shape': 'stock',
            'measures': ['backlog_evident_cases', 'backlog_cases', 'open_cases', 'overdue_cases', 'open_age_seconds'],
            'ageing': {'open_age_seconds': 'open_cases'},
        },
        'survey_responses': {
            'id': 'response_id',
            'shape': 'flow',
            'measures': [
                'responses_answered', 'csat_responses', 'csat_points', 'csat_top2_responses',
                'attitude_responses', 'attitude_points', 'efficiency_responses', 'efficiency_points',
                'nps_responses', 'nps_promoters', 'nps_detractors', 'nps_balance',
                'responses_invited', 'invitations_answered',
                'commented_responses', 'hidden_complaints',
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
            'measures': [
                'inspections', 'record_inspections', 'fields_required', 'fields_complete', 'script_judged', 'script_followed',
                'attitude_inspections', 'attitude_inspection_points',
            ],
        },
        'collaborations': {
            'id': 'collaboration_id',
            'shape': 'flow',
            'measures': [
                'collaborations_requested', 'collaborations_answered', 'collaboration_response_seconds',
                'collaborations_evident', 'collaborations_judged', 'collaborations_on_time', 'collaborations_pending',
            ],
        },
        'training_records': {
            'id': 'record_id',
            'shape': 'flow',
            'measures': [
                'training_records', 'timed_training_records', 'training_hours',
                'certifications_held', 'certifications_judged', 'certifications_passed',
            ],
        },
        'knowledge_articles': {
            'id': 'article_id',
            'shape': 'flow',
            'measures': ['articles_published'],
        },
        'peer_reviews': {
            'id': 'review_id',
            'shape': 'flow',
            'measures': ['peer_reviews', 'peer_review_points', 'innovation_reviews', 'innovation_points'],
        },
        'revenue': {
            'id': 'revenue_line_id',
            'shape': 'flow',
            'measures': ['revenue_lines', 'known_revenue_lines', 'earning_revenue_lines', 'service_revenue_amount', 'maintenance_plan_amount'],
        },
        'parts_stock': {
            'id': 'stock_line_id',
            'shape': 'flow',
            'measures': ['stock_lines', 'known_stock_lines', 'valued_stock_lines', 'yearly_consumed_value', 'stock_value'],
        },
        'staff_periods': {
            'id': 'employee_id',
            'shape': 'periods',
            'measures': ['heads_at_start', 'heads_kept', 'heads_at_end', 'heads_trained'],
        },
        'headcount': {
            'id': 'employee_id',
            'shape': 'stock',
            'measures': ['heads'],
        },
    } -%}
    {%- for described in facts.values() if 'cohorts' in described -%}
        {%- do described.update({'measures': described.cohorts.values() | sum(start=[])}) -%}
    {%- endfor -%}
    {{ return(facts) }}
{%- endmacro %}

{#- The resolution times: whose time is left, and by which clock (rulings A17, D3, D4). -#}
{% macro resolution_durations() -%}
    {{ return([
        'customer_calendar', 'customer_working', 'service_calendar', 'service_working', 'own_calendar', 'own_working',
    ]) }}
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
