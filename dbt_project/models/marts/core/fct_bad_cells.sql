select * from {{ ref('stg_meta__bad_cells') }}
