with extracts as (
    select * from {{ ref('stg_meta__extracts') }}
),

entries as (
    select * from {{ source('meta', 'extract_entries') }}
),

snapshots as (
    select
        source_system,
        contract,
        max(taken_at) as taken_at
    from {{ ref('stg_meta__snapshots') }}
    group by source_system, contract
),

final as (
    select
        extracts.extract_id,
        extracts.source_system,
        entries.contract,
        extracts.extracted_at as seen_at,
        min(case when entries.delivery = 'snapshot' then coalesce(entries.part, '') end) as part,
        extracts.extracted_at < any_value(snapshots.taken_at) as is_aged
    from entries
    inner join extracts
        on entries.extract_id = extracts.extract_id
    inner join snapshots
        on extracts.source_system = snapshots.source_system and entries.contract = snapshots.contract
    group by extracts.extract_id, extracts.source_system, entries.contract, extracts.extracted_at
)

select * from final
