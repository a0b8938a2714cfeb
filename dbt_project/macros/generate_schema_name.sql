{#- Schemas are named after their layer, without the target's prefix: there is one environment per home folder. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name | trim if custom_schema_name else target.schema }}
{%- endmacro %}
