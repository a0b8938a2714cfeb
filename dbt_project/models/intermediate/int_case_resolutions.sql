-- A resolution is a `resolved`, or a `closed` when none is pending (ruling D2); it stands until the next `reopened`.
-- Tickets without any event have their resolution in their columns. Cancelled and merged-away tickets have none.
with cases as (
    select * from {{ ref('int_cases_described') }}
),

events as (
    select * from {{ ref('int_case_events') }}
),

turns as (
    select
        case_id,
        occurred_at,
        event_number,
        event_type = 'reopened' as is_reopening,
        lag(event_type = 'reopened') over (partition by case_id order by event_number) as is_after_reopening
    from events
    where
        event_type in ('resolved', 'closed', 'reopened')
        and status is distinct from 'cancelled'
),

-- of a run of equal turns only the first one changes anything
changes as (
    select
        case_id,
        occurred_at,
        event_number,
        is_reopening,
        lead(occurred_at) over (partition by case_id order by event_number) as next_changed_at
    from turns
    where is_after_reopening is distinct from is_reopening
),

from_events as (
    select
        changes.case_id,
        changes.occurred_at as resolved_at,
        changes.next_changed_at as reopened_at
    from changes
    inner join cases
        on changes.case_id = cases.case_id
    where not changes.is_reopening and not cases.is_cancelled
),

from_columns as (
    select
        case_id,
        coalesce(column_resolved_at, column_closed_at) as resolved_at,
        cast(null as timestamp) as reopened_at
    from cases
    where
        not is_cancelled
        and not takes_resolution_from_events
        and coalesce(column_resolved_at, column_closed_at) >= case_opened_at
),

final as (
    select * from from_events
    union all
    select * from from_columns
)

select
    case_id,
    resolved_at,
    reopened_at,
    row_number() over (partition by case_id order by resolved_at) as resolution_number
from final
