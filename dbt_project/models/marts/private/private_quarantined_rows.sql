select
    extract_id,
    entry,
    contract,
    file_name,
    row_number,
    column_name,
    reason_code,
    reason,
    row_text
from {{ ref('stg_meta__quarantine_texts') }}
