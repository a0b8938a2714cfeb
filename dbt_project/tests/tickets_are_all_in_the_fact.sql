-- No ticket is lost or multiplied between staging and the fact.
with staged as (
    select count(*) as tickets from {{ ref('stg_crm__tickets') }}
),

facts as (
    select count(*) as tickets from {{ ref('fct_tickets') }}
)

select
    staged.tickets as staged_tickets,
    facts.tickets as fact_tickets
from staged
cross join facts
where staged.tickets <> facts.tickets
