-- From which instant until which each calendar says what is worked; outside it no working time is known (decision 0011).
with days as (
    select * from {{ ref('working_days') }}
),

hours as (
    select * from {{ ref('working_hours') }}
)

select
    days.calendar_id,
    {{ utc_instant('cast(min(days.day) as timestamp)', 'min(hours.time_zone)') }} as known_from,
    {{ utc_instant('cast(max(days.day) as timestamp) + interval 1 day', 'min(hours.time_zone)') }} as known_to
from days
inner join hours
    on days.calendar_id = hours.calendar_id
group by days.calendar_id
