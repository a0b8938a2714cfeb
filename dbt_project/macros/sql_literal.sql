{#- A value of the catalogue as SQL: text quoted, null for what is absent. -#}
{% macro sql_literal(value) -%}
    {%- if value is none -%}null
    {%- elif value is number -%}{{ value }}
    {%- else -%}'{{ value | string | replace("'", "''") }}'
    {%- endif -%}
{%- endmacro %}
