"""Typed columns of a source as the texts that mappings read, with the typed value beside the text."""

from dataclasses import dataclass

from duckdb.sqltypes import DuckDBPyType

from landing.mapping_model import ReadOptions
from landing.quoting import identifier, text_list

_WHOLE = frozenset(
    {"tinyint", "smallint", "integer", "bigint", "hugeint", "utinyint", "usmallint", "uinteger", "ubigint", "uhugeint"}
)
_LOCAL = frozenset({"timestamp", "timestamp_s", "timestamp_ms", "timestamp_ns"})
_NESTED = frozenset({"list", "array", "map", "union"})


@dataclass(frozen=True)
class TypedColumn:
    """A column of the source: SQL of its text and, where its type says more than the text, of its typed value.

    `kind` names the dictionary of `SourceTable` that the companion belongs to.
    """

    name: str
    text: str
    is_text: bool = False
    kind: str = ""
    typed: str = ""

    @property
    def companion(self) -> str:
        return f"__{self.kind}_{self.name}"


def typed_column(name: str, sql: str, kind: DuckDBPyType) -> TypedColumn:
    """Return how a column of a type is read.

    Whole numbers are never written with an exponent, so that ids in floating-point columns keep their digits. NaN is
    how data frames write an empty cell; an infinite number is none. Bytes are text where they are UTF-8.
    """
    text = f"cast({sql} as varchar)"
    if kind.id in ("varchar", "enum", "uuid"):
        return TypedColumn(name, text, is_text=True)
    if kind.id == "blob":
        return TypedColumn(name, f"coalesce(try(decode({sql})), {text})", is_text=True)
    if kind.id in _NESTED:
        return TypedColumn(name, f"cast(to_json({sql}) as varchar)", is_text=True)
    if kind.id == "timestamp with time zone":
        return TypedColumn(name, text, kind="zoned", typed=_finite(sql))
    if kind.id in _LOCAL:
        return TypedColumn(
            name, text, kind="instants", typed=f"cast({_finite(f'cast({sql} as timestamp)')} as timestamp)"
        )
    if kind.id == "date":
        return TypedColumn(name, text, kind="dates", typed=_finite(sql))
    if kind.id in _WHOLE or kind.id == "decimal":
        return TypedColumn(name, text, kind="numbers", typed=sql)
    if kind.id in ("float", "double"):
        digits = f"cast(cast({sql} as hugeint) as varchar)"
        # the shorter text is that of the narrow type: 0.1 stays 0.1
        is_whole = f"{sql} = trunc({sql}) and abs({sql}) < 1e37"
        written = f"case when isnan({sql}) then null when {is_whole} then {digits} else {text} end"
        return TypedColumn(name, written, kind="numbers", typed=_finite(f"cast({text} as double)"))
    return TypedColumn(name, text)


def _finite(sql: str) -> str:
    return f"case when isfinite({sql}) then {sql} end"


def select_list(columns: list[TypedColumn], options: ReadOptions) -> str:
    """Return the SQL list of texts and typed companions; the texts that mean *empty* leave neither."""
    parts = []
    for column in columns:
        empty = tuple(dict.fromkeys((*(("",) if column.is_text else ()), *options.null_values)))
        parts.append(f"{_unless_empty(column.text, column.text, empty)} as {identifier(column.name)}")
        if column.kind:
            parts.append(f"{_unless_empty(column.typed, column.text, empty)} as {identifier(column.companion)}")
    return ", ".join(parts)


def _unless_empty(sql: str, text: str, empty: tuple[str, ...]) -> str:
    return f"case when {text} not in ({text_list(empty)}) then {sql} end" if empty else sql
