select * from {{ ref('stg_meta__run_context') }}
