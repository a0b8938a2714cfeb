{#- What a fact takes over from the case it belongs to; without a case it is unknown (rulings B6, B10, G1). -#}
{% macro case_attributes(cases, is_warranty=none) -%}
    coalesce({{ cases }}.case_type, 'unknown') as case_type,
        coalesce({{ cases }}.channel, 'unknown') as channel,
        coalesce({{ cases }}.priority, 'unknown') as priority,
        coalesce({{ cases }}.root_cause_id, 'unknown') as root_cause_id,
        {{ cases }}.customer_id,
        {% if is_warranty %}coalesce({{ warranty(is_warranty) }}, {{ cases }}.warranty, 'unknown')
        {%- else %}coalesce({{ cases }}.warranty, 'unknown')
        {%- endif %} as warranty
{%- endmacro %}

{#- Who pays, by the flag of a ticket or a work order. -#}
{% macro warranty(flag) -%}
    case {{ flag }} when true then 'warranty' when false then 'paid' end
{%- endmacro %}

{#- The person's version in force at an instant. -#}
{% macro employed_at(alias, person, instant) -%}
    left join employees as {{ alias }}
        on
            {{ person }} = {{ alias }}.employee_id
            and {{ instant }} >= {{ alias }}.valid_from_at
            and {{ instant }} < {{ alias }}.valid_to_at
{%- endmacro %}
