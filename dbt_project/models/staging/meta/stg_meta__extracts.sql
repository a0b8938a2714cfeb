-- An extract counts from its own extraction time on, so a past `known_at` sees what was known then (ruling A1). Extracts
-- that were taken together are ordered by name, so that no order depends on when a file arrived.
with extracts as (
    select * from {{ source('meta', 'extracts') }}
),

run_context as (
    select * from {{ ref('stg_meta__run_context') }}
),

final as (
    select
        extracts.extract_id,
        extracts.source_system,
        extracts.mapping,
        extracts.file_name,
        extracts.bytes,
        extracts.extracted_at,
        extracts.loaded_at,
        row_number() over (order by extracts.extracted_at, extracts.file_name, extracts.extract_id) as landing_order
    from extracts
    cross join run_context
    where extracts.state = 'accepted' and extracts.extracted_at <= run_context.known_at
)

select * from final
