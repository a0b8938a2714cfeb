-- Every staged event of a known ticket is valid, rejected with a reason, or one that a merge leaves out.
with judged as (
    select
        count(*) as events,
        count(*) filter (where rejected_because is not null) as rejected,
        count(*) filter (
            where rejected_because is null and is_merged_away and event_type in ('resolved', 'closed', 'reopened')
        ) as left_out
    from {{ ref('int_ticket_events_judged') }}
),

facts as (
    select count(*) as events from {{ ref('fct_ticket_events') }}
)

select *
from judged
cross join facts
where judged.events <> judged.rejected + judged.left_out + facts.events
