{{ config(materialized='view') }}
-- Per month, warehouse and part: the value used, for a whole year at that rate, and the mean value in stock over the
-- month's counts (ruling E8, decision 0011). What a count does not tell is in neither.
with counts as (
    select
        *,
        cast(date_trunc('month', snapshot_on) as date) as month,
        consumed is not null and unit_cost is not null as is_known
    from {{ within_build(ref('fct_parts_stock')) }}
),

facts as (
    select
        month,
        warehouse_id,
        part_id,
        arg_max(region_id, snapshot_on) as region_id,
        arg_max(source_system, snapshot_on) as source_system,
        concat_ws('|', strftime(month, '%Y-%m'), warehouse_id, part_id) as stock_line_id,
        case when bool_or(is_known) then 1 end as is_known,
        cast(12 * sum(consumed * unit_cost) filter (where is_known) as decimal(38, 6)) as yearly_consumed_value,
        cast(avg(on_hand * unit_cost) filter (where is_known) as decimal(38, 6)) as stock_value,
        'unknown' as team_id,
        'unknown' as employment,
        {{ attributes_without_case() }}
    from counts
    group by all
),

described as (
    {{ described_rows('facts') }}
),

counted as (
    select
        'counted' as cohort,
        month as local_date,
        team_id,
        employment,
        stock_line_id,
        {{ contribution_dimensions() }},
        1 as stock_lines,
        is_known as known_stock_lines,
        case when stock_value > 0 then 1 end as valued_stock_lines,
        yearly_consumed_value,
        stock_value
    from described
)

select * from counted
