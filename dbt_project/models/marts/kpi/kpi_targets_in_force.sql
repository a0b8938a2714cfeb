-- The target of a KPI and slice holds until the next one of the same slice.
with targets as (
    select * from {{ ref('kpi_targets') }}
)

select
    kpi_key,
    slice_name,
    slice_value,
    target,
    valid_from,
    coalesce(
        lead(valid_from) over (partition by kpi_key, slice_name, slice_value order by valid_from), date '9999-12-31'
    ) as valid_to
from targets
