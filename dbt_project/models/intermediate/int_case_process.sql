-- Does a repair follow diagnosis, parts request, repair? Looked at where a `repaired` event is; the first event of each kind
-- counts, in the order of the history (rulings A14, E4).
with firsts as (
    select
        case_id,
        min(event_number) filter (where event_type = 'diagnosed') as diagnosed_number,
        min(event_number) filter (where event_type = 'parts_requested') as parts_requested_number,
        min(event_number) filter (where event_type = 'repaired') as repaired_number
    from {{ ref('int_case_events') }}
    where event_type in ('diagnosed', 'parts_requested', 'repaired')
    group by case_id
)

select
    case_id,
    not coalesce(diagnosed_number < repaired_number, false)
    or coalesce(parts_requested_number < diagnosed_number, false)
    or coalesce(parts_requested_number > repaired_number, false) as is_deviating
from firsts
where repaired_number is not null
