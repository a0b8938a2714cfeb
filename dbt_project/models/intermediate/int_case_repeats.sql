-- The next case about the same thing: the same asset, or, where the asset is not known, the same customer, product and
-- cause (ruling D11). Each resolved case is looked at alone (D19); a case that does not count follows nothing.
with cases as (
    select * from {{ ref('int_cases_counted') }}
    where exclusion_reason is null
),

resolved as (
    select * from {{ ref('int_cases_resolved') }}
),

solved as (
    select
        cases.*,
        resolved.stable_resolved_at
    from cases
    inner join resolved
        on cases.case_id = resolved.case_id
    where resolved.stable_resolved_at is not null
),

by_asset as (
    select
        solved.case_id,
        following.case_opened_at as next_opened_at
    from solved
    asof inner join cases as following
        on
            solved.asset_id = following.asset_id
            and solved.stable_resolved_at < following.case_opened_at
    where solved.asset_id is not null
),

by_fault as (
    select
        solved.case_id,
        following.case_opened_at as next_opened_at
    from solved
    asof inner join cases as following
        on
            solved.customer_id = following.customer_id
            and solved.product_id = following.product_id
            and solved.root_cause_id = following.root_cause_id
            and solved.stable_resolved_at < following.case_opened_at
    where solved.asset_id is null
)

select * from by_asset
union all
select * from by_fault
