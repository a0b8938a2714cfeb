with entries as (
    select * from {{ ref('dim_extract_entries') }}
),

run_context as (
    select * from {{ ref('stg_meta__run_context') }}
),

horizons as (
    select
        source_system,
        contract,
        count(distinct extract_id) as extracts,
        sum(rows_loaded) as rows_loaded,
        max(extracted_at) as last_extracted_at,
        max(last_instant) as last_instant
    from entries
    group by source_system, contract
),

-- rows about a whole month or quarter reach to its end
covered as (
    select
        source_system,
        'erp.revenue' as contract,
        max(last_day(month)) as covered_to
    from {{ ref('fct_revenue') }}
    group by source_system
    union all
    select
        source_system,
        'survey.peer_reviews' as contract,
        max(quarter_end) as covered_to
    from {{ ref('fct_peer_reviews') }}
    group by source_system
),

reaching as (
    select
        horizons.*,
        case
            when horizons.last_instant > run_context.as_of then run_context.as_of
            else horizons.last_instant
        end as data_horizon,
        covered.covered_to,
        {{ local_date('run_context.as_of', 'run_context.company_zone') }} as as_of_date,
        run_context.company_zone
    from horizons
    left join covered
        on horizons.source_system = covered.source_system and horizons.contract = covered.contract
    cross join run_context
)

select
    source_system,
    contract,
    extracts,
    cast(rows_loaded as bigint) as rows_loaded,
    last_extracted_at,
    data_horizon,
    case
        when covered_to is null then {{ local_date('data_horizon', 'company_zone') }}
        when covered_to < as_of_date then covered_to
        else as_of_date
    end as horizon_date
from reaching
