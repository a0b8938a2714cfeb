-- From which day until which (inclusive) a person worked in which unit (ruling G3).
with employees as (
    select * from {{ ref('int_employees_versioned') }}
)

select
    employee_id,
    version_number,
    source_system,
    coalesce(region_id, 'unknown') as region_id,
    coalesce(team_id, 'unknown') as team_id,
    coalesce(employment, 'unknown') as employment,
    case when hired_on > valid_from then hired_on else valid_from end as employed_from,
    case when left_on < valid_to then left_on else cast(valid_to - interval 1 day as date) end as employed_to
from employees
where
    coalesce(hired_on, valid_from) < valid_to
    and coalesce(left_on, date '9999-12-31') >= case when hired_on > valid_from then hired_on else valid_from end
