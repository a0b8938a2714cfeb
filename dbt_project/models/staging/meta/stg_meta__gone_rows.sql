-- Which rows a source no longer has: a key is gone when every extract that has it is older than the newest whole
-- snapshot of its system, contract and part. A later extract that has it brings it back.
with gone as (
    {{ gone_rows('crm__tickets', ['ticket_id']) }}
    union all
    {{ gone_rows('crm__ticket_events', ['ticket_id', 'event_type', 'occurred_at', 'sequence']) }}
    union all
    {{ gone_rows('crm__customers', ['customer_id']) }}
    union all
    {{ gone_rows('crm__collaborations', ['collaboration_id']) }}
    union all
    {{ gone_rows('crm__quality_inspections', ['inspection_id']) }}
    union all
    {{ gone_rows('crm__knowledge_articles', ['article_id']) }}
    union all
    {{ gone_rows('erp__employees', ['employee_id', 'effective_from']) }}
    union all
    {{ gone_rows('erp__work_orders', ['work_order_id']) }}
    union all
    {{ gone_rows('erp__parts_requests', ['request_id']) }}
    union all
    {{ gone_rows('erp__parts_stock', ['snapshot_on', 'warehouse_id', 'part_id']) }}
    union all
    {{ gone_rows('erp__products', ['product_id']) }}
    union all
    {{ gone_rows('erp__revenue', ['month', 'region_id', 'category']) }}
    union all
    {{ gone_rows('erp__training_records', ['record_id']) }}
    union all
    {{ gone_rows('survey__responses', ['response_id']) }}
    union all
    {{ gone_rows('survey__peer_reviews', ['review_id']) }}
)

select * from gone
