select * from {{ ref('int_ticket_intervals_timed') }}
