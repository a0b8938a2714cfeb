-- Articles, charged to the author's unit at publication; the day is that of the author's region (rulings A3, G5).
with articles as (
    select * from {{ ref('stg_crm__knowledge_articles') }}
),

employees as (
    select * from {{ ref('int_employees_versioned') }}
),

regions as (
    select * from {{ ref('regions') }}
),

run_context as (
    select * from {{ ref('stg_meta__run_context') }}
)

select
    articles.article_id,
    articles.source_system,
    articles.author_id,
    coalesce(authors.region_id, 'unknown') as region_id,
    coalesce(authors.team_id, 'unknown') as team_id,
    coalesce(authors.employment, 'unknown') as employment,
    articles.published_at,
    {{ local_date('articles.published_at', 'coalesce(regions.time_zone, run_context.company_zone)') }} as published_date,
    articles.reuse_count
from articles
{{ employed_at('authors', 'articles.author_id', 'articles.published_at') }}
left join regions
    on authors.region_id = regions.region_id
cross join run_context
