select * from {{ ref('int_source_evidence') }}
