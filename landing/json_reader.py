"""JSON as a table of texts: JSON Lines, a list of records, or records inside of other objects."""

# ruff: noqa: S608 - names are quoted, texts are literals or parameters; mapping SQL runs in the sandbox only

from pathlib import Path

import duckdb

from landing.json_columns import Level, discover, extraction, final_columns
from landing.json_paths import ROOT, pointer, split_records
from landing.json_roots import load_roots
from landing.mapping_model import ReadOptions
from landing.quoting import literal
from landing.refusal import RefusalError
from landing.source_table import SourceTable, clean_header


def read_json(
    connection: duckdb.DuckDBPyConnection, path: Path, file_name: str, options: ReadOptions, name: str
) -> SourceTable:
    """Load a UTF-8 file into table `name`.

    Keys of nested objects are columns called `parent.key`, lists are JSON text. `records` names the lists whose
    elements are the rows; what stands around them has the path of its object before its name, `$` for the outermost.
    `_row_number` is the line of a JSON Lines file, else the position of the record. Raises RefusalError when the file
    is no JSON or has no such records.
    """
    connection.execute(
        f"create table {name}_rejected (place bigint[], reason_code varchar, reason varchar, row_text varchar)"
    )
    is_document = load_roots(connection, path, file_name, name)
    level = Level(f"{name}_level_0", ())
    segments = split_records(options.records) if options.records else ()
    around: list[Level] = []
    for position, segment in enumerate(segments, start=1):
        level = discover(connection, level, name, file_name, segment)
        around.append(level)
        _enter(connection, name, around, f"{name}_level_{position}", segment, file_name, is_document and position == 1)
        connection.execute(f"drop table {level.table}")
        level = Level(f"{name}_level_{position}", (*level.path, segment))
    level = discover(connection, level, name, file_name)
    prefixes = [ROOT if not outer.path else ".".join(outer.path) for outer in around]
    names = [".".join(leaf.path) for leaf in level.leaves]
    names += [f"{prefix}.{'.'.join(leaf.path)}" for prefix, outer in zip(prefixes, around, strict=True)
              for leaf in outer.leaves]  # fmt: skip
    columns = clean_header(names, file_name) if names else ()
    rows = _create(connection, name, level, around, columns, options)
    rejected = _create_rejects(connection, name, is_numbered=bool(around))
    return SourceTable(name, columns, rows, rejected, has_optional_keys=True)


def _enter(
    connection: duckdb.DuckDBPyConnection, name: str, around: list[Level], inner: str, segment: str, file_name: str,
    is_document: bool,
) -> None:  # fmt: skip
    """Make the next level: a row for each element of the list at `segment`, or for the one object there."""
    outer = around[-1]
    here = literal(pointer((segment,)))
    kinds = dict(
        connection.execute(
            f"select coalesce(json_type(json, {here}), 'MISSING'), count(*) from {outer.table} group by all"
        ).fetchall()
    )
    if is_document and not {"ARRAY", "OBJECT"} & set(kinds):
        keys = connection.execute(f"select json_keys(json) from {outer.table}").fetchone()
        known = ", ".join(keys[0][:20]) if keys else ""
        raise RefusalError(
            "no_records",
            f"{file_name}: there is no list {segment!r} of records; the outermost object has {known}",
            f"{file_name}：没有名为 {segment!r} 的记录列表，最外层对象中有：{known}",
        )
    connection.execute(
        f"""
        insert into {name}_rejected
        select place, 'parse_no_records', {literal(f"{segment} is neither a list nor an object.")}, to_json(json)
        from {outer.table} where json_type(json, {here}) not in ('ARRAY', 'OBJECT', 'NULL')
        """
    )
    kept = ", ".join(f"cells_{number}" for number in range(len(around) - 1))
    connection.execute(
        f"""
        create table {inner} as
        with opened as (
            select place, {kept + "," if kept else ""} {extraction(outer)} as cells_{len(around) - 1},
                json_extract(json, {here}) as found
            from {outer.table}
        ),
        listed as (
            select * exclude (found), case json_type(found)
                when 'ARRAY' then json_extract(found, '$[*]') when 'OBJECT' then [found] else [] end as elements
            from opened
        )
        select list_append(place, unnest(range(1, len(elements) + 1))) as place, * exclude (place, elements),
            cast(unnest(elements) as varchar) as json
        from listed
        """
    )
    _reject(connection, name, inner, "json_type(json) <> 'OBJECT'", "parse_not_an_object", "The record is no object.")


def _reject(
    connection: duckdb.DuckDBPyConnection, name: str, table: str, condition: str, code: str, reason: str
) -> None:
    connection.execute(
        f"insert into {name}_rejected select place, {literal(code)}, {literal(reason)}, json from {table}"
        f" where {condition}"
    )
    connection.execute(f"delete from {table} where {condition}")


def _create(
    connection: duckdb.DuckDBPyConnection, name: str, level: Level, around: list[Level], columns: tuple[str, ...],
    options: ReadOptions,
) -> int:  # fmt: skip
    """Make the table of texts; rows keep the place of their line, nested ones are counted through the file."""
    kept = "".join(f", cells_{number}" for number in range(len(around)))
    listed = "".join(f", {column}" for column in final_columns(level, around, columns, options))
    number, join = "place[1]", ""
    if around:
        number = "numbers.number"
        connection.execute(
            f"""
            create table {name}_numbers as
            select place, row_number() over (order by place) as number
            from (select place from {level.table} union all select place from {name}_rejected)
            """
        )
        join = f"inner join {name}_numbers as numbers using (place)"
    made = connection.execute(
        f"""
        create table {name} as
        select {number} as _row_number{listed}
        from (select place, json, {extraction(level)} as cells{kept} from {level.table}) {join}
        {"order by number" if around else ""}
        """
    ).fetchone()
    connection.execute(f"drop table {level.table}")
    return int(made[0]) if made else 0


def _create_rejects(connection: duckdb.DuckDBPyConnection, name: str, *, is_numbered: bool) -> int:
    number = "numbers.number" if is_numbered else "place[1]"
    join = f"left join {name}_numbers as numbers using (place)" if is_numbered else ""
    made = connection.execute(
        f"""
        create table {name}_rejects as
        select {number} as row_number, reason_code, reason, left(row_text, 1000000) as row_text
        from {name}_rejected {join}
        """
    ).fetchone()
    return int(made[0]) if made else 0
