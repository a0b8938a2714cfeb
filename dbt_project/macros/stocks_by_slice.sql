{#- The end of a local day in a zone, or as-of where that comes first, in seconds since the epoch. -#}
{% macro day_end_epoch(last_date, zone, as_of) -%}
    cast(epoch_us(case
        when {{ utc_instant('cast(' ~ last_date ~ ' as timestamp) + interval 1 day', zone) }} < {{ as_of }}
            then {{ utc_instant('cast(' ~ last_date ~ ' as timestamp) + interval 1 day', zone) }}
        else {{ as_of }}
    end) / 1000000.0 as decimal(18, 6))
{%- endmacro %}

{#- The changes of a stock, summed by slice, zone and local day. What no row states adds 0, and `contributions` says how many
    rows are summed (decision 0013). -#}
{% macro changes_by_slice(fact) %}
{%- set measures = measure_facts()[fact].measures %}
with contributions as (
    select
        {{ slice_columns_of_contributions() }},
        coalesce(time_zone, 'UTC') as time_zone,
        local_date,
        {{ measures | join(',\n        ') }},
        1 as contributions
    from {{ ref('contributions_' ~ fact) }}
    where local_date is not null
),

changes as (
    {{- sums_of_slices(['time_zone', 'local_date'], 'contributions', measures + ['contributions']) }}
)

select
    slice_name,
    slice_value,
    time_zone,
    local_date,
    {%- for measure in measures %}
    coalesce({{ measure }}, 0) as {{ measure }},
    {%- endfor %}
    contributions
from changes
order by slice_name, slice_value, time_zone, local_date
{% endmacro %}

{#- Stored slices and periods of a fact whose contributions are changes: a period shows the sum of all changes up to its
    last local day, or as-of (rulings A9, D16, G3). No day is exploded: changes are summed once, then looked up. `changes` is the
    table of these sums, for a stock that stores them. -#}
{% macro stock_by_slice_and_period(fact, changes=none) %}
{%- set measures = measure_facts()[fact].measures %}
{%- set ageing = measure_facts()[fact].get('ageing', {}) %}
with changes as (
    {{ 'select * from %s' % changes if changes else changes_by_slice(fact) | indent(4) }}
),

running as (
    select
        slice_name,
        slice_value,
        time_zone,
        local_date,
        {%- for measure in measures %}
        {{ summed(measure) | replace(')', ') over so_far', 1) }} as {{ measure }}{{ ',' if not loop.last }}
        {%- endfor %}
    from changes
    window so_far as (
        partition by slice_name, slice_value, time_zone
        order by local_date
        rows between unbounded preceding and current row
    )
),

days as (
    select dates.*
    from {{ ref('dim_dates') }} as dates
    cross join {{ ref('dim_run') }} as runs
    where dates.local_date <= {{ local_date('runs.as_of', 'runs.company_zone') }}
),

periods as (
    {%- for period in ['day', 'week', 'month', 'quarter', 'year'] %}
    select
        '{{ period }}' as period_kind,
        {{ 'local_date' if period == 'day' else period ~ '_start' }} as period_start,
        max(local_date) as last_date
    from days
    group by all
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

members as (
    select
        slice_name,
        slice_value,
        time_zone,
        min(local_date) as first_date
    from changes
    group by slice_name, slice_value, time_zone
),

grid as (
    select
        periods.period_kind,
        periods.period_start,
        periods.last_date,
        members.slice_name,
        members.slice_value,
        members.time_zone
    from members
    inner join periods
        on members.first_date <= periods.last_date
    where
        periods.period_kind in ('month', 'quarter', 'year')
        or members.slice_name in ({{ slices_with_days() }})
)

select
    grid.period_kind,
    grid.period_start,
    grid.slice_name,
    grid.slice_value,
    {%- for measure in measures %}
    {%- if measure in ageing %}
    sum(
        running.{{ measure }}
        + running.{{ ageing[measure] }} * {{ day_end_epoch('grid.last_date', 'grid.time_zone', 'runs.as_of') }}
    ) as {{ measure }}
    {%- else %}
    {{ summed(measure, 'running.' ~ measure) }} as {{ measure }}
    {%- endif %}
    {{- ',' if not loop.last }}
    {%- endfor %}
from grid
{%- if ageing %}
cross join {{ ref('dim_run') }} as runs
{%- endif %}
asof inner join running
    on
        grid.slice_name = running.slice_name
        and grid.slice_value = running.slice_value
        and grid.time_zone = running.time_zone
        and grid.last_date >= running.local_date
group by grid.period_kind, grid.period_start, grid.slice_name, grid.slice_value
order by grid.slice_name, grid.period_kind, grid.period_start, grid.slice_value
{% endmacro %}
