select
    build_id,
    run_id,
    as_of,
    known_at,
    company_zone,
    company_calendar_id,
    company_currency
from {{ source('meta', 'run_context') }}
