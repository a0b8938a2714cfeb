-- Resolution time is charged by the working time that each team held the case between creation and stable
-- resolution; by calendar time where that is 0, or not known because the calendar does not reach over the whole of it
-- (decision 0012); to the owner at resolution where nobody owned it (ruling D5).
with cases as (
    select * from {{ ref('int_cases_described') }}
),

resolved as (
    select * from {{ ref('int_cases_resolved') }}
),

owned as (
    select * from {{ ref('int_cases_owned') }}
),

owners as (
    select * from {{ ref('int_case_owners') }}
),

intervals as (
    select * from {{ ref('int_working_intervals') }}
),

calendars as (
    select * from {{ ref('int_working_calendars') }}
),

held as (
    select
        owners.case_id,
        owners.team_id,
        cases.calendar_id,
        coalesce(
            cases.case_opened_at >= calendars.known_from and resolved.stable_resolved_at <= calendars.known_to, false
        ) as is_working_known,
        case when owners.owned_from > cases.case_opened_at then owners.owned_from else cases.case_opened_at end
            as held_from,
        case
            when owners.owned_to < resolved.stable_resolved_at then owners.owned_to
            else resolved.stable_resolved_at
        end as held_to
    from owners
    inner join cases
        on owners.case_id = cases.case_id
    inner join resolved
        on owners.case_id = resolved.case_id
    left join calendars
        on cases.calendar_id = calendars.calendar_id
    where
        owners.team_id is not null
        and owners.owned_from < resolved.stable_resolved_at
        and coalesce(owners.owned_to, resolved.stable_resolved_at) > cases.case_opened_at
),

with_start as (
    {{ with_worked_seconds('held', 'held_from', 'worked_from', 'intervals') }}
),

with_end as (
    {{ with_worked_seconds('with_start', 'held_to', 'worked_to', 'intervals') }}
),

by_team as (
    select
        case_id,
        team_id,
        sum(case when is_working_known then worked_to - worked_from else 0 end) as working_seconds,
        sum(cast({{ calendar_seconds('held_from', 'held_to') }} as decimal(18, 6))) as calendar_seconds
    from with_end
    group by case_id, team_id
),

weighed as (
    select
        *,
        sum(working_seconds) over (partition by case_id) as case_working_seconds,
        sum(calendar_seconds) over (partition by case_id) as case_calendar_seconds
    from by_team
),

shared as (
    select
        case_id,
        team_id,
        working_seconds,
        case
            when case_working_seconds > 0 then working_seconds / case_working_seconds
            when case_calendar_seconds > 0 then calendar_seconds / case_calendar_seconds
        end as share
    from weighed
    where case_working_seconds > 0 or case_calendar_seconds > 0
),

unowned as (
    select
        resolved.case_id,
        owned.resolution_team_id as team_id,
        0 as working_seconds,
        1 as share
    from resolved
    inner join owned
        on resolved.case_id = owned.case_id
    left join (select distinct case_id from shared) as shared_cases
        on resolved.case_id = shared_cases.case_id
    where resolved.stable_resolved_at is not null and shared_cases.case_id is null
),

final as (
    select * from shared
    where share > 0
    union all
    select * from unowned
)

select
    case_id,
    team_id,
    cast(working_seconds as double) as working_seconds,
    -- decimals, so that sums do not depend on the order in which threads add
    cast(share as decimal(20, 16)) as share
from final
