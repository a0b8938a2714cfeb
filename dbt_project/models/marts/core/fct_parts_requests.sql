-- Parts lines, charged to the technician of their work order, else to who owned the ticket then.
with requests as (
    select * from {{ ref('stg_erp__parts_requests') }}
),

orders as (
    select * from {{ ref('int_work_orders_placed') }}
),

tickets as (
    select * from {{ ref('fct_tickets') }}
),

described as (
    select * from {{ ref('int_cases_described') }}
),

owners as (
    select * from {{ ref('int_case_owners') }}
),

employees as (
    select * from {{ ref('int_employees_versioned') }}
),

regions as (
    select * from {{ ref('regions') }}
),

run_context as (
    select * from {{ ref('stg_meta__run_context') }}
),

placed as (
    select
        requests.*,
        coalesce(tickets.case_id, orders.case_id) as case_id,
        orders.region_id as order_region_id,
        orders.product_id as order_product_id,
        orders.employee_id
    from requests
    left join orders
        on requests.work_order_id = orders.work_order_id
    left join tickets
        on coalesce(requests.ticket_id, orders.ticket_id) = tickets.ticket_id
),

owned as (
    select
        placed.*,
        {%- for name in ['requested', 'available'] %}
        coalesce(owners_{{ name }}.team_id, described.ticket_team_id) as {{ name }}_owner_team_id,
        case
            when owners_{{ name }}.is_agent_named then owners_{{ name }}.agent_id else described.ticket_agent_id
        end as {{ name }}_owner_agent_id{{ ',' if not loop.last }}
        {%- endfor %}
    from placed
    left join described
        on placed.case_id = described.case_id
    left join owners as owners_requested
        on
            placed.case_id = owners_requested.case_id
            and placed.requested_at >= owners_requested.owned_from
            and placed.requested_at < coalesce(owners_requested.owned_to, timestamp '9999-12-31')
    left join owners as owners_available
        on
            placed.case_id = owners_available.case_id
            and placed.available_at >= owners_available.owned_from
            and placed.available_at < coalesce(owners_available.owned_to, timestamp '9999-12-31')
)

select
    owned.request_id,
    owned.source_system,
    owned.work_order_id,
    cases.ticket_id,
    owned.case_id,
    coalesce(cases.is_case, true) as is_counted,
    coalesce(owned.order_region_id, cases.region_id, 'unknown') as region_id,
    coalesce(owned.order_product_id, cases.product_id, 'unknown') as product_id,
    {{ case_attributes('cases') }},
    owned.part_id,
    owned.quantity,
    owned.supply,
    owned.was_in_stock,
    owned.unit_cost,
    owned.requested_at,
    owned.available_at,
    {{ local_date('owned.requested_at', 'coalesce(regions.time_zone, run_context.company_zone)') }} as requested_date,
    case
        when owned.available_at is not null
            then {{ local_date('owned.available_at', 'coalesce(regions.time_zone, run_context.company_zone)') }}
    end as available_date,
    cast({{ calendar_seconds('owned.requested_at', 'owned.available_at') }} as decimal(18, 6)) as lead_calendar_seconds,
    {%- for name in ['requested', 'available'] %}
    case
        when owned.employee_id is not null then coalesce(technician_{{ name }}.team_id, 'unknown')
        else coalesce(owned.{{ name }}_owner_team_id, 'unknown')
    end as {{ name }}_team_id,
    coalesce(
        case
            when owned.employee_id is not null then technician_{{ name }}.employment
            else owner_{{ name }}.employment
        end,
        'unknown'
    ) as {{ name }}_employment{{ ',' if not loop.last }}
    {%- endfor %}
from owned
left join tickets as cases
    on owned.case_id = cases.ticket_id
left join regions
    on coalesce(owned.order_region_id, cases.region_id) = regions.region_id
{{ employed_at('technician_requested', 'owned.employee_id', 'owned.requested_at') }}
{{ employed_at('technician_available', 'owned.employee_id', 'owned.available_at') }}
{{ employed_at('owner_requested', 'owned.requested_owner_agent_id', 'owned.requested_at') }}
{{ employed_at('owner_available', 'owned.available_owner_agent_id', 'owned.available_at') }}
cross join run_context
