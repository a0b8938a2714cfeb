-- Inspections, charged to the unit of the inspected person at the inspection (ruling E9).
with inspections as (
    select * from {{ ref('stg_crm__quality_inspections') }}
),

tickets as (
    select * from {{ ref('fct_tickets') }}
),

employees as (
    select * from {{ ref('int_employees_versioned') }}
),

regions as (
    select * from {{ ref('regions') }}
),

run_context as (
    select * from {{ ref('stg_meta__run_context') }}
),

placed as (
    select
        inspections.*,
        tickets.case_id
    from inspections
    left join tickets
        on inspections.ticket_id = tickets.ticket_id
)

select
    placed.inspection_id,
    placed.source_system,
    placed.ticket_id,
    placed.case_id,
    coalesce(cases.is_case, true) as is_counted,
    coalesce(cases.region_id, 'unknown') as region_id,
    coalesce(cases.product_id, 'unknown') as product_id,
    {{ case_attributes('cases') }},
    placed.agent_id,
    placed.inspector_id,
    coalesce(inspected.team_id, 'unknown') as team_id,
    coalesce(inspected.employment, 'unknown') as employment,
    placed.inspected_at,
    {{ local_date('placed.inspected_at', 'coalesce(regions.time_zone, run_context.company_zone)') }} as inspected_date,
    placed.fields_required,
    placed.fields_complete,
    placed.has_diagnosis_record,
    placed.has_customer_signature,
    placed.is_script_followed,
    placed.is_process_followed,
    placed.attitude_score
from placed
left join tickets as cases
    on placed.case_id = cases.ticket_id
left join regions
    on cases.region_id = regions.region_id
{{ employed_at('inspected', 'placed.agent_id', 'placed.inspected_at') }}
cross join run_context
