select distinct
    capabilities.source_system,
    capabilities.contract,
    capabilities.column_name,
    capabilities.value
from {{ source('meta', 'source_capabilities') }} as capabilities
inner join {{ ref('stg_meta__extracts') }} as extracts
    on capabilities.extract_id = extracts.extract_id
