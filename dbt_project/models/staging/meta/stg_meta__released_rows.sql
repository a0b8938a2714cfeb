-- Rows that were in quarantine when their file was first read and are not any more, because a correction came.
with extracts as (
    select * from {{ source('meta', 'extracts') }}
),

corrected as (
    select
        extracts.extract_id,
        extracts.source_system,
        extracts.sha256,
        extracts.mapping_fingerprint
    from extracts
    inner join {{ ref('stg_meta__extracts') }} as accepted
        on extracts.extract_id = accepted.extract_id
    where len(coalesce(extracts.corrections, [])) > 0
),

corrections as (
    select * from {{ source('meta', 'corrections') }}
),

quarantine as (
    select * from {{ source('meta', 'quarantine') }}
),

-- what any earlier reading of the same bytes under the same mapping set aside
set_aside as (
    select
        corrected.extract_id,
        corrected.source_system,
        corrected.sha256,
        quarantine.entry,
        quarantine.row_number,
        any_value(quarantine.contract) as contract,
        any_value(quarantine.file_name) as file_name,
        arg_min(quarantine.column_name, earlier.loaded_at) as column_name,
        arg_min(quarantine.reason_code, earlier.loaded_at) as reason_code
    from corrected
    inner join extracts as earlier
        on
            corrected.source_system = earlier.source_system
            and corrected.sha256 = earlier.sha256
            and corrected.mapping_fingerprint = earlier.mapping_fingerprint
            and corrected.extract_id <> earlier.extract_id
    inner join quarantine
        on earlier.extract_id = quarantine.extract_id
    group by all
),

final as (
    select
        set_aside.extract_id,
        set_aside.entry,
        set_aside.contract,
        set_aside.file_name,
        set_aside.row_number,
        set_aside.column_name,
        set_aside.reason_code,
        -- a row that conflicted is free when the other one was corrected
        coalesce(
            max_by(corrections.correction_name, corrections.landed_at) filter (
                where list_contains(corrections.row_numbers, set_aside.row_number)
            ),
            max_by(corrections.correction_name, corrections.landed_at)
        ) as released_by_file,
        coalesce(
            max(corrections.landed_at) filter (where list_contains(corrections.row_numbers, set_aside.row_number)),
            max(corrections.landed_at)
        ) as released_at
    from set_aside
    inner join corrections
        on set_aside.source_system = corrections.source_system and set_aside.sha256 = corrections.sha256
    where not exists (
        select 1 from quarantine
        where
            quarantine.extract_id = set_aside.extract_id
            and quarantine.entry = set_aside.entry
            and quarantine.row_number = set_aside.row_number
    )
    group by all
)

select * from final
