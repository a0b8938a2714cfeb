-- Visits of a case that arrived: a touch (ruling B9), and no first contact (ruling D9).
with orders as (
    select * from {{ ref('int_work_orders_placed') }}
)

select
    case_id,
    count(*) as arrivals,
    min(arrived_at) as first_arrived_at
from orders
where case_id is not null and arrived_at is not null
group by case_id
