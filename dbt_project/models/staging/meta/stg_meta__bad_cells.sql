select
    bad_cells.extract_id,
    bad_cells.contract,
    bad_cells.file_name,
    bad_cells.row_number,
    bad_cells.column_name,
    bad_cells.value,
    bad_cells.reason_code,
    bad_cells.reason
from {{ source('meta', 'bad_cells') }} as bad_cells
inner join {{ ref('stg_meta__extracts') }} as extracts
    on bad_cells.extract_id = extracts.extract_id
