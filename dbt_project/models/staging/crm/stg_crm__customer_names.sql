-- Direct identifiers: only models of the private file may read this one.
with current_rows as (
    {{ current_rows('crm__customers', ['customer_id']) }}
)

select
    customer_id,
    customer_name,
    phone
from current_rows
