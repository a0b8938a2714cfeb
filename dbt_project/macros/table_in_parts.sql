{#- A table whose SELECT is one query for its readers (unit tests, docs, the yardstick) and several statements when it is built:
    `with <name> as materialized (…)`, then parts, each begun by a line `-- part <label>` and joined by `union all`.
    DuckDB frees the lists of a statement when it has ended, so only those of one part are in memory. -#}
{% materialization table_in_parts, adapter='duckdb' %}
    {%- set target = this.incorporate(type='table') -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- set parts = compiled_code.split('-- part ') -%}
    {%- set common = parts[0].strip().removeprefix('with ').split(' as materialized ') -%}
    {%- set shared = common[0].strip() -%}

    {{ run_hooks(pre_hooks) }}
    {%- set statements = ['create or replace temp table ' ~ shared ~ ' as ' ~ common[1:] | join(' as materialized ')] -%}
    {%- for part in parts[1:] %}
        {%- set rows = part[part.index('\n'):].strip().removesuffix('union all') -%}
        {%- do statements.append(('create or replace temp table parts as ' if loop.first else 'insert into parts ') ~ rows) -%}
    {%- endfor %}
    {#- one call, but DuckDB runs them one after another -#}
    {% do run_query(statements | join(';\n')) %}
    {% if existing is not none %}
        {{ adapter.drop_relation(existing) }}
    {% endif %}
    {% call statement('main') -%}
        create table {{ target }} as
        from parts
        order by {{ config.require('order_by') }}
    {%- endcall %}
    {% do run_query('drop table ' ~ shared ~ '; drop table parts') %}
    {{ run_hooks(post_hooks) }}
    {{ adapter.commit() }}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}
