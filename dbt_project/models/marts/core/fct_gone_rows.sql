select
    contract,
    source_system,
    row_key,
    row_id,
    last_seen_at,
    gone_since
from {{ ref('stg_meta__gone_rows') }}
