{#- The catalogue, from wherever a model asks for it; empty while dbt parses. -#}
{% macro kpi_catalogue() -%}
    {%- set node = (graph.nodes.values() | selectattr('name', 'equalto', 'dim_kpis') | list | first) if execute else none -%}
    {{ return(node.config.meta.kpis if node else []) }}
{%- endmacro %}

{#- Wilson's interval of a rate at 95 % (Wilson 1927), as a fraction; rounded, because floating-point noise would put
    the bounds of 0 and 1 outside of them. `sign` is '-' or '+'. -#}
{% macro wilson_bound(numerator, denominator, sign) -%}
    case when {{ denominator }} > 0 then abs(round((
        {{ numerator }} / {{ denominator }} + 1.9207294103470608 / {{ denominator }}
        {{ sign }} 1.959963984540054 * sqrt(
            {{ numerator }} / {{ denominator }} * (1 - {{ numerator }} / {{ denominator }}) / {{ denominator }}
            + 0.9603647051735304 / ({{ denominator }} * {{ denominator }})
        )
    ) / (1 + 3.8414588206941236 / {{ denominator }}), 12)) end
{%- endmacro %}

{#- One branch per KPI over the wide measures, in the columns of mart_kpis. The relations are parameters, so that the
    very same SQL answers any filter from measures that are aggregated on the fly (see the model kpi_sql). -#}
{% macro kpi_figures(spine, measures, percentiles, dimensions) %}
{%- for kpi in kpi_catalogue() %}
{%- set is_percentile = kpi.statistic in ('median', 'p90') %}
{%- set share = {'median': 'p50', 'p90': 'p90'}.get(kpi.statistic) %}
{%- set numerator = 'cast(measured.' ~ kpi.numerator ~ ' as double) / ' ~ kpi.get('per_unit', 1) %}
{%- set denominator = 'cast(measured.' ~ kpi.get('denominator', kpi.numerator) ~ ' as double)' %}
{%- set known = ['contracts.is_delivered'] %}
{#- of cases whose source cannot know the figure nothing is known, not even that it is 0 (ruling B21) #}
{%- for pair in kpi.get('evidence', []) %}
{%- do known.append('(coalesce(measured.' ~ pair.of ~ ', 0) = 0 or coalesce(measured.' ~ pair.known ~ ', 0) > 0)') %}
{%- endfor %}
{%- set is_known = known | join(' and ') %}
{%- set pending = 'coalesce(measured.' ~ kpi.pending ~ ', 0)' if kpi.get('pending') else '0' %}
select
    '{{ kpi.key }}' as kpi_key,
    spine.period_kind,
    spine.period_start,
    spine.slice_name,
    spine.slice_value,
    {%- if is_percentile %}
    cast(null as double) as numerator,
    cast(null as double) as denominator,
    case when {{ is_known }} then distributed.{{ share }} end as value,
    case when {{ is_known }} then coalesce(distributed.n, 0) else 0 end as n,
    case when {{ is_known }} then distributed.{{ share }}_low end as low,
    case when {{ is_known }} then distributed.{{ share }}_high end as high,
    {%- elif kpi.statistic == 'count' %}
    case when {{ is_known }} then coalesce({{ numerator }}, 0) end as numerator,
    cast(null as double) as denominator,
    case when {{ is_known }} then coalesce({{ numerator }}, 0) end as value,
    case when {{ is_known }} then cast(coalesce(measured.{{ kpi.n }}, 0) as bigint) else 0 end as n,
    cast(null as double) as low,
    cast(null as double) as high,
    {%- else %}
    case when {{ is_known }} then coalesce({{ numerator }}, 0) end as numerator,
    case when {{ is_known }} then coalesce({{ denominator }}, 0) end as denominator,
    case when {{ is_known }} and {{ denominator }} > 0 then coalesce({{ numerator }}, 0) / {{ denominator }} end as value,
    case when {{ is_known }} then cast(coalesce(measured.{{ kpi.n }}, 0) as bigint) else 0 end as n,
    {%- if kpi.interval == 'wilson' %}
    {{ wilson_bound('coalesce(' ~ numerator ~ ', 0)', denominator, '-') }} as low,
    {{ wilson_bound('coalesce(' ~ numerator ~ ', 0)', denominator, '+') }} as high,
    {%- else %}
    cast(null as double) as low,
    cast(null as double) as high,
    {%- endif %}
    {%- endif %}
    kpis.unit,
    coalesce(own_targets.target, company_targets.target, kpis.default_target) as target,
    {%- if kpi.get('pending') %}
    {%- set decided = 'distributed.n' if is_percentile else 'measured.' ~ kpi.n %}
    {%- if kpi.get('counts_pending') %}
    case when {{ decided }} > 0 then 1 - {{ pending }} / cast({{ decided }} as double) end as matured_share,
    {%- else %}
    case
        when coalesce({{ decided }}, 0) + {{ pending }} > 0
            then cast(coalesce({{ decided }}, 0) as double) / (coalesce({{ decided }}, 0) + {{ pending }})
    end as matured_share,
    {%- endif %}
    {%- else %}
    cast(1 as double) as matured_share,
    {%- endif %}
    coalesce(
        contracts.complete_until - interval {{ kpi.get('maturity_hours', 0) }} hours
        >= {{ period_end('spine.period_kind', 'spine.period_start') }},
        false
    ) as is_complete,
    case
        when not ({{ is_known }}) then 'not_in_source'
        {%- if is_percentile %}
        when distributed.n > 0 then null
        {%- elif kpi.statistic == 'count' %}
        when {{ is_known }} then null
        {%- else %}
        when {{ denominator }} > 0 then null
        {%- endif %}
        when {{ pending }} > 0 then 'immature'
        {%- if kpi.get('empty_reason') %}
        when measured.{{ kpi.empty_of }} > 0
            {%- if kpi.get('promised') %} and coalesce(measured.{{ kpi.promised }}, 0) = 0{% endif %} then '{{ kpi.empty_reason }}'
        {%- endif %}
        else 'no_cases'
    end as null_reason,
    runs.as_of,
    runs.build_id
from {{ spine }} as spine
cross join {{ dimensions.runs }} as runs
inner join {{ dimensions.kpis }} as kpis
    on kpis.kpi_key = '{{ kpi.key }}'
inner join {{ dimensions.contracts }} as contracts
    on contracts.contract = '{{ kpi.contract }}'
left join {{ measures[kpi.fact] }} as measured
    on
        spine.slice_name = measured.slice_name
        and spine.period_kind = measured.period_kind
        and spine.period_start = measured.period_start
        and spine.slice_value = measured.slice_value
{%- if is_percentile %}
left join {{ percentiles[kpi.fact] }} as distributed
    on
        distributed.kpi_key = '{{ kpi.distribution }}'
        and spine.slice_name = distributed.slice_name
        and spine.period_kind = distributed.period_kind
        and spine.period_start = distributed.period_start
        and spine.slice_value = distributed.slice_value
{%- endif %}
left join {{ dimensions.targets }} as own_targets
    on
        own_targets.kpi_key = '{{ kpi.key }}'
        and spine.slice_name = own_targets.slice_name
        and spine.slice_value = own_targets.slice_value
        and spine.period_start >= own_targets.valid_from
        and spine.period_start < own_targets.valid_to
left join {{ dimensions.targets }} as company_targets
    on
        company_targets.kpi_key = '{{ kpi.key }}'
        and company_targets.slice_name = 'total'
        and company_targets.slice_value = 'all'
        and spine.period_start >= company_targets.valid_from
        and spine.period_start < company_targets.valid_to
{{ 'union all' if not loop.last }}
{%- else %}
select
    cast(null as varchar) as kpi_key
where false
{%- endfor %}
{% endmacro %}

{#- First day after a period. -#}
{% macro period_end(period_kind, period_start) -%}
    case {{ period_kind }}
        when 'day' then {{ period_start }} + interval 1 day
        when 'week' then {{ period_start }} + interval 7 days
        when 'month' then {{ period_start }} + interval 1 month
        when 'quarter' then {{ period_start }} + interval 3 months
        else {{ period_start }} + interval 1 year
    end
{%- endmacro %}
