{#- A key has a value in every row, and no value twice: one query where `unique` and `not_null` take two. -#}
{% test key(model, column_name) %}
select
    {{ column_name }},
    count(*) as rows
from {{ model }}
group by {{ column_name }}
having count(*) > 1 or {{ column_name }} is null
{% endtest %}
