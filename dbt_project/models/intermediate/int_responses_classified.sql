-- Does a comment say that the customer is dissatisfied? Harmless phrases are taken out, then any dissatisfied term decides
-- (seeds/comment_terms.csv; decision 0011). Latin terms match whole words. The text itself does not leave the warehouse.
{%- set edge = "case when regexp_matches({0}, '[A-Za-z]') then '\\b' else '' end" %}
with responses as (
    select * from {{ ref('stg_survey__responses') }}
),

terms as (
    select
        kind,
        lower(trim(term)) as term,
        {{ edge.format("left(trim(term), 1)") }} || regexp_escape(lower(trim(term)))
        || {{ edge.format("right(trim(term), 1)") }} as pattern
    from {{ ref('comment_terms') }}
    where trim(term) <> ''
),

patterns as (
    select
        list(term) filter (where kind = 'dissatisfied') as dissatisfied_terms,
        string_agg(pattern, '|' order by length(term) desc, term) filter (where kind = 'harmless') as harmless,
        string_agg(pattern, '|' order by length(term) desc, term) filter (where kind = 'dissatisfied') as dissatisfied
    from terms
),

-- a pattern from a table is compiled for every row: only comments that hold a term at all are worth it
suspected as (
    select
        responses.response_id,
        lower(responses.comment) as comment,
        len(list_filter(
            patterns.dissatisfied_terms, lambda term: contains(lower(responses.comment), term)
        )) > 0 as is_suspected
    from responses
    cross join patterns
    where trim(responses.comment) <> ''
)

select
    suspected.response_id,
    coalesce(
        case
            when suspected.is_suspected
                then
                    regexp_matches(
                        case
                            when patterns.harmless is null then suspected.comment
                            else regexp_replace(suspected.comment, patterns.harmless, ' ', 'g')
                        end,
                        patterns.dissatisfied
                    )
        end,
        false
    ) as is_dissatisfied
from suspected
cross join patterns
