-- Cases in the backlog: who had them open from which local day on, and until which (exclusive) (ruling D16).
with open_cases as (
    select * from {{ ref('int_cases_open') }}
),

tickets as (
    select * from {{ ref('fct_tickets') }}
    where is_case
),

cases as (
    select * from {{ ref('int_cases_described') }}
),

run_context as (
    select * from {{ ref('stg_meta__run_context') }}
)

select
    open_cases.case_id,
    open_cases.team_id,
    open_cases.employment,
    open_cases.open_from,
    open_cases.open_to,
    {{ local_date('open_cases.open_from', 'cases.time_zone') }} as open_from_date,
    case when open_cases.open_to is not null then {{ local_date('open_cases.open_to', 'cases.time_zone') }} end
        as open_to_date,
    -- due later than as-of is not overdue at the end of the running day
    case when tickets.due_at < run_context.as_of then tickets.due_date end as due_date
from open_cases
inner join tickets
    on open_cases.case_id = tickets.ticket_id
inner join cases
    on open_cases.case_id = cases.case_id
cross join run_context
