select
    quarantine.extract_id,
    quarantine.contract,
    quarantine.file_name,
    quarantine.row_number,
    quarantine.column_name,
    quarantine.value,
    quarantine.reason_code,
    quarantine.reason
from {{ source('meta', 'quarantine') }} as quarantine
inner join {{ ref('stg_meta__extracts') }} as extracts
    on quarantine.extract_id = extracts.extract_id
