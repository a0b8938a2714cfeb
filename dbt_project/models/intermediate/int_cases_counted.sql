-- The cases that count: not deleted, not excluded by a rule, not cancelled before anybody touched them
-- (rulings B7-B9). A touch is an answer or an arrival before the cancelling.
with tickets as (
    select * from {{ ref('stg_crm__tickets') }}
),

cases as (
    select * from {{ ref('int_cases_described') }}
),

responded as (
    select * from {{ ref('int_cases_responded') }}
),

visits as (
    select * from {{ ref('int_case_visits') }}
),

excluded as (
    select * from {{ ref('int_tickets_excluded') }}
),

judged as (
    select
        cases.case_id,
        cases.case_opened_at,
        tickets.asset_id,
        tickets.customer_id,
        tickets.product_id,
        tickets.root_cause_id,
        case
            when tickets.deleted_at is not null then 'deleted'
            when excluded.rule_id is not null then excluded.rule_id
            when
                cases.is_cancelled
                and not coalesce(responded.first_response_at <= cases.cancelled_at, responded.first_response_at is not null)
                and not coalesce(cases.first_arrived_at <= cases.cancelled_at, cases.first_arrived_at is not null)
                and not coalesce(visits.first_arrived_at <= cases.cancelled_at, visits.first_arrived_at is not null)
                then 'cancelled_before_touch'
        end as exclusion_reason
    from cases
    inner join tickets
        on cases.case_id = tickets.ticket_id
    left join responded
        on cases.case_id = responded.case_id
    left join visits
        on cases.case_id = visits.case_id
    left join excluded
        on cases.case_id = excluded.ticket_id
)

select * from judged
