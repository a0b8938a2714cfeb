-- Names and telephone numbers are in stg_crm__customer_names: only models of the private file may read those.
with current_rows as (
    {{ current_rows('crm__customers', ['customer_id']) }}
)

select
    customer_id,
    _source_system as source_system,
    segment,
    region_id,
    registered_at
from current_rows
