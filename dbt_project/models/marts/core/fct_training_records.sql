-- Trainings and certifications, charged to the person's unit on the day (ruling G5).
with records as (
    select * from {{ ref('stg_erp__training_records') }}
),

employees as (
    select * from {{ ref('int_employees_versioned') }}
)

select
    records.record_id,
    records.source_system,
    records.employee_id,
    coalesce(employees.region_id, 'unknown') as region_id,
    coalesce(employees.team_id, 'unknown') as team_id,
    coalesce(employees.employment, 'unknown') as employment,
    records.course,
    records.kind,
    records.held_on,
    records.hours,
    records.score,
    records.is_passed
from records
left join employees
    on
        records.employee_id = employees.employee_id
        and records.held_on >= employees.valid_from
        and records.held_on < employees.valid_to
