{{ config(materialized='view') }}
-- Articles count on the local day of publication, for the author's unit on it (ruling G5).
with facts as (
    select
        *,
        {{ attributes_without_case() }}
    from {{ within_build(ref('fct_knowledge_articles')) }}
),

described as (
    {{ described_rows('facts') }}
),

published as (
    select
        'published' as cohort,
        published_date as local_date,
        team_id,
        employment,
        article_id,
        {{ contribution_dimensions() }},
        1 as articles_published
    from described
)

select * from published
