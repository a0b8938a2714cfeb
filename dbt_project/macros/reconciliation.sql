{#- Two instants that lie at most a minute apart are the same one, written down twice. -#}
{% macro same_minute(one, other) -%}
    coalesce(abs(epoch_us({{ one }}) - epoch_us({{ other }})) <= 60000000, false)
{%- endmacro %}

{#- An instant as reconciliations show it: UTC, ISO 8601. -#}
{% macro instant_text(instant) -%}
    strftime({{ instant }}, '%Y-%m-%dT%H:%M:%SZ')
{%- endmacro %}
