{#- A relation of the build file as `schema.table`: the file gets its final name after dbt has written it, so a view
    inside it must not name the catalog it was made in. -#}
{% macro within_build(relation) -%}
    {{ relation.include(database=false) }}
{%- endmacro %}
