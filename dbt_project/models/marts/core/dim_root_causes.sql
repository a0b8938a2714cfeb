with used as (
    select distinct root_cause_id from {{ ref('stg_crm__tickets') }}
),

registered as (
    select * from {{ ref('root_causes') }}
),

final as (
    select
        root_cause_id,
        name_en,
        name_zh,
        category,
        true as is_registered
    from registered
    union all
    select
        used.root_cause_id,
        used.root_cause_id as name_en,
        used.root_cause_id as name_zh,
        'unregistered' as category,
        false as is_registered
    from used
    left join registered
        on used.root_cause_id = registered.root_cause_id
    where used.root_cause_id is not null and registered.root_cause_id is null
    union all
    select
        'unknown' as root_cause_id,
        'Unknown' as name_en,
        '未知' as name_zh,
        'unknown' as category,
        true as is_registered
)

select * from final
