select * from {{ ref('stg_crm__ticket_texts') }}
