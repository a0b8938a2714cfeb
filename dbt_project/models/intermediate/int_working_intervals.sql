-- Dated working intervals of each calendar as UTC instants, with the seconds worked before each: elapsed working time
-- is the difference of two asof look-ups, without exploding to days or minutes.
with days as (
    select * from {{ ref('working_days') }}
),

hours as (
    select * from {{ ref('working_hours') }}
),

shifts as (
    select
        days.calendar_id,
        {{ utc_instant("cast(days.day as timestamp) + cast(hours.start_local as interval)", 'hours.time_zone') }}
            as starts_at,
        {{ utc_instant(
            "cast(days.day as timestamp) + cast(hours.end_local as interval)"
            " + case when cast(hours.end_local as interval) <= cast(hours.start_local as interval)"
            "     then interval 1 day else interval 0 day end",
            'hours.time_zone'
        ) }} as ends_at
    from days
    inner join hours
        on days.calendar_id = hours.calendar_id
    where days.kind in ('regular', 'make_up')
),

measured as (
    select
        calendar_id,
        starts_at,
        ends_at,
        (epoch_us(ends_at) - epoch_us(starts_at)) / 1000000.0 as worked_seconds
    from shifts
)

select
    calendar_id,
    starts_at,
    ends_at,
    worked_seconds,
    coalesce(
        sum(worked_seconds) over (
            partition by calendar_id
            order by starts_at
            rows between unbounded preceding and 1 preceding
        ),
        0
    ) as worked_seconds_before
from measured
