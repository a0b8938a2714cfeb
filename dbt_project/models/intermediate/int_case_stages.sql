-- Where the time of a stably resolved case went, between its creation and its stable resolution.
with intervals as (
    select * from {{ ref('int_ticket_intervals_timed') }}
    where is_in_cycle
),

cases as (
    select * from {{ ref('int_cases_described') }}
    where is_stage_in_source
),

visited as (
    select
        intervals.case_id,
        intervals.stage,
        intervals.calendar_seconds,
        lag(intervals.stage) over (partition by intervals.case_id order by intervals.starts_at) as previous_stage
    from intervals
    inner join cases
        on intervals.case_id = cases.case_id
)

select
    case_id,
    stage,
    count(*) filter (where previous_stage is distinct from stage) as visits,
    sum(calendar_seconds) as calendar_seconds
from visited
group by case_id, stage
