{#- Rows of a landing table that count: of accepted extracts known at `known_at`, and of each key the version that is
    in force: newest `version_column` (null loses), then latest landing (rulings A13, B1-B3). Keys are counted by their hash,
    eight bytes a row: only rows whose hash occurs again are sorted, the others are in force as they are. -#}
{% macro current_rows(contract_table, key, version_column=none) %}
    {%- set key_hash = 'hash(landed.' ~ key | join(', landed.') ~ ')' %}
    {%- set counted %}
    from {{ source('raw', contract_table) }} as landed
    inner join {{ ref('stg_meta__extracts') }} as extracts
        on landed._extract_id = extracts.extract_id
    {%- endset %}
    {%- set repeated %}
        select {{ key_hash }} as key_hash
        {{- counted }}
        group by key_hash
        having count(*) > 1
    {%- endset %}
    select
        landed.*,
        extracts.landing_order as _landing_order
    {{- counted }}
    where {{ key_hash }} not in ({{ repeated }})
    union all
    select
        landed.*,
        extracts.landing_order as _landing_order
    {{- counted }}
    where {{ key_hash }} in ({{ repeated }})
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
