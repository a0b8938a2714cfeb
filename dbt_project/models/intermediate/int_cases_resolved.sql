-- The stable resolution is the first one that stood for 7 x 24 h, and it is frozen: a later reopening never re-dates
-- it (rulings A5, D1). A resolution that still stands inside the window is provisional.
with resolutions as (
    select * from {{ ref('int_case_resolutions') }}
),

run_context as (
    select * from {{ ref('stg_meta__run_context') }}
),

judged as (
    select
        resolutions.*,
        resolutions.resolved_at + interval 168 hours <= run_context.as_of as is_mature,
        coalesce(resolutions.reopened_at < resolutions.resolved_at + interval 168 hours, false) as is_reopened_in_window
    from resolutions
    cross join run_context
)

select
    case_id,
    min(resolved_at) filter (where resolution_number = 1) as first_resolved_at,
    bool_or(is_reopened_in_window) filter (where resolution_number = 1) as is_first_reopened_in_window,
    bool_or(is_mature) filter (where resolution_number = 1) as is_first_mature,
    min(resolved_at) filter (where is_mature and not is_reopened_in_window) as stable_resolved_at,
    max(resolved_at) filter (where not is_mature and reopened_at is null) as standing_resolved_at,
    max(resolved_at) filter (where reopened_at is null) is not null as is_resolved_now
from judged
group by case_id
