"""Names in the SQL of a proposal: bare where SQL reads them as they stand, so that people can read them too."""

import re
from functools import cache

from landing.expressions import check_expression
from landing.quoting import identifier, literal

_BARE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@cache
def column_sql(name: str) -> str:
    """Return a source column's name as SQL, in quotes where it needs them."""
    if _BARE.fullmatch(name):
        try:
            if check_expression(name).columns == {name}:
                return name
        except ValueError:
            pass
    return identifier(name)


def is_one_of(column: str, texts: tuple[str, ...] | list[str]) -> str:
    """Return SQL that is true where a column (as SQL) has one of some texts."""
    if len(texts) == 1:
        return f"{column} = {literal(texts[0])}"
    return f"{column} in ({', '.join(literal(text) for text in texts)})"
