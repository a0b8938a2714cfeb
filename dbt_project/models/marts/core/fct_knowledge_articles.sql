-- Articles, charged to the author's unit on the day of publication (ruling G5).
with articles as (
    select * from {{ ref('stg_crm__knowledge_articles') }}
),

employees as (
    select * from {{ ref('int_employees_versioned') }}
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
    {{ local_date('articles.published_at', 'run_context.company_zone') }} as published_date,
    articles.reuse_count
from articles
{{ employed_at('authors', 'articles.author_id', 'articles.published_at') }}
cross join run_context
