select
    entries.extract_id,
    entries.entry,
    extracts.source_system,
    extracts.mapping,
    extracts.file_name,
    entries.contract,
    entries.delivery,
    extracts.extracted_at,
    extracts.loaded_at,
    entries.rows_read,
    entries.rows_loaded,
    entries.rows_rejected,
    entries.rows_quarantined,
    entries.rows_folded,
    entries.rows_filtered,
    entries.rows_identical,
    entries.rows_conflicting,
    entries.bad_cells,
    entries.first_instant,
    entries.last_instant,
    entries.mapped_columns,
    entries.unmapped_columns
from {{ ref('stg_meta__extract_entries') }} as entries
inner join {{ ref('stg_meta__extracts') }} as extracts
    on entries.extract_id = extracts.extract_id
