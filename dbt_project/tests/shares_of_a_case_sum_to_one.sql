-- Shares are rounded to 12 places, so a case of k teams may miss 1 by k units of the last place.
select
    case_id,
    sum(share) as share
from {{ ref('bridge_case_teams') }}
group by case_id
having abs(sum(share) - 1) > 0.00000000001
