select
    snapshot_on,
    warehouse_id,
    part_id,
    coalesce(region_id, 'unknown') as region_id,
    source_system,
    on_hand,
    consumed,
    safety_stock,
    unit_cost
from {{ ref('stg_erp__parts_stock') }}
