"""The outermost objects of a JSON file: one for each line, one for each element of a list, or a single one."""

# ruff: noqa: S608 - names are quoted, texts are literals or parameters; mapping SQL runs in the sandbox only

import json
from pathlib import Path
from typing import Literal

import duckdb
import numpy as np

from landing.json_paths import MAX_DEPTH
from landing.quoting import literal
from landing.refusal import RefusalError

_MAX_RECORD = 16 << 20
_BOM = b"\xef\xbb\xbf"
_BLANK = b" \t\r\n"
_STRING = r'"(?:[^"\\]|\\.)*"'
_OPENED_OFTEN = 200

Layout = Literal["lines", "list", "document"]


def load_roots(connection: duckdb.DuckDBPyConnection, path: Path, file_name: str, name: str) -> bool:
    """Make `<name>_level_0` (place, json) of the sound objects; the others go to `<name>_rejected`.

    Returns whether the file is one single object. Raises RefusalError when it cannot be told where records begin.
    """
    layout = _layout(path, file_name)
    try:
        if layout == "lines":
            _load_lines(connection, path, name)
        else:
            source = (
                f"read_json_objects({literal(str(path))}, format = 'array', maximum_object_size = {_MAX_RECORD})"
                if layout == "list"
                else f"(select content as json from read_text({literal(str(path))}))"
            )
            connection.execute(f"create table {name}_read as select cast(json as varchar) as json from {source}")
            connection.execute(f"create view {name}_texts as select [rowid + 1] as place, json from {name}_read")
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error as error:
        raise _damaged(file_name, str(error).replace(str(path), file_name)) from error
    _sort_out(connection, name)
    if layout == "document":
        refused = connection.execute(f"select reason from {name}_rejected").fetchone()
        if refused:
            raise _damaged(file_name, refused[0])
    return layout == "document"


def _layout(path: Path, file_name: str) -> Layout:
    """A list begins with [, a document with an object over several lines, all else are lines."""
    with path.open("rb") as file:
        start = file.read(1 << 16).removeprefix(_BOM).lstrip(_BLANK)
        if not start:
            raise RefusalError(
                "empty_file", f"{file_name}: the file holds no JSON at all", f"{file_name}：文件中没有任何 JSON 内容"
            )
        named_lines = file_name.lower().removesuffix(".gz").endswith((".jsonl", ".ndjson"))
        if named_lines:
            return "lines"
        if start[:1] == b"[":
            return "list"
        file.seek(0)
        first = file.readline(_MAX_RECORD)
        while first and not first.removeprefix(_BOM).strip(_BLANK):
            first = file.readline(_MAX_RECORD)
        has_more = any(chunk.strip(_BLANK) for chunk in iter(lambda: file.readline(1 << 16), b""))
    return "lines" if has_more and _is_object(first) else "document"


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line.removeprefix(_BOM)), dict)
    except (ValueError, RecursionError):
        return False


def _load_lines(connection: duckdb.DuckDBPyConnection, path: Path, name: str) -> None:
    """Lines are split by the CSV reader: no quotes, and a delimiter that no JSON text may contain."""
    connection.execute(
        f"""
        create table {name}_read as
        select * from read_csv(
            {literal(str(path))}, columns = {{'json': 'varchar'}}, auto_detect = false, header = false,
            delim = chr(1), quote = '', escape = '', strict_mode = false, null_padding = false, nullstr = '',
            compression = 'none', max_line_size = {_MAX_RECORD}, store_rejects = true, rejects_limit = 0,
            rejects_table = '{name}_errors', rejects_scan = '{name}_scans'
        )
        """
    )
    wrong = connection.execute(f"select count(distinct line), count(*) from {name}_errors").fetchone() or (0, 0)
    if not wrong[0]:
        connection.execute(f"create view {name}_texts as select [rowid + 1] as place, json from {name}_read")
        return
    connection.execute(
        f"""
        create view {name}_texts as
        select [numbers.number] as place, cells.json
        from (
            select range as number from range(1, (select count(*) from {name}_read) + {wrong[0]} + 1)
            where range not in (select line from {name}_errors) order by range
        ) as numbers
        positional join {name}_read as cells
        """
    )
    connection.execute(
        f"""
        insert into {name}_rejected
        select [line], 'parse_' || lower(replace(any_value(error_type::varchar), ' ', '_')), any_value(error_message),
            to_json(any_value(csv_line))
        from {name}_errors group by line
        """
    )


def _sort_out(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    bare = f"regexp_replace(json, {literal(_STRING)}, '\"\"', 'g')"
    # the parser takes words for numbers; JSON does not
    no_number = f"regexp_matches(json, '(?i)nan|inf') and regexp_matches({bare}, '(?i)nan|inf')"
    connection.execute(
        f"""
        create table {name}_level_0 as
        select place, json, case
            when not json_valid(json) then 'parse_invalid_json'
            when json_type(json) <> 'OBJECT' then 'parse_not_an_object'
            when {no_number} then 'parse_invalid_json'
            when contains(json, '\\u0000') then 'parse_nul_byte'
        end as code
        from {name}_texts where trim(json, chr(32) || chr(9) || chr(10) || chr(13)) <> ''
        """
    )
    connection.execute(f"drop view {name}_texts")
    connection.execute(f"drop table {name}_read")
    _mark_deep(connection, f"{name}_level_0", bare)
    connection.execute(
        f"""
        insert into {name}_rejected
        select place, code, case code
            when 'parse_invalid_json' then 'This is no valid JSON.'
            when 'parse_not_an_object' then 'The record is no object.'
            when 'parse_nul_byte' then 'The record holds a NUL byte.'
            else 'The record is nested deeper than {MAX_DEPTH} levels.' end, to_json(left(json, 1000000))
        from {name}_level_0 where code is not null
        """
    )
    connection.execute(f"delete from {name}_level_0 where code is not null")
    connection.execute(f"alter table {name}_level_0 drop column code")


def _mark_deep(connection: duckdb.DuckDBPyConnection, table: str, bare: str) -> None:
    """Nesting that would overflow the stack of whoever walks through it is found by counting brackets."""
    opened = "len(string_split(json, '[')) + len(string_split(json, '{'))"
    suspects = connection.execute(
        f"select place, regexp_replace({bare}, '[^][{{}}]', '', 'g') from {table}"
        f" where code is null and {opened} > {_OPENED_OFTEN}"
    )
    deep = []
    while rows := suspects.fetchmany(1000):
        deep += [place for place, brackets in rows if _depth(brackets) > MAX_DEPTH]
    for place in deep:
        connection.execute(f"update {table} set code = 'parse_too_deep' where place = $place", {"place": place})


def _depth(brackets: str) -> int:
    found = np.frombuffer(brackets.encode("ascii"), dtype=np.uint8)
    steps = np.where((found == ord("[")) | (found == ord("{")), 1, -1)
    return int(np.cumsum(steps).max(initial=0))


def _damaged(file_name: str, reason: str) -> RefusalError:
    first = reason.splitlines()[0] if reason else ""
    return RefusalError(
        "damaged_file",
        f"{file_name}: the JSON cannot be read ({first}); deliver it again",
        f"{file_name}：JSON 无法读取（{first}），请重新交付",
    )
