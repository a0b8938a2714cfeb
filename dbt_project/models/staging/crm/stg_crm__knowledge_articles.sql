with current_rows as (
    {{ current_rows('crm__knowledge_articles', ['article_id']) }}
),

run_context as (
    select * from {{ ref('stg_meta__run_context') }}
),

final as (
    select
        current_rows.article_id,
        current_rows._source_system as source_system,
        current_rows.author_id,
        current_rows.published_at,
        current_rows.reuse_count
    from current_rows
    cross join run_context
    where current_rows.published_at <= run_context.as_of
)

select * from final
