select
    entries.extract_id,
    entries.entry,
    entries.contract,
    entries.delivery,
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
from {{ source('meta', 'extract_entries') }} as entries
inner join {{ ref('stg_meta__extracts') }} as extracts
    on entries.extract_id = extracts.extract_id
