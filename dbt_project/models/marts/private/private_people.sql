with identities as (
    select
        pseudonym,
        identifier as employee_number
    from {{ ref('stg_meta__identities') }}
    where kind = 'employee'
),

names as (
    select
        employee_id,
        arg_max(employee_name, coalesce(effective_from, date '0001-01-01')) as employee_name
    from {{ ref('stg_erp__employees') }}
    group by employee_id
)

select
    identities.pseudonym as employee_id,
    identities.employee_number,
    names.employee_name
from identities
left join names
    on identities.pseudonym = names.employee_id
