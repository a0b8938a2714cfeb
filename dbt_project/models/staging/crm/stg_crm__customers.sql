with current_rows as (
    {{ current_rows('crm__customers', ['customer_id']) }}
)

select
    customer_id,
    _source_system as source_system,
    customer_name,
    phone,
    segment,
    region_id,
    registered_at
from current_rows
