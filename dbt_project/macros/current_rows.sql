{#- Rows of a landing table that count: of accepted extracts known at `known_at`, and of each key the version that is
    in force: newest `version_column` (null loses), then the extract that was taken last (rulings A13, B1-B3). A key that
    the newest snapshot no longer has is gone; with `gone='told'` its row stays, with `_gone_since`. Keys are counted by
    their hash, eight bytes a row: only rows whose hash occurs again are sorted, the others are in force as they are. -#}
{% macro current_rows(contract_table, key, version_column=none, gone='dropped') %}
    {%- set listed = 'landed.' ~ key | join(', landed.') %}
    {%- set key_hash = 'hash(' ~ listed ~ ')' %}
    {%- set counted %}
    from {{ source('raw', contract_table) }} as landed
    inner join {{ ref('stg_meta__extracts') }} as extracts
        on landed._extract_id = extracts.extract_id
    left join {{ ref('stg_meta__gone_rows') }} as gone
        on
            gone.contract = '{{ contract_table | replace('__', '.') }}'
            and gone.source_system = landed._source_system
            and gone.gone_hash = {{ key_hash }}
            and gone.gone_check = hash({{ listed }}, 'gone')
    {%- endset %}
    {%- set counts = 'gone.gone_since is null' if gone == 'dropped' else 'true' %}
    {%- set repeated %}
        select {{ key_hash }} as key_hash
        {{- counted }}
        where {{ counts }}
        group by key_hash
        having count(*) > 1
    {%- endset %}
    select
        landed.*,
        extracts.landing_order as _landing_order,
        gone.gone_since as _gone_since
    {{- counted }}
    where {{ counts }} and {{ key_hash }} not in ({{ repeated }})
    union all
    select
        landed.*,
        extracts.landing_order as _landing_order,
        gone.gone_since as _gone_since
    {{- counted }}
    where {{ counts }} and {{ key_hash }} in ({{ repeated }})
    qualify row_number() over (
        partition by {{ key | join(', ') }}
        order by
            -- of two systems the one that still has the key
            gone.gone_since is not null,
            {% if version_column %}{{ version_column }} desc nulls last,{% endif %}
            extracts.landing_order desc,
            landed._row_number desc
    ) = 1
{% endmacro %}

{#- Keys of a landing table that the newest snapshot of their system and part no longer has. -#}
{% macro gone_rows(contract_table, key) %}
    {%- set contract = contract_table | replace('__', '.') %}
    {%- set listed = key | join(', ') %}
    {%- set texts = [] %}
    {%- for name in key %}{% do texts.append('cast(' ~ name ~ ' as varchar)') %}{% endfor %}
    {%- set row_key = 'cast(to_json([' ~ texts | join(', ') ~ ']) as varchar)' %}
    select
        '{{ contract }}' as contract,
        aged.source_system,
        aged.row_key,
        any_value(aged.row_id) as row_id,
        any_value(aged.gone_hash) as gone_hash,
        any_value(aged.gone_check) as gone_check,
        any_value(aged.last_seen_at) as last_seen_at,
        max(snapshots.taken_at) as gone_since
    from (
        select
            source_system,
            row_key,
            any_value(row_id) as row_id,
            any_value(gone_hash) as gone_hash,
            any_value(gone_check) as gone_check,
            max(seen_at) as last_seen_at,
            arg_max(part, seen_at) as part
        from (
            select
                landed._source_system as source_system,
                {{ row_key }} as row_key,
                cast(landed.{{ key[0] }} as varchar) as row_id,
                hash({{ listed }}) as gone_hash,
                hash({{ listed }}, 'gone') as gone_check,
                seen.seen_at,
                seen.part
            from {{ source('raw', contract_table) }} as landed
            inner join {{ ref('stg_meta__sightings') }} as seen
                on landed._extract_id = seen.extract_id and seen.contract = '{{ contract }}'
            where
                -- a key of which no row is older than a snapshot is there
                hash({{ listed }}) in (
                    select hash({{ listed }})
                    from {{ source('raw', contract_table) }}
                    where _extract_id in (
                        select extract_id from {{ ref('stg_meta__sightings') }}
                        where contract = '{{ contract }}' and is_aged
                    )
                )
            union all
            -- a row in quarantine is there, whatever is wrong with it (ruling B1)
            select
                seen.source_system,
                quarantined.row_key,
                null as row_id,
                null as gone_hash,
                null as gone_check,
                seen.seen_at,
                seen.part
            from {{ source('meta', 'quarantine') }} as quarantined
            inner join {{ ref('stg_meta__sightings') }} as seen
                on quarantined.extract_id = seen.extract_id and quarantined.contract = seen.contract
            where seen.contract = '{{ contract }}' and quarantined.row_key is not null
        )
        group by source_system, row_key
        having count(gone_hash) > 0
    ) as aged
    -- a key that no snapshot ever had may be in any of the parts
    inner join (
        select distinct source_system, part
        from {{ ref('stg_meta__snapshots') }}
        where contract = '{{ contract }}'
    ) as parts
        on aged.source_system = parts.source_system and (aged.part is null or aged.part = parts.part)
    asof left join (
        select source_system, part, taken_at
        from {{ ref('stg_meta__snapshots') }}
        where contract = '{{ contract }}'
    ) as snapshots
        on
            parts.source_system = snapshots.source_system
            and parts.part = snapshots.part
            and aged.last_seen_at < snapshots.taken_at
    group by aged.source_system, aged.row_key
    having count(*) = count(snapshots.taken_at)
{% endmacro %}

{#- An instant that lies after `as_of` has not happened yet in this build. -#}
{% macro visible(instant) -%}
    case when {{ instant }} <= run_context.as_of then {{ instant }} end
{%- endmacro %}
