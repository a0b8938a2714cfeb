-- The case that a work order serves, its dates in its own region's zone, its cost in company currency, and the
-- technician's unit at each instant that a KPI charges it at (rulings B12, B13, B15, G1).
{%- set instants = {'requested': 'requested_at', 'arrived': 'arrived_at', 'completed': 'completed_at', 'line': 'line_at'} %}
{%- set costs = ['labour_cost', 'travel_cost', 'parts_cost', 'outsourced_cost'] %}
with orders as (
    select * from {{ ref('stg_erp__work_orders') }}
),

tickets as (
    select * from {{ ref('int_tickets_cased') }}
),

employees as (
    select * from {{ ref('int_employees_versioned') }}
),

regions as (
    select * from {{ ref('regions') }}
),

rates as (
    select * from {{ ref('exchange_rates') }}
),

run_context as (
    select * from {{ ref('stg_meta__run_context') }}
),

dated as (
    select
        orders.*,
        tickets.case_id,
        coalesce(regions.time_zone, run_context.company_zone) as time_zone,
        coalesce(orders.currency, run_context.company_currency) = run_context.company_currency as is_company_currency
    from orders
    left join tickets
        on orders.ticket_id = tickets.ticket_id
    left join regions
        on orders.region_id = regions.region_id
    cross join run_context
),

priced as (
    select
        dated.*,
        case when dated.is_company_currency then 1 else rates.rate_to_company_currency end as rate
    from dated
    left join rates
        on
            dated.currency = rates.currency
            and date_trunc('month', {{ local_date('dated.line_at', 'dated.time_zone') }}) = rates.month
)

select
    priced.*,
    -- the sum of the known components; of none of them nothing is known (B13)
    cast(
        case
            when coalesce({{ costs | map('string') | join(', ') }}) is not null
                then ({% for cost in costs %}coalesce(priced.{{ cost }}, 0){{ ' + ' if not loop.last }}{% endfor %}) * priced.rate
        end as decimal(28, 8)
    ) as cost_amount,
    cast(priced.revenue * priced.rate as decimal(28, 8)) as revenue_amount,
    {%- for name, instant in instants.items() %}
    case when priced.{{ instant }} is not null then {{ local_date('priced.' ~ instant, 'priced.time_zone') }} end as {{ name }}_date,
    case when priced.{{ instant }} is not null then coalesce(at_{{ name }}.team_id, 'unknown') end as {{ name }}_team_id{{ ',' if not loop.last }}
    {%- endfor %}
from priced
{%- for name, instant in instants.items() %}
left join employees as at_{{ name }}
    on
        priced.employee_id = at_{{ name }}.employee_id
        and priced.{{ instant }} >= at_{{ name }}.valid_from_at
        and priced.{{ instant }} < at_{{ name }}.valid_to_at
{%- endfor %}
