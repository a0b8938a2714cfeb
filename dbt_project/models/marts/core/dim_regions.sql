with used as (
    select region_id from {{ ref('stg_crm__tickets') }}
    union
    select region_id from {{ ref('stg_survey__responses') }}
    union
    select region_id from {{ ref('stg_erp__employees') }}
    union
    select region_id from {{ ref('stg_erp__work_orders') }}
    union
    select region_id from {{ ref('stg_erp__parts_stock') }}
    union
    select region_id from {{ ref('stg_erp__revenue') }}
    union
    select region_id from {{ ref('stg_crm__customers') }}
),

registered as (
    select * from {{ ref('regions') }}
),

final as (
    select
        region_id,
        name_en,
        name_zh,
        macro_region_en,
        macro_region_zh,
        time_zone,
        calendar_id,
        is_remote,
        true as is_registered
    from registered
    union all
    select
        used.region_id,
        used.region_id as name_en,
        used.region_id as name_zh,
        'unregistered' as macro_region_en,
        '未登记' as macro_region_zh,
        null as time_zone,
        null as calendar_id,
        null as is_remote,
        false as is_registered
    from used
    left join registered
        on used.region_id = registered.region_id
    where used.region_id is not null and registered.region_id is null
    union all
    select
        'unknown' as region_id,
        'Unknown' as name_en,
        '未知' as name_zh,
        'unknown' as macro_region_en,
        '未知' as macro_region_zh,
        null as time_zone,
        null as calendar_id,
        null as is_remote,
        true as is_registered
)

select * from final
