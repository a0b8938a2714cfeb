-- Free text is personal: only models of the private file may read this one.
with current_rows as (
    {{ current_rows('crm__tickets', ['ticket_id'], 'updated_at', gone='told') }}
)

select
    ticket_id,
    subject,
    description
from current_rows
where subject is not null or description is not null
