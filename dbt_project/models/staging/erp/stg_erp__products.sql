with current_rows as (
    {{ current_rows('erp__products', ['product_id']) }}
)

select
    product_id,
    _source_system as source_system,
    product_name,
    category,
    launched_on
from current_rows
