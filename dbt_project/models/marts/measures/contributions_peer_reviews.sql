{{ config(materialized='view') }}
-- Reviews of people count on the last day of their quarter (ruling G6).
with facts as (
    select
        *,
        {{ attributes_without_case() }}
    from {{ within_build(ref('fct_peer_reviews')) }}
),

described as (
    {{ described_rows('facts') }}
),

reviewed as (
    select
        'reviewed' as cohort,
        quarter_end as local_date,
        team_id,
        employment,
        review_id,
        {{ contribution_dimensions() }},
        1 as peer_reviews,
        cast(score as decimal(18, 6)) as peer_review_points,
        case when dimension = 'innovation' then 1 end as innovation_reviews,
        case when dimension = 'innovation' then cast(score as decimal(18, 6)) end as innovation_points
    from described
)

select * from reviewed
