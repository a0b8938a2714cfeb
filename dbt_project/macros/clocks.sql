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
    working time is the difference of two of these. `working` is the relation of int_working_intervals; its few rows are
    found by the day of the instant, because an asof join would sort every row of the relation. -#}
{% macro with_worked_seconds(relation, instant, name, working) -%}
    select
        {{ relation }}.*,
        case
            when shifts.calendar_id is not null then {{ worked_seconds_at(relation ~ '.' ~ instant, 'shifts') }}
            when {{ relation }}.{{ instant }} >= last_shifts.starts_at then last_shifts.worked_seconds
            else 0
        end as {{ name }}
    from {{ relation }}
    left join ({{ working_by_day(working) }}) as shifts
        on
            {{ relation }}.calendar_id = shifts.calendar_id
            and cast({{ relation }}.{{ instant }} as date) = shifts.utc_date
            and {{ relation }}.{{ instant }} >= shifts.starts_at
            and {{ relation }}.{{ instant }} < shifts.next_starts_at
    left join (
        select
            calendar_id,
            max(starts_at) as starts_at,
            cast(max(worked_seconds_before + worked_seconds) as decimal(18, 6)) as worked_seconds
        from {{ working }}
        group by calendar_id
    ) as last_shifts
        on {{ relation }}.calendar_id = last_shifts.calendar_id
{%- endmacro %}

{#- Each working interval once per UTC day on which it is the latest one; the last one on its own days. -#}
{% macro working_by_day(working) -%}
    select
        *,
        cast(unnest(generate_series(
            cast(starts_at as date), cast(least(next_starts_at, last_at) as date), interval 1 day
        )) as date) as utc_date
    from (
        select
            *,
            coalesce(lead(starts_at) over by_calendar, timestamp '9999-12-31') as next_starts_at,
            coalesce(lead(starts_at) over by_calendar, ends_at) as last_at
        from {{ working }}
        window by_calendar as (partition by calendar_id order by starts_at)
    ) as followed
{%- endmacro %}
