-- Which contracts were delivered at all, and up to which local day (exclusive) their data is complete. A day on which
-- data ends counts as complete: the default as-of is the newest instant, which is rarely midnight.
{%- set contracts = [] %}
{%- for kpi in kpi_catalogue() %}
{%- for contract in kpi_contracts_of(kpi) if contract not in contracts %}
{%- do contracts.append(contract) %}
{%- endfor %}
{%- endfor %}
with sources as (
    select * from {{ ref('dim_sources') }}
),

run_context as (
    select * from {{ ref('dim_run') }}
),

contracts as (
    {%- for contract in contracts %}
    select '{{ contract }}' as contract
    {{- '\n    union all' if not loop.last }}
    {%- else %}
    select cast(null as varchar) as contract
    where false
    {%- endfor %}
)

select
    contracts.contract,
    max(sources.rows_loaded) is not null as is_delivered,
    max(sources.horizon_date) as horizon_date,
    cast(max(sources.horizon_date) as timestamp) + interval 1 day as complete_until
from contracts
cross join run_context
left join sources
    on contracts.contract = sources.contract
group by contracts.contract
