{#- Rows of a landing table that count: of accepted extracts known at `known_at`, and of each key the version that is
    in force: newest `version_column` (null loses), then latest landing (rulings A13, B1-B3). -#}
{% macro current_rows(contract_table, key, version_column=none) %}
    select
        landed.*,
        extracts.landing_order as _landing_order
    from {{ source('raw', contract_table) }} as landed
    inner join {{ ref('stg_meta__extracts') }} as extracts
        on landed._extract_id = extracts.extract_id
    qualify row_number() over (
        partition by {{ key | join(', ') }}
        order by
            {% if version_column %}{{ version_column }} desc nulls last,{% endif %}
            extracts.landing_order desc,
            landed._row_number desc
    ) = 1
{% endmacro %}

{#- An instant that lies after `as_of` has not happened yet in this build. -#}
{% macro visible(instant) -%}
    case when {{ instant }} <= run_context.as_of then {{ instant }} end
{%- endmacro %}
