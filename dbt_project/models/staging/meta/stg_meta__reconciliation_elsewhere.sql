select
    source_system,
    elsewhere_most_reopened,
    elsewhere_reassignments,
    elsewhere_own_known,
    elsewhere_own_fits,
    elsewhere_holder_fits,
    elsewhere_person_fits
from {{ source('meta', 'reconciliation_elsewhere') }}
