-- Each row of a person holds from `effective_from` until the next one; the earliest serves for all earlier time (G4).
with employees as (
    select * from {{ ref('stg_erp__employees') }}
),

run_context as (
    select * from {{ ref('stg_meta__run_context') }}
),

ordered as (
    select
        employees.*,
        row_number() over (
            partition by employees.employee_id order by employees.effective_from nulls first
        ) as version_number,
        lead(employees.effective_from) over (
            partition by employees.employee_id order by employees.effective_from nulls first
        ) as next_effective_from
    from employees
),

final as (
    select
        ordered.employee_id,
        ordered.source_system,
        ordered.version_number,
        ordered.role,
        ordered.team_id,
        ordered.region_id,
        ordered.employment,
        ordered.hired_on,
        ordered.left_on,
        case when ordered.version_number = 1 then date '0001-01-01' else ordered.effective_from end as valid_from,
        coalesce(ordered.next_effective_from, date '9999-12-31') as valid_to,
        case
            when ordered.version_number = 1 then timestamp '0001-01-01'
            else {{ utc_instant('cast(ordered.effective_from as timestamp)', 'run_context.company_zone') }}
        end as valid_from_at,
        case
            when ordered.next_effective_from is null then timestamp '9999-12-31'
            else {{ utc_instant('cast(ordered.next_effective_from as timestamp)', 'run_context.company_zone') }}
        end as valid_to_at
    from ordered
    cross join run_context
)

select * from final
