with identities as (
    select
        pseudonym,
        identifier as customer_number
    from {{ ref('stg_meta__identities') }}
    where kind = 'customer'
)

select
    identities.pseudonym as customer_id,
    identities.customer_number,
    customers.customer_name,
    customers.phone
from identities
left join {{ ref('stg_crm__customer_names') }} as customers
    on identities.pseudonym = customers.customer_id
