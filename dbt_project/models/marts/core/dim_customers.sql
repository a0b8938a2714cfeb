select
    customer_id,
    source_system,
    coalesce(segment, 'unknown') as segment,
    coalesce(region_id, 'unknown') as region_id,
    registered_at
from {{ ref('stg_crm__customers') }}
