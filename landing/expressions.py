"""What `expr`, `where` and `order_by` of a mapping may say: one scalar SQL expression over the columns of its rows."""

# ruff: noqa: S608 - names are quoted, texts are literals or parameters; mapping SQL runs in the sandbox only

import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from warehouse.connections import lock_sandbox, open_sandbox

#: Functions whose result depends on the machine or the moment: the same file must always give the same rows.
_NOT_REPRODUCIBLE = frozenset(
    {"random", "uuid", "gen_random_uuid", "uuidv4", "uuidv7", "now", "today", "current_date", "current_localtime",
     "current_localtimestamp", "get_current_timestamp", "get_current_time", "transaction_timestamp", "setseed",
     "current_setting", "getenv", "getvariable", "nextval", "currval", "version", "txid_current", "sleep_ms"}
)  # fmt: skip


@dataclass(frozen=True)
class Expression:
    """A checked expression and the columns that it reads."""

    sql: str
    columns: frozenset[str]


@cache
def _sandbox() -> duckdb.DuckDBPyConnection:
    connection = open_sandbox("256MB", 1, Path(tempfile.gettempdir()))
    lock_sandbox(connection)
    return connection


@cache
def _functions() -> frozenset[str]:
    kinds = "('scalar', 'aggregate', 'macro')"
    rows = _sandbox().cursor().execute(f"select function_name from duckdb_functions() where function_type in {kinds}")
    return frozenset(name.lower() for (name,) in rows.fetchall())


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    if isinstance(tree, dict):
        yield tree
        for value in tree.values():
            yield from _nodes(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _nodes(value)


def _parse(sql: str) -> Any:
    # The line break keeps a trailing comment from swallowing our closing bracket.
    text = f"select ({sql}\n) as value"
    row = _sandbox().cursor().execute("select json_serialize_sql($text)", {"text": text}).fetchone()
    document = json.loads(row[0]) if row else {"error": True, "error_message": "nothing to read"}
    if document["error"]:
        raise ValueError(f"is no SQL expression: {document['error_message']}")
    node = document["statements"][0]["node"]
    plain = (
        len(document["statements"]) == 1
        and node["type"] == "SELECT_NODE"
        and len(node["select_list"]) == 1
        and node["from_table"]["type"] == "EMPTY"
        and not node["where_clause"]
        and not node["modifiers"]
        and not node["cte_map"]["map"]
    )
    if not plain:
        raise ValueError("is more than one SQL expression")
    return node["select_list"][0]


def _check_function(node: dict[str, Any]) -> None:
    name = str(node["function_name"]).lower()
    if name.startswith("read_") or name in _NOT_REPRODUCIBLE:
        raise ValueError(f"uses the function {name}, which is not allowed in a mapping")
    known = node["type"] not in ("FUNCTION", "WINDOW_AGGREGATE") or node.get("is_operator") or name in _functions()
    if not known:
        raise ValueError(f"uses the function {name}, which does not exist")


def check_expression(sql: str) -> Expression:
    """Return the expression with the columns it reads.

    Raises ValueError, worded to follow the place where the expression stands, for a syntax error, an unknown
    function, a sub-select, a parameter, or a function that reads files or is not reproducible.
    """
    tree = _parse(sql)
    columns: set[str] = set()
    lambda_names: set[str] = set()
    for node in _nodes(tree):
        kind = node.get("class")
        if kind == "SUBQUERY" or "from_table" in node:
            raise ValueError("contains a sub-select, which is not allowed in a mapping")
        if kind == "PARAMETER":
            raise ValueError("contains a parameter ($…), which is not allowed in a mapping")
        if kind == "STAR" and node.get("type") == "STAR":
            raise ValueError("contains *, which is not allowed in a mapping; name the columns")
        if kind == "LAMBDA":
            lambda_names |= {n["column_names"][0] for n in _nodes(node["lhs"]) if n.get("class") == "COLUMN_REF"}
        if kind == "COLUMN_REF":
            columns.add(node["column_names"][0])
        if "function_name" in node:
            _check_function(node)
    return Expression(sql, frozenset(columns - lambda_names))


def check_format(pattern: str) -> None:
    """Raise ValueError when DuckDB does not understand a time format."""
    try:
        _sandbox().cursor().execute("select try_strptime('x', $pattern)", {"pattern": pattern}).fetchall()
    except duckdb.Error as error:
        raise ValueError(f"format {pattern!r} is not understood: {str(error).splitlines()[0]}") from error
