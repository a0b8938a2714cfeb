"""Which columns of a file an entry can work with."""

# ruff: noqa: S608 - names are quoted, texts are literals or parameters; mapping SQL runs in the sandbox only

from dataclasses import replace

import duckdb

from landing.mapping_model import Entry
from landing.quoting import identifier
from landing.refusal import RefusalError
from landing.source_table import SourceTable


def present_columns(source: SourceTable, entry: Entry, file_name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the contract columns that can be filled, and the source columns that the file lacks.

    Raises RefusalError when the file lacks one that the entry cannot do without: one that fills a required or key
    column, or that SQL reads. A key of JSON that no record has is an empty cell of all of them: columns are filled from
    it and SQL may read it, but a required column only where `where` asks for it.
    """
    own = {name.lower() for name in entry.computed}
    taken = [column for column in source.columns if column.lower() in own]
    if taken:
        raise _taken(file_name, taken[0])
    known = {column.lower() for column in source.columns} | own | {"_row_number"}
    contract = entry.target
    has_optional_keys = source.has_optional_keys and not entry.by_name
    asked_for = entry.condition.columns if entry.condition else frozenset()
    present, absent = [], []
    for name, form in entry.columns.items():
        missing = sorted(column for column in form.source_columns if column.lower() not in known)
        vital = contract.column(name).required or (name in contract.key and not entry.by_name)
        is_told = has_optional_keys and (
            not vital or form.expression is not None or not source.rows_parsed or asked_for.issuperset(missing)
        )
        if missing and (vital or form.expression) and not is_told:
            raise _missing(file_name, missing[0], "" if entry.by_name else name, source)
        if missing:
            absent.append(missing[0])
        if not missing or is_told:
            present.append(name)
    structural = entry.source_columns - {column for form in entry.columns.values() for column in form.source_columns}
    for column in sorted(structural):
        if column.lower() not in known and not has_optional_keys:
            raise _missing(file_name, column, "computed, where or one_row_per", source)
    return tuple(present), tuple(absent)


def with_keys(connection: duckdb.DuckDBPyConnection, source: SourceTable, entry: Entry, name: str) -> SourceTable:
    """Return a source of JSON with the keys that the entry reads and no record has: empty in all rows."""
    known = {column.lower() for column in source.columns}
    missing = sorted(column for column in entry.source_columns if column.lower() not in known)
    if not source.has_optional_keys or entry.by_name or not missing:
        return source
    added = "".join(f", cast(null as varchar) as {identifier(column)}" for column in missing)
    connection.execute(f"create view {name} as select *{added} from {source.name}")
    return replace(source, name=name, columns=(*source.columns, *missing))


def _taken(file_name: str, column: str) -> RefusalError:
    return RefusalError(
        "computed_column_taken",
        f"{file_name}: the file has a column {column} and the mapping computes one of that name; rename the computed "
        "one",
        f"{file_name}：文件中已有列 {column}，映射又计算同名的列，请给计算列另取名称",
    )


def _missing(file_name: str, column: str, used_by: str, source: SourceTable) -> RefusalError:
    has = ", ".join(source.columns)
    if not used_by:
        return RefusalError(
            "missing_column",
            f"{file_name}: required column {column} is missing; the file has {has}",
            f"{file_name}：缺少必需列 {column}，文件中的列为 {has}",
        )
    return RefusalError(
        "missing_column",
        f"{file_name}: column {column}, from which the mapping makes {used_by}, is missing; the file has {has}",
        f"{file_name}：缺少列 {column}（映射用它得出 {used_by}），文件中的列为 {has}",
    )
