{#- Elapsed calendar seconds between two instants, null if either is null or the order is wrong (ruling B5).
    From epoch seconds, because dbt.datediff counts boundaries differently on every engine. -#}
{% macro calendar_seconds(from_instant, to_instant) -%}
    {{ return(adapter.dispatch('calendar_seconds', 'aftercare')(from_instant, to_instant)) }}
{%- endmacro %}

{% macro default__calendar_seconds(from_instant, to_instant) -%}
    case
        when {{ to_instant }} >= {{ from_instant }}
            then (epoch_us({{ to_instant }}) - epoch_us({{ from_instant }})) / 1000000.0
    end
{%- endmacro %}

{#- Local date of a UTC instant in a zone (an expression or a quoted IANA name). -#}
{% macro local_date(instant, zone) -%}
    {{ return(adapter.dispatch('local_date', 'aftercare')(instant, zone)) }}
{%- endmacro %}

{% macro default__local_date(instant, zone) -%}
    cast(timezone({{ zone }}, timezone('UTC', {{ instant }})) as date)
{%- endmacro %}

{#- UTC instant of a local wall-clock time. -#}
{% macro utc_instant(local_time, zone) -%}
    {{ return(adapter.dispatch('utc_instant', 'aftercare')(local_time, zone)) }}
{%- endmacro %}

{% macro default__utc_instant(local_time, zone) -%}
    timezone('UTC', timezone({{ zone }}, {{ local_time }}))
{%- endmacro %}

{#- Working seconds of a calendar up to an instant, from the interval that an asof join found for it.
    The interval is null before the calendar's first day: nothing was worked then. Decimals, so that a limit that is
    exactly met stays met and sums do not depend on the order in which threads add. -#}
{% macro worked_seconds_at(instant, interval_alias) -%}
    cast(coalesce(
        {{ interval_alias }}.worked_seconds_before
        + (epoch_us(case when {{ instant }} < {{ interval_alias }}.ends_at then {{ instant }}
                         else {{ interval_alias }}.ends_at end)
           - epoch_us({{ interval_alias }}.starts_at)) / 1000000.0,
        0
    ) as decimal(18, 6))
{%- endmacro %}

{#- Rows of a relation (with a calendar_id) and the working seconds of their calendar up to one of their instants: elapsed
    working time is the difference of two of these. `working` is the relation of int_working_intervals. -#}
{% macro with_worked_seconds(relation, instant, name, working) -%}
    select
        {{ relation }}.*,
        {{ worked_seconds_at(relation ~ '.' ~ instant, working) }} as {{ name }}
    from {{ relation }}
    asof left join {{ working }}
        on {{ relation }}.calendar_id = {{ working }}.calendar_id and {{ relation }}.{{ instant }} >= {{ working }}.starts_at
{%- endmacro %}
