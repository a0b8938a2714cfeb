-- Service revenue in company currency; in a currency without a rate it is unknown (ruling B12).
with revenue as (
    select * from {{ ref('stg_erp__revenue') }}
),

rates as (
    select * from {{ ref('exchange_rates') }}
),

run_context as (
    select * from {{ ref('stg_meta__run_context') }}
)

select
    revenue.month,
    coalesce(revenue.region_id, 'unknown') as region_id,
    coalesce(revenue.category, 'unknown') as category,
    revenue.source_system,
    revenue.currency,
    revenue.revenue,
    cast(
        case
            when coalesce(revenue.currency, run_context.company_currency) = run_context.company_currency
                then revenue.revenue
            else revenue.revenue * rates.rate_to_company_currency
        end as decimal(28, 8)
    ) as revenue_amount
from revenue
left join rates
    on revenue.currency = rates.currency and revenue.month = rates.month
cross join run_context
