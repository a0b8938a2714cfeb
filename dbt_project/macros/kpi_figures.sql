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

{#- Adjusted-Wald interval of the net promoter score at 95 %: three quarters of a promoter and of a detractor are added
    (Rocks, arXiv 1601.07235). It is centred nearer to 0 than the score, so with few answers it is widened to hold the score;
    cut at the ends of the scale. -#}
{% macro net_promoter_bound(promoters, detractors, responses, sign) -%}
    {%- set up = '((' ~ promoters ~ ' + 0.75) / (' ~ responses ~ ' + 3))' %}
    {%- set down = '((' ~ detractors ~ ' + 0.75) / (' ~ responses ~ ' + 3))' %}
    case when {{ responses }} > 0 then greatest(-100, least(100, {{ 'least' if sign == '-' else 'greatest' }}(100 * ({{ promoters }} - {{ detractors }}) / {{ responses }}, round(100 * (
        {{ up }} - {{ down }} {{ sign }} 1.959963984540054 * sqrt(
            ({{ up }} + {{ down }} - ({{ up }} - {{ down }}) * ({{ up }} - {{ down }})) / ({{ responses }} + 3)
        )
    ), 12)))) end
{%- endmacro %}

{#- The measures that a KPI reads, and the facts they belong to, the KPI's own fact first. -#}
{% macro facts_of_kpi(kpi) -%}
    {%- set names = [
        kpi.get('numerator'), kpi.get('denominator'), kpi.get('n'), kpi.get('pending'), kpi.get('decided'), kpi.get('empty_of'),
        kpi.get('promised'),
    ] + kpi.get('interval_of', []) -%}
    {%- for pair in kpi.get('evidence', []) -%}
        {%- do names.extend([pair.known, pair.of]) -%}
    {%- endfor -%}
    {%- set facts = [kpi.fact] -%}
    {%- for name in names if name -%}
        {%- set fact = fact_of_measure(name) | trim -%}
        {%- if fact not in facts -%}{%- do facts.append(fact) -%}{%- endif -%}
    {%- endfor -%}
    {{ return(facts) }}
{%- endmacro %}

{#- A measure of the row's slice and period, where its fact is joined under its own name. -#}
{% macro measured(name) -%}
    {{ return((fact_of_measure(name) | trim) ~ '.' ~ name) }}
{%- endmacro %}

{#- Contracts that say what there is, not what happened: their newest date says nothing about how far they reach. -#}
{% macro registers() -%}
    {{ return(['crm.customers', 'erp.employees', 'erp.products']) }}
{%- endmacro %}

{% macro kpi_contracts_of(kpi) -%}
    {{ return(kpi.get('contracts', [kpi.contract] if kpi.contract else [])) }}
{%- endmacro %}

{#- The figures of one KPI over the wide measures, in the columns of mart_kpis. The relations are parameters, so that the
    very same SQL answers any filter from measures that are aggregated on the fly (see the model kpi_sql). -#}
{% macro kpi_figure(kpi, relations) %}
{%- set is_percentile = kpi.statistic in ('median', 'p90') %}
{%- set share = {'median': 'p50', 'p90': 'p90'}.get(kpi.statistic) %}
{%- set contracts = kpi_contracts_of(kpi) %}
{%- set stage_slices_list = "('" ~ stage_slices() | join("', '") ~ "')" %}
{%- if not is_percentile %}
{%- set numerator = 'cast(' ~ measured(kpi.numerator) ~ ' as double) / ' ~ kpi.get('per_unit', 1) %}
{%- set denominator = 'cast(' ~ measured(kpi.get('denominator', kpi.numerator)) ~ ' as double)' %}
{%- if kpi.get('denominator_per_unit') %}
{%- set denominator = '(' ~ denominator ~ ' / ' ~ kpi.denominator_per_unit ~ ')' %}
{%- endif %}
{%- endif %}
{%- set known = [] %}
{%- for contract in contracts %}
{%- do known.append('contract_' ~ loop.index ~ '.is_delivered') %}
{%- endfor %}
{#- of cases whose source cannot know the figure nothing is known, not even that it is 0 (ruling B21) #}
{%- for pair in kpi.get('evidence', []) %}
{%- do known.append('(coalesce(' ~ measured(pair.of) ~ ', 0) = 0 or coalesce(' ~ measured(pair.known) ~ ', 0) > 0)') %}
{%- endfor %}
{%- if kpi.get('slices') %}
{%- do known.append("spine.slice_name in ('" ~ kpi.slices | join("', '") ~ "')") %}
{%- endif %}
{%- if kpi.get('periods') %}
{%- do known.append("spine.period_kind in ('" ~ kpi.periods | join("', '") ~ "')") %}
{%- endif %}
{%- set is_known = known | join(' and ') %}
{%- set pending = 'coalesce(' ~ measured(kpi.pending) ~ ', 0)' if kpi.get('pending') else '0' %}
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
    {%- elif kpi.statistic in ('count', 'stock') %}
    case when {{ is_known }} then coalesce({{ numerator }}, 0) end as numerator,
    cast(null as double) as denominator,
    case when {{ is_known }} then coalesce({{ numerator }}, 0) end as value,
    case when {{ is_known }} then cast(coalesce({{ measured(kpi.n) }}, 0) as bigint) else 0 end as n,
    cast(null as double) as low,
    cast(null as double) as high,
    {%- else %}
    case when {{ is_known }} then coalesce({{ numerator }}, 0) end as numerator,
    case when {{ is_known }} then coalesce({{ denominator }}, 0) end as denominator,
    case
        when {{ is_known }} and {{ denominator }} > 0
            then {{ kpi.scale ~ ' * ' if kpi.get('scale') }}coalesce({{ numerator }}, 0) / {{ denominator }}
    end as value,
    case when {{ is_known }} then cast(coalesce({{ measured(kpi.n) }}, 0) as bigint) else 0 end as n,
    {%- if kpi.interval == 'wilson' %}
    case when {{ is_known }} then {{ wilson_bound('coalesce(' ~ numerator ~ ', 0)', denominator, '-') }} end as low,
    case when {{ is_known }} then {{ wilson_bound('coalesce(' ~ numerator ~ ', 0)', denominator, '+') }} end as high,
    {%- elif kpi.interval == 'adjusted_wald' %}
    {{ net_promoter_bound(measured(kpi.interval_of[0]), measured(kpi.interval_of[1]), denominator, '-') }} as low,
    {{ net_promoter_bound(measured(kpi.interval_of[0]), measured(kpi.interval_of[1]), denominator, '+') }} as high,
    {%- else %}
    cast(null as double) as low,
    cast(null as double) as high,
    {%- endif %}
    {%- endif %}
    kpis.unit,
    coalesce(own_targets.target, company_targets.target, kpis.default_target) as target,
    {%- if kpi.get('pending') %}
    {%- set decided = measured(kpi.get('decided', kpi.n)) if kpi.get('decided') or not is_percentile else 'distributed.n' %}
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
    {%- for contract in contracts %}
    {{ 'and ' if not loop.first }}
    {%- if contract in registers() %}contract_{{ loop.index }}.is_delivered
    {%- else %}coalesce(
        contract_{{ loop.index }}.complete_until - interval {{ kpi.get('maturity_hours', 0) }} hours
        >= {{ period_end('spine.period_kind', 'spine.period_start') }},
        false
    )
    {%- endif %}{{ ' as is_complete,' if loop.last }}
    {%- endfor %}
    case
        {%- if kpi.get('slices') %}
        when spine.slice_name not in ('{{ kpi.slices | join("', '") }}') then 'not_in_slice'
        {%- endif %}
        {%- if kpi.get('periods') %}
        when spine.period_kind not in ('{{ kpi.periods | join("', '") }}') then 'not_in_period'
        {%- endif %}
        when not ({{ is_known }}) then 'not_in_source'
        {%- if is_percentile %}
        when distributed.n > 0 then null
        {%- elif kpi.statistic in ('count', 'stock') %}
        when {{ is_known }} then null
        {%- else %}
        when {{ denominator }} > 0 then null
        {%- endif %}
        when {{ pending }} > 0 then 'immature'
        {%- if kpi.get('empty_reason') %}
        when {{ measured(kpi.empty_of) }} > 0
            {%- if kpi.get('promised') %} and coalesce({{ measured(kpi.promised) }}, 0) = 0{% endif %} then '{{ kpi.empty_reason }}'
        {%- endif %}
        else 'no_cases'
    end as null_reason,
    runs.as_of,
    runs.build_id
from {{ relations.spine }} as spine
cross join {{ relations.runs }} as runs
inner join {{ relations.kpis }} as kpis
    on kpis.kpi_key = '{{ kpi.key }}'
{%- for contract in contracts %}
inner join {{ relations.contracts }} as contract_{{ loop.index }}
    on contract_{{ loop.index }}.contract = '{{ contract }}'
{%- endfor %}
{%- for fact in facts_of_kpi(kpi) %}
left join {{ relations.measures[fact] }} as {{ fact }}
    on
        spine.slice_name = {{ fact }}.slice_name
        and spine.period_kind = {{ fact }}.period_kind
        and spine.period_start = {{ fact }}.period_start
        and spine.slice_value = {{ fact }}.slice_value
{%- endfor %}
{%- if is_percentile %}
left join {{ relations.percentiles[kpi.fact] }} as distributed
    on
        distributed.kpi_key = '{{ kpi.distribution }}'
        and spine.slice_name = distributed.slice_name
        and spine.period_kind = distributed.period_kind
        and spine.period_start = distributed.period_start
        and spine.slice_value = distributed.slice_value
{%- endif %}
left join {{ relations.targets }} as own_targets
    on
        own_targets.kpi_key = '{{ kpi.key }}'
        and spine.slice_name = own_targets.slice_name
        and spine.slice_value = own_targets.slice_value
        and spine.period_start >= own_targets.valid_from
        and spine.period_start < own_targets.valid_to
left join {{ relations.targets }} as company_targets
    on
        company_targets.kpi_key = '{{ kpi.key }}'
        and company_targets.slice_name = 'total'
        and company_targets.slice_value = 'all'
        and spine.period_start >= company_targets.valid_from
        and spine.period_start < company_targets.valid_to
{%- if kpi.fact != 'ticket_stages' %}
where spine.slice_name not in {{ stage_slices_list }}
{%- endif %}
{% endmacro %}

{#- One branch per KPI of the catalogue. -#}
{% macro kpi_figures(relations) %}
{%- for kpi in kpi_catalogue() %}
{{ kpi_figure(kpi, relations) }}
{{ 'union all' if not loop.last }}
{%- else %}
select
    cast(null as varchar) as kpi_key
where false
{%- endfor %}
{% endmacro %}

{#- The relations that figures are made of, with measures and percentiles named by a prefix. -#}
{% macro figure_relations(measures_prefix=none) -%}
    {%- set measures = {} -%}
    {%- for fact in measure_facts() -%}
        {%- do measures.update({
            fact: measures_prefix ~ fact if measures_prefix else within_build(ref('measures_' ~ fact)) | string
        }) -%}
    {%- endfor -%}
    {%- set percentiles = {} -%}
    {%- for fact in facts_with_durations() -%}
        {%- do percentiles.update({
            fact: measures_prefix ~ 'percentiles_' ~ fact if measures_prefix else within_build(ref('percentiles_' ~ fact)) | string
        }) -%}
    {%- endfor -%}
    {{ return({
        'spine': measures_prefix ~ 'spine' if measures_prefix else within_build(ref('measures_spine')) | string,
        'measures': measures,
        'percentiles': percentiles,
        'runs': within_build(ref('dim_run')) | string,
        'kpis': within_build(ref('dim_kpis')) | string,
        'contracts': within_build(ref('kpi_contracts')) | string,
        'targets': within_build(ref('kpi_targets_in_force')) | string,
    }) }}
{%- endmacro %}

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
