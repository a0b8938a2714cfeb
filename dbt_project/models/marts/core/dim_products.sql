with used as (
    select product_id from {{ ref('stg_crm__tickets') }}
    union
    select product_id from {{ ref('stg_erp__work_orders') }}
),

registered as (
    select * from {{ ref('stg_erp__products') }}
),

final as (
    select
        product_id,
        coalesce(product_name, product_id) as product_name,
        coalesce(category, 'unknown') as category,
        launched_on,
        true as is_registered
    from registered
    union all
    select
        used.product_id,
        used.product_id as product_name,
        'unregistered' as category,
        null as launched_on,
        false as is_registered
    from used
    left join registered
        on used.product_id = registered.product_id
    where used.product_id is not null and registered.product_id is null
    union all
    select
        'unknown' as product_id,
        'unknown' as product_name,
        'unknown' as category,
        null as launched_on,
        true as is_registered
)

select * from final
