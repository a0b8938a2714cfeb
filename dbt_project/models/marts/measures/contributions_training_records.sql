{{ config(materialized='view') }}
-- Trainings and examinations count on the day they were held (ruling G5).
with facts as (
    select
        *,
        {{ attributes_without_case() }}
    from {{ within_build(ref('fct_training_records')) }}
),

described as (
    {{ described_rows('facts') }}
),

held as (
    select
        'held' as cohort,
        held_on as local_date,
        team_id,
        employment,
        record_id,
        {{ contribution_dimensions() }},
        1 as training_records,
        case when hours is not null then 1 end as timed_training_records,
        cast(hours as decimal(18, 6)) as training_hours,
        case when kind = 'certification' then 1 end as certifications_held,
        case when kind = 'certification' and is_passed is not null then 1 end as certifications_judged,
        case when kind = 'certification' then cast(is_passed as integer) end as certifications_passed
    from described
)

select * from held
