{{ config(materialized='view') }}
-- Service revenue of a month stands on its first day; in a currency without a rate it is unknown (rulings A10, B12, G2, G8).
with facts as (
    select
        *,
        concat_ws('|', strftime(month, '%Y-%m'), region_id, category) as revenue_line_id,
        'unknown' as team_id,
        'unknown' as employment,
        {{ attributes_without_case() }}
    from {{ within_build(ref('fct_revenue')) }}
),

described as (
    {{ described_rows('facts') }}
),

earned as (
    select
        'earned' as cohort,
        cast(date_trunc('month', month) as date) as local_date,
        team_id,
        employment,
        revenue_line_id,
        {{ contribution_dimensions() }},
        1 as revenue_lines,
        case when revenue_amount is not null then 1 end as known_revenue_lines,
        case when revenue_amount <> 0 then 1 end as earning_revenue_lines,
        revenue_amount as service_revenue_amount,
        case when revenue_amount is not null then case when category = 'maintenance_plan' then revenue_amount else 0 end end
            as maintenance_plan_amount
    from described
)

select * from earned
