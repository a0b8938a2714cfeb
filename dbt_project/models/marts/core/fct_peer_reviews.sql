-- Reviews of people, charged to the person's unit on the quarter's last day (ruling G6); those of a quarter to come are
-- not there yet.
with reviews as (
    select
        *,
        cast(make_date(cast(left(quarter, 4) as integer), 3 * cast(right(quarter, 1) as integer), 1)
            + interval 1 month - interval 1 day as date) as quarter_end
    from {{ ref('stg_survey__peer_reviews') }}
),

employees as (
    select * from {{ ref('int_employees_versioned') }}
),

run_context as (
    select * from {{ ref('stg_meta__run_context') }}
)

select
    reviews.review_id,
    reviews.source_system,
    reviews.employee_id,
    coalesce(employees.region_id, 'unknown') as region_id,
    coalesce(employees.team_id, 'unknown') as team_id,
    coalesce(employees.employment, 'unknown') as employment,
    reviews.reviewer,
    reviews.quarter,
    reviews.quarter_end,
    reviews.dimension,
    reviews.score
from reviews
left join employees
    on
        reviews.employee_id = employees.employee_id
        and reviews.quarter_end >= employees.valid_from
        and reviews.quarter_end < employees.valid_to
cross join run_context
where date_trunc('quarter', reviews.quarter_end) <= {{ local_date('run_context.as_of', 'run_context.company_zone') }}
