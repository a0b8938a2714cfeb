"""Which columns the objects of a level have, and the SQL that takes their texts out."""

# ruff: noqa: S608 - names are quoted, texts are literals or parameters; mapping SQL runs in the sandbox only

import json
from dataclasses import dataclass, replace
from typing import Any

import duckdb

from landing.json_paths import Leaf, Path, leaves, objects, pointer, without
from landing.mapping_model import ReadOptions
from landing.quoting import identifier, literal, text_list
from landing.source_table import MAX_COLUMNS, too_many_columns

#: Fractions that a double-precision number would write differently: exponents, closing zeros, many digits.
_INEXACT = r"[:,\[]\s*-?[0-9]+(?:[eE]|\.[0-9]+[eE]|\.[0-9]*0(?:[^0-9]|$)|\.[0-9]{8})|[:,\[]\s*-?[0-9]{9,}\."
_STRING_OR_NUMBER = r'("(?:[^"\\]|\\.)*")|(-?[0-9][0-9.eE+-]*)'


@dataclass(frozen=True)
class Level:
    """Table of objects (`place`, `json`) at one depth of the file, and the leaves that they have."""

    table: str
    path: Path
    leaves: tuple[Leaf, ...] = ()


def discover(
    connection: duckdb.DuckDBPyConnection, level: Level, name: str, file_name: str, segment: str | None = None
) -> Level:
    """Return the level with its leaves, those below `segment` excepted; objects that name a key twice are rejected.

    Raises RefusalError when there are absurdly many.
    """
    structure = _structure(connection, level.table, "json")
    if segment is not None:
        structure = without(structure, segment)
    found = _expanded(connection, level.table, list(leaves(structure)), file_name)
    places = tuple(dict.fromkeys((*objects(structure), *(leaf.path[:-1] for leaf in found), ())))
    _reject_repeated_keys(connection, level.table, name, places)
    return replace(level, leaves=tuple(found))


def _structure(connection: duckdb.DuckDBPyConnection, table: str, sql: str, condition: str = "true") -> Any:
    row = connection.execute(
        f"select json_group_structure(cast({sql} as json)) from {table} where {condition}"
    ).fetchone()
    return json.loads(row[0]) if row and row[0] else {}


def _expanded(connection: duckdb.DuckDBPyConnection, table: str, found: list[Leaf], file_name: str) -> list[Leaf]:
    """A place that holds an object here and a text there is a column of its own beside those of the object."""
    complete: list[Leaf] = []
    while found:
        leaf = found.pop(0)
        complete.append(leaf)
        if len(complete) + len(found) > MAX_COLUMNS:
            raise too_many_columns(file_name, len(complete) + len(found))
        if leaf.is_mixed:
            here = literal(pointer(leaf.path))
            inner = _structure(connection, table, f"json_extract(json, {here})", f"json_type(json, {here}) = 'OBJECT'")
            found = [*leaves(inner, leaf.path), *found] if isinstance(inner, dict) and inner else found
    return complete


def _reject_repeated_keys(
    connection: duckdb.DuckDBPyConnection, table: str, name: str, places: tuple[Path, ...]
) -> None:
    pointers = text_list(tuple(pointer(path) for path in places))
    repeated = (
        f"list_bool_or(list_transform(json_keys(json, [{pointers}]),"
        " lambda names: len(names) <> len(list_distinct(names))))"
    )
    connection.execute(
        f"insert into {name}_rejected select place, 'parse_duplicate_key', 'One object has a key twice.', json"
        f" from {table} where {repeated}"
    )
    connection.execute(f"delete from {table} where place in (select place from {name}_rejected)")


def extraction(level: Level) -> str:
    """Return SQL over a table of objects: the list of the texts of its leaves. Numbers keep their digits."""
    if not level.leaves:
        return "cast([] as varchar[])"
    pointers = text_list(tuple(pointer(leaf.path) for leaf in level.leaves))
    marked = f"regexp_replace(json, {literal(_STRING_OR_NUMBER)}, '\\1' || chr(1) || '\\2' || chr(2), 'g')"
    quoted = f"translate(replace({marked}, chr(1) || chr(2), ''), chr(1) || chr(2), '\"\"')"
    plain = f"json_extract_string(json, [{pointers}])"
    exact = f"json_extract_string({quoted}, [{pointers}])"
    lists = [position for position, leaf in enumerate(level.leaves, start=1) if leaf.is_list or leaf.is_mixed]
    if lists:
        # a list stays as it is written; its numbers are not put into quotes
        kinds = f"json_type(json, [{pointers}])"
        exact = (
            f"list_transform(list_zip({exact}, {plain}, {kinds}),"
            " lambda cell: case when cell[3] in ('ARRAY', 'OBJECT') then cell[2] else cell[1] end)"
        )
    return f"case when regexp_matches(json, {literal(_INEXACT)}) then {exact} else {plain} end"


def final_columns(level: Level, around: list[Level], columns: tuple[str, ...], options: ReadOptions) -> list[str]:
    """Return the SQL of each column: the records' own, then those of the objects around them, the outermost first."""
    cells = [f"cells[{position}]" for position in range(1, len(level.leaves) + 1)]
    for number, outer in enumerate(around):
        cells += [f"cells_{number}[{position}]" for position in range(1, len(outer.leaves) + 1)]
    empty = text_list(tuple(dict.fromkeys(("", *options.null_values))))
    return [
        f"case when {cell} not in ({empty}) then {cell} end as {identifier(column)}"
        for cell, column in zip(cells, columns, strict=True)
    ]
