{{ config(materialized='view') }}
-- Trainings and examinations count on the day they were held (ruling G5).
with facts as (
    select
        *,
        cast(null as varchar) as ticket_id,
        cast(null as varchar) as customer_id,
        'unknown' as root_cause_id,
        'unknown' as case_type,
        'unknown' as channel,
        'unknown' as priority,
        'unknown' as product_id
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
        case when kind = 'certification' then 1 end as certifications_held,
        case when kind = 'certification' and is_passed is not null then 1 end as certifications_judged,
        case when kind = 'certification' then cast(is_passed as integer) end as certifications_passed
    from described
)

select * from held
