with registered as (
    select * from {{ ref('int_employees_versioned') }}
),

used as (
    select agent_id from {{ ref('stg_crm__tickets') }}
    union
    select agent_id from {{ ref('stg_crm__ticket_events') }}
    union
    select agent_id from {{ ref('stg_survey__responses') }}
    union
    select employee_id as agent_id from {{ ref('stg_erp__work_orders') }}
    union
    select agent_id from {{ ref('stg_crm__quality_inspections') }}
    union
    select employee_id as agent_id from {{ ref('stg_erp__training_records') }}
),

final as (
    select
        employee_id,
        version_number,
        role,
        team_id,
        region_id,
        employment,
        hired_on,
        left_on,
        valid_from,
        valid_to,
        true as is_registered
    from registered
    union all
    select
        used.agent_id as employee_id,
        1 as version_number,
        null as role,
        null as team_id,
        null as region_id,
        null as employment,
        null as hired_on,
        null as left_on,
        date '0001-01-01' as valid_from,
        date '9999-12-31' as valid_to,
        false as is_registered
    from used
    left join registered
        on used.agent_id = registered.employee_id
    where used.agent_id is not null and registered.employee_id is null
)

select * from final
