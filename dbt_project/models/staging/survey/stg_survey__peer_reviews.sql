with current_rows as (
    {{ current_rows('survey__peer_reviews', ['review_id']) }}
)

select
    review_id,
    _source_system as source_system,
    employee_id,
    reviewer,
    quarter,
    dimension,
    score
from current_rows
