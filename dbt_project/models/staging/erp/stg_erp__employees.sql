with current_rows as (
    {{ current_rows('erp__employees', ['employee_id', 'effective_from']) }}
)

select
    employee_id,
    _source_system as source_system,
    employee_name,
    role,
    team_id,
    region_id,
    employment,
    hired_on,
    left_on,
    effective_from
from current_rows
