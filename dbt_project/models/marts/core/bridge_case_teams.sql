select
    shares.case_id,
    shares.team_id,
    shares.working_seconds,
    shares.share
from {{ ref('int_case_team_shares') }} as shares
