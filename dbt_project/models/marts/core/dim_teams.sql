with used as (
    select team_id from {{ ref('stg_crm__tickets') }}
    union
    select team_id from {{ ref('stg_crm__ticket_events') }}
    union
    select team_id from {{ ref('stg_erp__employees') }}
    union
    select requesting_team_id as team_id from {{ ref('stg_crm__collaborations') }}
),

registered as (
    -- the newest row of a team names it
    select * from {{ ref('teams') }}
    qualify row_number() over (partition by team_id order by valid_from desc nulls last) = 1
),

final as (
    select
        team_id,
        name_en,
        name_zh,
        function,
        region_id,
        true as is_registered
    from registered
    union all
    select
        used.team_id,
        used.team_id as name_en,
        used.team_id as name_zh,
        null as function,
        null as region_id,
        false as is_registered
    from used
    left join registered
        on used.team_id = registered.team_id
    where used.team_id is not null and registered.team_id is null
    union all
    select
        'unknown' as team_id,
        'Unknown' as name_en,
        '未知' as name_zh,
        null as function,
        null as region_id,
        true as is_registered
)

select * from final
