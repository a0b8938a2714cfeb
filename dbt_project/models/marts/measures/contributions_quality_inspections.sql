{{ config(materialized='view') }}
-- Inspections count on the local date they were made (rulings A2, E4, E9); more fields filled in than there are tells
-- nothing about how complete a record is.
with facts as (
    select * from {{ within_build(ref('fct_quality_inspections')) }}
    where is_counted
),

described as (
    {{ described_rows('facts') }}
),

inspected as (
    select
        'inspected' as cohort,
        inspected_date as local_date,
        team_id,
        employment,
        inspection_id,
        {{ contribution_dimensions() }},
        1 as inspections,
        case when fields_required > 0 and fields_complete <= fields_required then 1 end as record_inspections,
        case when fields_complete <= fields_required then fields_required end as fields_required,
        case when fields_complete <= fields_required then fields_complete end as fields_complete,
        case when is_script_followed is not null then 1 end as script_judged,
        cast(is_script_followed as integer) as script_followed,
        case when attitude_score is not null then 1 end as attitude_inspections,
        cast(attitude_score as decimal(18, 6)) as attitude_inspection_points
    from described
    where true
)

select * from inspected
