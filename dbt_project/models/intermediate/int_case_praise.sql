-- Cases with a survey response, from the first one on; praised by an event or by a response of 90 or more (ruling F3).
with responses as (
    select * from {{ ref('stg_survey__responses') }}
),

cased as (
    select * from {{ ref('int_tickets_cased') }}
),

contacts as (
    select * from {{ ref('int_case_contacts') }}
)

select
    cased.case_id,
    min(responses.responded_at) as first_responded_at,
    bool_or(coalesce(responses.csat_score >= 90, false)) or bool_or(coalesce(contacts.is_praised, false)) as is_praised
from responses
inner join cased
    on responses.ticket_id = cased.ticket_id
left join contacts
    on cased.case_id = contacts.case_id
where responses.responded_at is not null
group by cased.case_id
