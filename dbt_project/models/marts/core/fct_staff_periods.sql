-- People by month, quarter and year: who was employed on its first day and still on its last, and who of those employed on
-- the last day was trained in it. The last day of a running period is that of as-of (rulings G3, G5, decision 0011).
with employments as (
    select * from {{ ref('fct_employments') }}
),

records as (
    select * from {{ ref('fct_training_records') }}
),

runs as (
    select * from {{ ref('dim_run') }}
),

days as (
    select dates.*
    from {{ ref('dim_dates') }} as dates
    cross join runs
    where dates.local_date <= {{ local_date('runs.as_of', 'runs.company_zone') }}
),

periods as (
    {%- for period in ['month', 'quarter', 'year'] %}
    select
        '{{ period }}' as period_kind,
        {{ period }}_start as period_start,
        max(local_date) as last_date
    from days
    group by {{ period }}_start
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

at_start as (
    select
        periods.*,
        employments.* exclude (employed_from, employed_to, version_number)
    from periods
    inner join employments
        on periods.period_start between employments.employed_from and employments.employed_to
),

at_end as (
    select
        periods.*,
        employments.* exclude (employed_from, employed_to, version_number)
    from periods
    inner join employments
        on periods.last_date between employments.employed_from and employments.employed_to
),

stayed as (
    select
        'started' as cohort,
        at_start.*,
        at_end.employee_id is not null as is_counted
    from at_start
    left join at_end
        on
            at_start.period_kind = at_end.period_kind
            and at_start.period_start = at_end.period_start
            and at_start.employee_id = at_end.employee_id
),

learners as (
    select distinct
        at_end.period_kind,
        at_end.period_start,
        at_end.employee_id
    from at_end
    inner join records
        on
            at_end.employee_id = records.employee_id
            and records.held_on between at_end.period_start and at_end.last_date
),

trained as (
    select
        'ended' as cohort,
        at_end.*,
        learners.employee_id is not null as is_counted
    from at_end
    left join learners
        on
            at_end.period_kind = learners.period_kind
            and at_end.period_start = learners.period_start
            and at_end.employee_id = learners.employee_id
)

select * from stayed
union all by name
select * from trained
