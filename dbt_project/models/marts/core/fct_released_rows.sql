select
    extract_id,
    entry,
    contract,
    file_name,
    row_number,
    column_name,
    reason_code,
    released_by_file,
    released_at
from {{ ref('stg_meta__released_rows') }}
