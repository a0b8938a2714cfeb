{{ config(materialized='view') }}
-- What each survey response adds to each measure, on the local date of the answer.
with responses as (
    select * from {{ within_build(ref('fct_survey_responses')) }}
    where is_counted and responded_at is not null
),

regions as (
    select * from {{ within_build(ref('dim_regions')) }}
),

causes as (
    select * from {{ within_build(ref('dim_root_causes')) }}
)

select
    'responded' as cohort,
    responses.responded_date as local_date,
    responses.team_id,
    responses.ticket_id,
    responses.response_id,
    responses.source_system,
    responses.region_id,
    regions.macro_region_en as macro_region,
    responses.root_cause_id,
    causes.category as root_cause_category,
    responses.case_type,
    responses.channel,
    responses.priority,
    responses.product_id,
    1 as responses_answered,
    case when responses.csat_score is not null then 1 end as csat_responses,
    cast(responses.csat_score as decimal(18, 6)) as csat_points
from responses
left join regions
    on responses.region_id = regions.region_id
left join causes
    on responses.root_cause_id = causes.root_cause_id
