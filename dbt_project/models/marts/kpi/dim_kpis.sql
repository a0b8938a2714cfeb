-- Made from the catalogue in _kpi_catalogue.yml. Unit tests of dbt see no meta, so pytest tests the catalogue.
{%- set kpis = config.get('meta', {}).get('kpis', []) %}
{%- set columns = [
    ('kpi_key', 'varchar'), ('position', 'integer'), ('family', 'varchar'), ('label_en', 'varchar'),
    ('label_zh', 'varchar'), ('question_en', 'varchar'), ('question_zh', 'varchar'), ('definition_en', 'varchar'),
    ('definition_zh', 'varchar'), ('fact', 'varchar'), ('statistic', 'varchar'), ('unit', 'varchar'),
    ('direction', 'varchar'), ('cohort_basis', 'varchar'), ('default_target', 'double'), ('minimum_n', 'integer'),
    ('interval', 'varchar'), ('maturity_hours', 'integer'), ('numerator', 'varchar'), ('denominator', 'varchar'),
    ('distribution', 'varchar'), ('contract', 'varchar'), ('slices', 'varchar'), ('periods', 'varchar'), ('owner', 'varchar'), ('team_rule_en', 'varchar'),
    ('team_rule_zh', 'varchar'), ('evidence', 'varchar'), ('pending', 'varchar'), ('caveat_en', 'varchar'), ('caveat_zh', 'varchar'), ('rulings', 'varchar'),
] %}
{%- for kpi in kpis %}
{%- set evidence = [] %}
{%- for pair in kpi.get('evidence', []) %}
{%- do evidence.append(pair.known ~ ' of ' ~ pair.of) %}
{%- endfor %}
{%- set values = [
    kpi.key, loop.index, kpi.family, kpi.label.en, kpi.label.zh, kpi.question.en, kpi.question.zh,
    kpi.definition.en, kpi.definition.zh, kpi.fact, kpi.statistic, kpi.unit, kpi.direction, kpi.cohort_basis,
    kpi.get('default_target'), kpi.get('minimum_n'), kpi.interval, kpi.get('maturity_hours', 0),
    kpi.get('numerator'), kpi.get('denominator'), kpi.get('distribution'),
    kpi_contracts_of(kpi) | join(' '), kpi.slices | join(' ') if kpi.get('slices') else none,
    kpi.periods | join(' ') if kpi.get('periods') else none, kpi.owner,
    kpi.team_rule.en, kpi.team_rule.zh, evidence | join(', ') if evidence else none, kpi.get('pending'),
    kpi.get('caveat', {}).get('en'), kpi.get('caveat', {}).get('zh'),
    kpi.rulings | join(' '),
] %}
select
    {%- for name, type in columns %}
    cast({{ sql_literal(values[loop.index0]) }} as {{ type }}) as {{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
{{ 'union all' if not loop.last }}
{%- else %}
select
    {%- for name, type in columns %}
    cast(null as {{ type }}) as {{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
where false
{%- endfor %}
