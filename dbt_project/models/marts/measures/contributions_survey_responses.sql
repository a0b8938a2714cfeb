{{ config(materialized='view') }}
-- What each survey response adds to each measure: answers on the local date of the answer, invitations on theirs.
with responses as (
    select * from {{ within_build(ref('fct_survey_responses')) }}
    where is_counted
),

described as (
    {{ described_rows('responses') }}
),

responded as (
    select
        'responded' as cohort,
        responded_date as local_date,
        team_id,
        employment,
        response_id,
        {{ contribution_dimensions() }},
        1 as responses_answered,
        case when csat_score is not null then 1 end as csat_responses,
        cast(csat_score as decimal(18, 6)) as csat_points,
        cast(csat_score >= 75 as integer) as csat_top2_responses,
        case when attitude_score is not null then 1 end as attitude_responses,
        cast(attitude_score as decimal(18, 6)) as attitude_points,
        case when efficiency_score is not null then 1 end as efficiency_responses,
        cast(efficiency_score as decimal(18, 6)) as efficiency_points,
        case when nps_score is not null then 1 end as nps_responses,
        cast(nps_score >= 9 as integer) as nps_promoters,
        cast(nps_score <= 6 as integer) as nps_detractors,
        cast(nps_score >= 9 as integer) - cast(nps_score <= 6 as integer) as nps_balance,
        case when has_comment and csat_score is not null then 1 end as commented_responses,
        case
            when has_comment and csat_score is not null
                then cast(csat_score >= 60 and is_comment_dissatisfied as integer)
        end as hidden_complaints
    from described
    where responded_at is not null
),

invited as (
    select
        'invited' as cohort,
        invited_date as local_date,
        invited_team_id as team_id,
        invited_employment as employment,
        response_id,
        {{ contribution_dimensions() }},
        1 as responses_invited,
        cast(responded_at is not null as integer) as invitations_answered
    from described
    where invited_at is not null
)

select * from responded
union all by name
select * from invited
