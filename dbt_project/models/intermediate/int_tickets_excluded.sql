-- The first exclusion rule that a ticket meets (ruling B8); rules are data, edited in seeds/exclusion_rules.csv.
{%- set fields = [
    'source_system', 'status', 'case_type', 'channel', 'priority', 'customer_id', 'asset_id', 'product_id', 'region_id',
    'team_id', 'agent_id', 'root_cause_id', 'subject', 'resolution_mode', 'is_warranty', 'is_escalated', 'is_sla_met',
] %}
with tickets as (
    select * from {{ ref('stg_crm__tickets') }}
),

rules as (
    select * from {{ ref('exclusion_rules') }}
),

compared as (
    select
        tickets.ticket_id,
        rules.rule_id,
        rules.operator,
        rules.value,
        string_split(rules.value, '|') as candidates,
        case rules.field
            {%- for field in fields %}
            when '{{ field }}' then cast(tickets.{{ field }} as varchar)
            {%- endfor %}
        end as field_text
    from tickets
    cross join rules
    -- a rule about a field that does not exist excludes nothing
    where rules.field in ('{{ fields | join("', '") }}')
)

select
    ticket_id,
    min(rule_id) as rule_id
from compared
where
    case operator
        when 'equals' then field_text = value
        when 'in' then list_contains(candidates, field_text)
        when 'contains' then 
            len(list_filter(candidates, lambda candidate: candidate <> '' and contains(field_text, candidate))) > 0
        when 'is_true' then field_text = 'true'
        when 'is_null' then field_text is null
    end
group by ticket_id
