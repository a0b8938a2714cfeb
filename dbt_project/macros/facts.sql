{#- What a fact takes over from the case it belongs to; without a case it is unknown (rulings B6, B10, G1). -#}
{% macro case_attributes(cases) -%}
    coalesce({{ cases }}.case_type, 'unknown') as case_type,
        coalesce({{ cases }}.channel, 'unknown') as channel,
        coalesce({{ cases }}.priority, 'unknown') as priority,
        coalesce({{ cases }}.root_cause_id, 'unknown') as root_cause_id,
        {{ cases }}.customer_id
{%- endmacro %}

{#- The person's version in force at an instant. -#}
{% macro employed_at(alias, person, instant) -%}
    left join employees as {{ alias }}
        on
            {{ person }} = {{ alias }}.employee_id
            and {{ instant }} >= {{ alias }}.valid_from_at
            and {{ instant }} < {{ alias }}.valid_to_at
{%- endmacro %}
