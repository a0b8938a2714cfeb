-- Where the time of a stably resolved case went, between its creation and its stable resolution.
with intervals as (
    select * from {{ ref('int_ticket_intervals') }}
),

cases as (
    select * from {{ ref('int_cases_described') }}
),

resolved as (
    select * from {{ ref('int_cases_resolved') }}
),

clipped as (
    select
        intervals.case_id,
        intervals.stage,
        intervals.starts_at,
        case
            when intervals.ends_at < resolved.stable_resolved_at then intervals.ends_at
            else resolved.stable_resolved_at
        end as ends_at,
        lag(intervals.stage) over (partition by intervals.case_id order by intervals.starts_at) as previous_stage
    from intervals
    inner join cases
        on intervals.case_id = cases.case_id
    inner join resolved
        on intervals.case_id = resolved.case_id
    where intervals.starts_at < resolved.stable_resolved_at and cases.is_stage_in_source
)

select
    case_id,
    stage,
    count(*) filter (where previous_stage is distinct from stage) as visits,
    sum(cast({{ calendar_seconds('starts_at', 'ends_at') }} as decimal(18, 6))) as calendar_seconds
from clipped
group by case_id, stage
