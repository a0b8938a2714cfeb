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
)

select
    horizons.source_system,
    horizons.contract,
    horizons.extracts,
    cast(horizons.rows_loaded as bigint) as rows_loaded,
    horizons.last_extracted_at,
    case
        when horizons.last_instant > run_context.as_of then run_context.as_of
        else horizons.last_instant
    end as data_horizon,
    {{ local_date(
        'case when horizons.last_instant > run_context.as_of then run_context.as_of else horizons.last_instant end',
        'run_context.company_zone'
    ) }} as horizon_date
from horizons
cross join run_context
