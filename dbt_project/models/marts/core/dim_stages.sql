select
    stage,
    starts_with,
    ends_with,
    position
from {{ ref('stages') }}
