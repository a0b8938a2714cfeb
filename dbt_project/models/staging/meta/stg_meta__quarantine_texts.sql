-- Quarantined rows as they were delivered; only models of the private file may read this one.
select
    quarantine.extract_id,
    quarantine.entry,
    quarantine.contract,
    quarantine.file_name,
    quarantine.row_number,
    quarantine.column_name,
    quarantine.reason_code,
    quarantine.reason,
    quarantine.row_text
from {{ source('meta', 'quarantine') }} as quarantine
inner join {{ ref('stg_meta__extracts') }} as extracts
    on quarantine.extract_id = extracts.extract_id
