-- Only of a whole snapshot it can be said what it no longer has: all of its files are in force, and every row of it
-- tells its key.
with extracts as (
    select * from {{ ref('stg_meta__extracts') }}
),

entries as (
    select * from {{ source('meta', 'extract_entries') }}
),

not_in_force as (
    select
        source_system,
        extracted_at,
        file_name,
        unnest(contracts) as contract
    from {{ source('meta', 'extracts') }}
    where state in ('candidate', 'refused', 'withdrawn')
),

lacking as (
    select distinct
        not_in_force.source_system,
        not_in_force.contract,
        not_in_force.extracted_at
    from not_in_force
    where not exists (
        select 1 from extracts
        where
            extracts.source_system = not_in_force.source_system
            and extracts.extracted_at = not_in_force.extracted_at
            and extracts.file_name = not_in_force.file_name
    )
),

snapshots as (
    select
        extracts.source_system,
        entries.contract,
        coalesce(entries.part, '') as part,
        extracts.extracted_at as taken_at
    from entries
    inner join extracts
        on entries.extract_id = extracts.extract_id
    where entries.delivery = 'snapshot'
    group by all
    having
        sum(
            coalesce(
                entries.rows_without_key,
                entries.rows_rejected + entries.rows_quarantined + entries.rows_conflicting
            )
        ) = 0
),

final as (
    select snapshots.*
    from snapshots
    left join lacking
        on
            snapshots.source_system = lacking.source_system
            and snapshots.contract = lacking.contract
            and snapshots.taken_at = lacking.extracted_at
    where lacking.contract is null
)

select * from final
