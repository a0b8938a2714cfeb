-- The intervals on both clocks, cut at the stable resolution: every duration of a case is a sum over its rows in the cycle,
-- from creation to stable resolution. Working time outside the known calendar is unknown.
with intervals as (
    select * from {{ ref('int_ticket_intervals') }}
),

cases as (
    select * from {{ ref('int_cases_described') }}
),

resolved as (
    select * from {{ ref('int_cases_resolved') }}
),

working as (
    select * from {{ ref('int_working_intervals') }}
),

calendars as (
    select * from {{ ref('int_working_calendars') }}
),

placed as (
    select
        intervals.*,
        cases.calendar_id,
        resolved.stable_resolved_at,
        coalesce(
            intervals.starts_at < resolved.stable_resolved_at and intervals.ends_at > resolved.stable_resolved_at, false
        ) as is_cut
    from intervals
    inner join cases
        on intervals.case_id = cases.case_id
    left join resolved
        on intervals.case_id = resolved.case_id
),

cut as (
    select
        placed.* replace (
            case when placed.is_cut then placed.stable_resolved_at else placed.ends_at end as ends_at,
            placed.is_censored and not placed.is_cut as is_censored
        )
    from placed
    union all
    select placed.* replace (placed.stable_resolved_at as starts_at)
    from placed
    where placed.is_cut
),

from_start as (
    {{ with_worked_seconds('cut', 'starts_at', 'worked_at_start', 'working') }}
),

to_end as (
    {{ with_worked_seconds('from_start', 'ends_at', 'worked_at_end', 'working') }}
)

select
    to_end.case_id,
    to_end.starts_at,
    to_end.ends_at,
    to_end.is_censored,
    to_end.status,
    to_end.stage,
    to_end.responsibility,
    to_end.team_id,
    to_end.agent_id,
    coalesce(to_end.starts_at < to_end.stable_resolved_at, false) as is_in_cycle,
    cast({{ calendar_seconds('to_end.starts_at', 'to_end.ends_at') }} as decimal(18, 6)) as calendar_seconds,
    case
        when to_end.starts_at >= calendars.known_from and to_end.ends_at <= calendars.known_to
            then cast(to_end.worked_at_end - to_end.worked_at_start as decimal(18, 6))
    end as working_seconds
from to_end
left join calendars
    on to_end.calendar_id = calendars.calendar_id
