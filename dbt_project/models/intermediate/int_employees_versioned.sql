-- Each row of a person that is known as of now holds from `effective_from` until the next one; the earliest serves for all
-- earlier time (G4).
with employees as (
    select * from {{ ref('stg_erp__employees') }}
),

run_context as (
    select * from {{ ref('stg_meta__run_context') }}
),

numbered as (
    select
        *,
        row_number() over (partition by employee_id order by effective_from nulls first) as version_number
    from employees
),

-- a post that begins after as-of is a plan, not a post (A13)
ordered as (
    select
        numbered.*,
        lead(numbered.effective_from) over (
            partition by numbered.employee_id order by numbered.version_number
        ) as next_effective_from
    from numbered
    cross join run_context
    where
        numbered.version_number = 1
        or numbered.effective_from <= {{ local_date('run_context.as_of', 'run_context.company_zone') }}
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
