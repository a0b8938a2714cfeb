-- Whom a pseudonym stands for; only models of the private file may read this one.
select
    kind,
    pseudonym,
    any_value(identifier) as identifier
from {{ source('private', 'identities') }}
group by kind, pseudonym
