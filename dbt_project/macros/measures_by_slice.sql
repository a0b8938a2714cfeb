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

{#- The sum of a measure. Counts are kept as bigint: DuckDB sums integers to 128 bits, which take fifty times as long to read
    back. Quantities (seconds, points, shares, money) are decimals already. -#}
{% macro summed(measure, addend=none) -%}
    {%- set is_quantity = measure.split('_') | last in ['seconds', 'points', 'share', 'amount', 'hours', 'value'] -%}
    {{ 'sum(%s)' % (addend or measure) if is_quantity else 'cast(sum(%s) as bigint)' % (addend or measure) }}
{%- endmacro %}

{#- Sums of a list of measures; none of the addends is a guess, so an absent one adds nothing. -#}
{% macro sum_measures(measures) -%}
    {%- for measure in measures -%}
        {{ summed(measure) }} as {{ measure }}{{ ',\n    ' if not loop.last }}
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

{#- All stored slices and periods of a fact whose measures add up. Every row is read once per slice, by day for the slices
    that have days and by month for the others; the longer periods are made of those sums. Cohorts of contributions have
    measures of their own: each is summed alone and takes its columns, because a sum costs as much for a row without it.
    What no row states sums to 0, and `contributions` says how many rows are summed: so sums of some rows can be taken away
    again and others added (decision 0013). -#}
{% macro measures_by_slice_and_period(fact) %}
{%- set described = measure_facts()[fact] %}
{%- set cohorts = described.get('cohorts', {'all': described.measures}) %}
{%- set keys = ['period_kind', 'period_start', 'slice_name', 'slice_value'] %}
with contributions as not materialized (
    select
        *,
        1 as contributions,
        cast(date_trunc('month', local_date) as date) as month_start
    from {{ ref('contributions_' ~ fact) }}
    where local_date is not null
),

{% for cohort, measures in cohorts.items() -%}
{%- set measures = measures + ['contributions'] -%}
{{ cohort }}_pieces as (
    {%- if described.shape == 'periods' %}
    {{- sums_of_slices(['period_kind', 'local_date'], 'contributions', measures) }}
    {%- else %}
    {{- sums_of_pieces('contributions', measures, cohort if 'cohorts' in described else none) }}
    {%- endif %}
),

{% if described.shape != 'periods' -%}
{{ cohort }}_months as (
    {{- summed_periods(['day', 'week', 'month'], 'piece_start', cohort ~ '_pieces', measures) }}
),

{{ cohort }}_years as (
    {{- summed_periods(['quarter', 'year'], 'period_start', cohort ~ '_months', measures, "period_kind = 'month'") }}
),

{% endif -%}
{{ cohort }}_sums as (
    {%- if described.shape == 'periods' %}
    select
        period_kind,
        local_date as period_start,
        slice_name,
        slice_value,
        {{ measures | join(',\n        ') }}
    from {{ cohort }}_pieces
    where
        period_kind in ('month', 'quarter', 'year')
        or slice_name in ({{ slices_with_days() }})
    {%- else %}
    select * from {{ cohort }}_months
    where
        period_kind = 'month'
        or slice_name in ({{ slices_with_days() }})
    union all
    select * from {{ cohort }}_years
    {%- endif %}
){{ ',' if not loop.last }}

{% endfor -%}

{% if cohorts | length == 1 -%}
select
    {{ keys | join(',\n    ') }},
    {%- for measure in described.measures %}
    coalesce({{ measure }}, 0) as {{ measure }},
    {%- endfor %}
    contributions
from all_sums
order by slice_name, period_kind, period_start, slice_value
{%- else -%}
, spine as (
    {%- for cohort in cohorts %}
    select {{ keys | join(', ') }} from {{ cohort }}_sums
    {{ 'union' if not loop.last }}
    {%- endfor %}
)

select
    {%- for key in keys %}
    spine.{{ key }},
    {%- endfor %}
    {%- for measure in described.measures %}
    coalesce({{ measure }}, 0) as {{ measure }},
    {%- endfor %}
    {% for cohort in cohorts -%}
    coalesce({{ cohort }}_sums.contributions, 0){{ ' + ' if not loop.last }}
    {%- endfor %} as contributions
from spine
{%- for cohort in cohorts %}
left join {{ cohort }}_sums
    on
        {%- for key in keys %}
        spine.{{ key }} = {{ cohort }}_sums.{{ key }}{{ ' and' if not loop.last }}
        {%- endfor %}
{%- endfor %}
order by spine.slice_name, spine.period_kind, spine.period_start, spine.slice_value
{%- endif %}
{% endmacro %}

{#- Sums by day and slices that have days, and by month and other slices, in one scan. -#}
{% macro sums_of_pieces(contributions, measures, cohort=none) %}
    {%- set starts = [] %}
    {%- for columns in kpi_slices().values() %}
    {%- do starts.append('local_date' if 'day' in kpi_periods(columns) else 'month_start') %}
    {%- endfor %}
    select
        coalesce({{ starts | unique | join(', ') }}) as piece_start,
        {{ grouped_slice() }},
        {{ sum_measures(measures) | indent(4) }}
    from {{ contributions }}
    {%- if cohort %}
    where cohort = '{{ cohort }}'
    {%- endif %}
    group by grouping sets (
        {%- for columns in kpi_slices().values() %}
        ({{ ([starts[loop.index0]] + columns) | join(', ') }})
        {{- ',' if not loop.last }}
        {%- endfor %}
    )
{% endmacro %}

{#- Sums by some keys and each slice, in one scan. -#}
{% macro sums_of_slices(keys, rows, measures) %}
    select
        {{ keys | join(',\n        ') }},
        {{ grouped_slice() }},
        {{ sum_measures(measures) | indent(4) }}
    from {{ rows }}
    group by grouping sets (
        {%- for columns in kpi_slices().values() %}
        ({{ (keys + columns) | join(', ') }}){{ ',' if not loop.last }}
        {%- endfor %}
    )
{% endmacro %}

{#- Sums of rows with a slice and a date, by slice and each of some kinds of periods. -#}
{% macro summed_periods(kinds, day, rows, measures, condition=none) %}
    select
        case
            {%- for kind in kinds %}
            when grouping({{ kind }}_of_row) = 0 then '{{ kind }}'
            {%- endfor %}
        end as period_kind,
        coalesce({{ kinds | join('_of_row, ') }}_of_row) as period_start,
        slice_name,
        slice_value,
        {{ sum_measures(measures) | indent(4) }}
    from (
        select
            *,
            {%- for kind in kinds %}
            cast(date_trunc('{{ kind }}', {{ day }}) as date) as {{ kind }}_of_row{{ ',' if not loop.last }}
            {%- endfor %}
        from {{ rows }}
        {%- if condition %}
        where {{ condition }}
        {%- endif %}
    ) as dated
    group by grouping sets (
        {%- for kind in kinds %}
        (slice_name, slice_value, {{ kind }}_of_row){{ ',' if not loop.last }}
        {%- endfor %}
    )
{% endmacro %}

{#- Names of the slices that have days and weeks, as literals. -#}
{% macro slices_with_days() -%}
    {%- for name, columns in kpi_slices().items() if 'day' in kpi_periods(columns) -%}
    '{{ name }}'{{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
