select
    response_id,
    ticket_id,
    comment
from {{ ref('stg_survey__responses') }}
where comment is not null
