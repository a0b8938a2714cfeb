{#- The dimensions that every contribution carries beside team and employment; slices of the mart are made of all these. -#}
{% macro contribution_dimensions(relation=none) -%}
    {%- set prefix = relation ~ '.' if relation else '' -%}
    {%- for column in [
        'ticket_id', 'source_system', 'region_id', 'macro_region', 'root_cause_id', 'root_cause_category', 'case_type',
        'channel', 'priority', 'product_id', 'product_category', 'segment', 'warranty',
    ] -%}
        {{ prefix }}{{ column }}{{ ',\n        ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{#- What facts about no case have instead: they keep their own place, the rest is unknown (rulings B6, G5). -#}
{% macro attributes_without_case() -%}
    cast(null as varchar) as ticket_id,
        cast(null as varchar) as customer_id,
        'unknown' as root_cause_id,
        'unknown' as case_type,
        'unknown' as channel,
        'unknown' as priority,
        'unknown' as product_id,
        'unknown' as warranty
{%- endmacro %}

{#- Rows of a fact with the groups that their region, cause, product and customer belong to. -#}
{% macro described_rows(facts) -%}
    select
        {{ facts }}.*,
        regions.macro_region_en as macro_region,
        causes.category as root_cause_category,
        products.category as product_category,
        case
            when {{ facts }}.customer_id is null then 'unknown'
            else coalesce(customers.segment, 'unregistered')
        end as segment
    from {{ facts }}
    left join {{ within_build(ref('dim_regions')) }} as regions
        on {{ facts }}.region_id = regions.region_id
    left join {{ within_build(ref('dim_root_causes')) }} as causes
        on {{ facts }}.root_cause_id = causes.root_cause_id
    left join {{ within_build(ref('dim_products')) }} as products
        on {{ facts }}.product_id = products.product_id
    left join {{ within_build(ref('dim_customers')) }} as customers
        on {{ facts }}.customer_id = customers.customer_id
{%- endmacro %}

{#- Slices by name: the contribution columns they are made of. -#}
{% macro kpi_slices() -%}
    {{ return({
        'total': [],
        'macro_region': ['macro_region'],
        'region': ['region_id'],
        'team': ['team_id'],
        'root_cause_category': ['root_cause_category'],
        'root_cause': ['root_cause_id'],
        'case_type': ['case_type'],
        'channel': ['channel'],
        'product_category': ['product_category'],
        'product': ['product_id'],
        'employment': ['employment'],
        'priority': ['priority'],
        'segment': ['segment'],
        'region__root_cause': ['region_id', 'root_cause_id'],
        'region__team': ['region_id', 'team_id'],
        'region__case_type': ['region_id', 'case_type'],
        'team__root_cause': ['team_id', 'root_cause_id'],
        'product_category__root_cause': ['product_category', 'root_cause_id'],
    }) }}
{%- endmacro %}

{#- Slices that only KPIs of stages have: their name, and the slice that their cases are counted by. -#}
{% macro stage_slices() -%}
    {{ return({'stage': 'total', 'region__stage': 'region'}) }}
{%- endmacro %}

{#- Days and weeks for single slices without product, the rest from the month upwards (architecture.md, decision 7). -#}
{% macro kpi_periods(slice_columns) -%}
    {%- set is_short = slice_columns | length < 2 and not (slice_columns | join).startswith('product') -%}
    {{ return(['day', 'week', 'month', 'quarter', 'year'] if is_short else ['month', 'quarter', 'year']) }}
{%- endmacro %}

{#- SQL of the value of a slice: ids joined by a bar. -#}
{% macro slice_value(slice_columns) -%}
    {{ slice_columns | join(" || '|' || ") if slice_columns else "'all'" }}
{%- endmacro %}

{#- Sums of a list of measures; none of the addends is a guess, so an absent one adds nothing. -#}
{% macro sum_measures(measures) -%}
    {%- for measure in measures -%}
        sum({{ measure }}) as {{ measure }}{{ ',\n    ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{#- Name and value of the slice that a row of grouping sets belongs to. -#}
{% macro grouped_slice() -%}
        case
            {%- for name, columns in kpi_slices().items() | reverse if columns %}
            when {% for column in columns %}grouping({{ column }}) = 0{{ ' and ' if not loop.last }}{% endfor %}
                then '{{ name }}'
            {%- endfor %}
            else 'total'
        end as slice_name,
        case
            {%- for name, columns in kpi_slices().items() | reverse if columns %}
            when {% for column in columns %}grouping({{ column }}) = 0{{ ' and ' if not loop.last }}{% endfor %}
                then {{ slice_value(columns) }}
            {%- endfor %}
            else 'all'
        end as slice_value
{%- endmacro %}

{% macro slice_columns_of_contributions() -%}
    team_id,
        employment,
        region_id,
        macro_region,
        root_cause_id,
        root_cause_category,
        case_type,
        channel,
        priority,
        product_id,
        product_category,
        segment
{%- endmacro %}

{#- All stored slices and periods of a fact whose measures add up, in one scan. -#}
{% macro measures_by_slice_and_period(fact) %}
{%- set measures = measure_facts()[fact].measures %}
with contributions as (
    select
        {{ slice_columns_of_contributions() }},
        {%- for period in ['day', 'week', 'month', 'quarter', 'year'] %}
        {%- if measure_facts()[fact].shape == 'periods' %}
        case when period_kind = '{{ period }}' then local_date end as {{ period }}_start,
        {%- else %}
        cast(date_trunc('{{ period }}', local_date) as date) as {{ period }}_start,
        {%- endif %}
        {%- endfor %}
        {{ measures | join(',\n        ') }}
    from {{ ref('contributions_' ~ fact) }}
    where local_date is not null
),

grouped as (
    select
        case
            {%- for period in ['day', 'week', 'month', 'quarter', 'year'] %}
            when grouping({{ period }}_start) = 0 then '{{ period }}'
            {%- endfor %}
        end as period_kind,
        coalesce(day_start, week_start, month_start, quarter_start, year_start) as period_start,
        {{ grouped_slice() }},
        {{ sum_measures(measures) }}
    from contributions
    group by grouping sets (
        {%- for name, columns in kpi_slices().items() -%}
        {%- set outer = loop -%}
        {%- for period in kpi_periods(columns) %}
        ({{ ([period ~ '_start'] + columns) | join(', ') }}){{ ',' if not (loop.last and outer.last) }}
        {%- endfor -%}
        {%- endfor %}
    )
)

select * from grouped
{%- if measure_facts()[fact].shape == 'periods' %}
where period_start is not null
{%- endif %}
order by slice_name, period_kind, period_start, slice_value
{% endmacro %}

{#- The end of a local day in a zone, or as-of where that comes first, in seconds since the epoch. -#}
{% macro day_end_epoch(last_date, zone, as_of) -%}
    cast(epoch_us(case
        when {{ utc_instant('cast(' ~ last_date ~ ' as timestamp) + interval 1 day', zone) }} < {{ as_of }}
            then {{ utc_instant('cast(' ~ last_date ~ ' as timestamp) + interval 1 day', zone) }}
        else {{ as_of }}
    end) / 1000000.0 as decimal(18, 6))
{%- endmacro %}

{#- Stored slices and periods of a fact whose contributions are changes: a period shows the sum of all changes up to its
    last local day, or as-of (rulings A9, D16, G3). No day is exploded: changes are summed once, then looked up. -#}
{% macro stock_by_slice_and_period(fact) %}
{%- set measures = measure_facts()[fact].measures %}
{%- set ageing = measure_facts()[fact].get('ageing', {}) %}
with contributions as (
    select
        {{ slice_columns_of_contributions() }},
        coalesce(time_zone, 'UTC') as time_zone,
        local_date,
        {{ measures | join(',\n        ') }}
    from {{ ref('contributions_' ~ fact) }}
    where local_date is not null
),

changes as (
    select
        time_zone,
        local_date,
        {{ grouped_slice() }},
        {{ sum_measures(measures) }}
    from contributions
    group by grouping sets (
        {%- for name, columns in kpi_slices().items() %}
        ({{ (['time_zone', 'local_date'] + columns) | join(', ') }}){{ ',' if not loop.last }}
        {%- endfor %}
    )
),

running as (
    select
        slice_name,
        slice_value,
        time_zone,
        local_date,
        {%- for measure in measures %}
        sum({{ measure }}) over so_far as {{ measure }}{{ ',' if not loop.last }}
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
        or members.slice_name in (
            {%- for name, columns in kpi_slices().items() if 'day' in kpi_periods(columns) -%}
            '{{ name }}'{{ ', ' if not loop.last }}
            {%- endfor -%}
        )
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
    sum(running.{{ measure }}) as {{ measure }}
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
