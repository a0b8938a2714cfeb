-- Every slice and period that any fact touches: a KPI whose facts are missing there is null with a reason, not absent.
select
    period_kind,
    period_start,
    slice_name,
    slice_value
from {{ ref('measures_tickets') }}
union
select
    period_kind,
    period_start,
    slice_name,
    slice_value
from {{ ref('measures_survey_responses') }}
order by slice_name, period_kind, period_start, slice_value
