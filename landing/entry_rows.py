"""The SQL of one mapping entry: source rows filtered, folded and parsed into columns of its contract."""

# ruff: noqa: S608 - names are quoted, texts are literals or parameters; mapping SQL runs in the sandbox only

from dataclasses import dataclass

import duckdb

from landing.entry_columns import present_columns, with_keys
from landing.mapping_model import Entry, Mapping
from landing.quoting import identifier, literal
from landing.refusal import RefusalError
from landing.source_table import SourceTable
from landing.value_sql import Cell, ValueSql, value_sql
from warehouse.contract import ContractColumn


@dataclass(frozen=True)
class FilledColumn:
    """A contract column that this file can fill: `v<n>` is its value, `b<n>` its bad text in the parsed table."""

    column: ContractColumn
    sql: ValueSql
    is_vital: bool
    value_name: str
    bad_name: str

    @property
    def can_be_bad(self) -> bool:
        return self.sql.checked_text is not None

    @property
    def bad_condition(self) -> str:
        """SQL over value and text columns, true for a cell that is not what it should be."""
        condition = f"{self.value_name} is null"
        if self.sql.out_of_range:
            condition = f"({condition} or {self.sql.out_of_range.replace('{value}', self.value_name)})"
        return condition

    @property
    def refusing_condition(self) -> str:
        """SQL over value and text columns, true for a cell that sends its row into quarantine; empty for none."""
        conditions = []
        if self.is_vital and self.can_be_bad:
            conditions.append(f"({self.bad_condition} and t{self.bad_name} is not null)")
        if self.column.required:
            conditions.append(f"{self.value_name} is null")
        return " or ".join(conditions)

    @property
    def clean_value(self) -> str:
        """SQL over the parsed table: the value, null where the cell is bad."""
        if not self.sql.out_of_range or not self.can_be_bad:
            return self.value_name
        return f"case when {self.bad_name} is null then {self.value_name} end"

    @property
    def reason_code(self) -> str:
        if not self.sql.out_of_range or self.sql.code == self.sql.range_code:
            return f"'{self.sql.code}'"
        return f"case when {self.value_name} is null then '{self.sql.code}' else '{self.sql.range_code}' end"

    @property
    def expected(self) -> str:
        """SQL over the parsed table: what the cell should have been, as English text."""
        if not self.sql.out_of_range or self.sql.code == self.sql.range_code:
            return literal(self.sql.expected)
        missed, beyond = literal(self.sql.expected), literal(self.sql.range_expected)
        return f"case when {self.value_name} is null then {missed} else {beyond} end"


@dataclass(frozen=True)
class EntryRows:
    """Relation `name` with `_row_number` and the filled columns, one row for each contract row to be.

    Of a streamed source it has the text of the rows that go into quarantine as well, in `row_text`.
    """

    name: str
    filled: tuple[FilledColumn, ...]
    absent_columns: tuple[str, ...]
    rows_filtered: int
    rows_folded: int
    rows_parsed: int


def parse_entry(
    connection: duckdb.DuckDBPyConnection,
    source: SourceTable,
    entry: Entry,
    mapping: Mapping,
    file_name: str,
    name: str,
) -> EntryRows:
    """Create the parsed table of an entry.

    Raises RefusalError when the file lacks a column that the entry cannot do without, or when an expression fails.
    """
    present, absent = present_columns(source, entry, file_name)
    source = with_keys(connection, source, entry, f"{name}_source")
    picked, computed = f"{name}_picked", f"{name}_computed"
    _run(connection, _picked_sql(source, entry, picked), file_name, "computed or where" if entry.computed else "where")
    _run(connection, _computed_sql(entry, present, picked, computed), file_name, "expr")
    types = dict(connection.execute(f"select column_name, column_type from (describe {computed})").fetchall())
    filled = _filled_columns(source, entry, mapping, present, types)
    if source.scan:
        _run(connection, _streamed_sql(source, filled, computed, f"{name}_rows"), file_name, "columns")
        connection.execute(f"create view {name} as select rowid + 1 as _row_number, * from {name}_rows")
    else:
        _run(connection, _parsed_sql(entry, filled, computed, name), file_name, "columns")
    rows_picked = _count(connection, picked) if entry.condition else source.rows_parsed
    rows_parsed = _count(connection, name)
    return EntryRows(name, filled, absent, source.rows_parsed - rows_picked, rows_picked - rows_parsed, rows_parsed)


def drop_rows(connection: duckdb.DuckDBPyConnection, rows: EntryRows) -> None:
    """Forget the rows of a streamed entry."""
    for kind, suffix in (("view", ""), ("table", "_rows"), ("view", "_computed"), ("view", "_picked")):
        connection.execute(f"drop {kind} {rows.name}{suffix}")


def _run(connection: duckdb.DuckDBPyConnection, sql: str, file_name: str, place: str) -> None:
    try:
        connection.execute(sql)
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise RefusalError(
            "expression_failed",
            f"{file_name}: the {place} of the mapping cannot be computed: {reason}",
            f"{file_name}：映射中的 {place} 无法计算：{reason}",
        ) from error


def _picked_sql(source: SourceTable, entry: Entry, name: str) -> str:
    rows = source.name
    for column, expression in entry.computations:
        rows = f"(select *, ({expression.sql}\n) as {identifier(column)} from {rows})"
    if not entry.condition:
        return f"create {'table' if entry.computed else 'view'} {name} as select * from {rows}"
    needed = {c.lower() for c in entry.read_columns}
    kept = [column for column in source.columns if column.lower() in needed]
    typed = [
        companion
        for companions in source.companions
        for column, companion in companions.items()
        if column.lower() in needed
    ]
    listed = ", ".join(identifier(column) for column in ("_row_number", *kept, *typed, *entry.computed))
    return f"""
        create table {name} as
        select {listed} from (select *, ({entry.condition.sql}\n) as "__where" from {rows}) where "__where"
    """


def _expressions(entry: Entry, present: tuple[str, ...]) -> list[tuple[str, str]]:
    """Pairs of computed column and SQL for the columns that come from `expr`."""
    return [(f"__expr_{name}", form.expression.sql) for name, form in entry.columns.items()
            if form.expression and name in present]  # fmt: skip


def _computed_sql(entry: Entry, present: tuple[str, ...], picked: str, name: str) -> str:
    expressions = _expressions(entry, present)
    computed = "".join(f", ({sql}\n) as {identifier(alias)}" for alias, sql in expressions)
    fold = entry.one_row_per
    if not fold:
        return f"create view {name} as select *{computed} from {picked}"
    keys = ", ".join(identifier(key) for key in fold.key)
    # A row without key belongs to no group: it stands alone and is judged by its own columns.
    lonely = " or ".join(f"{identifier(key)} is null" for key in fold.key)
    if fold.order:
        chosen = f"{fold.keep}(_row_number order by ({fold.order.sql}\n) nulls first, _row_number)"
    else:
        chosen = f"{'max' if fold.keep == 'last' else 'min'}(_row_number)"
    aliases = "".join(f", folded.{identifier(alias)}" for alias, _ in expressions)
    return f"""
        create view {name} as
        select picked.*{aliases}
        from (
            select {chosen} as "__kept"{computed}
            from {picked}
            group by {keys}, case when {lonely} then _row_number end
        ) as folded
        inner join {picked} as picked on picked._row_number = folded."__kept"
    """


def _filled_columns(
    source: SourceTable, entry: Entry, mapping: Mapping, present: tuple[str, ...], types: dict[str, str]
) -> tuple[FilledColumn, ...]:
    contract = entry.target
    filled = []
    for position, name in enumerate(present):
        column, form = contract.column(name), entry.columns[name]
        cell = _cell(source, entry, name, types)
        sql = value_sql(column, form, cell, mapping.time_zone, mapping.id_prefix)
        vital = column.required or name in contract.key
        filled.append(FilledColumn(column, sql, vital, f"v{position}", f"b{position}"))
    return tuple(filled)


def _cell(source: SourceTable, entry: Entry, name: str, types: dict[str, str]) -> Cell:
    from_ = entry.columns[name].from_
    if from_ is None:
        return _typed_cell(f"__expr_{name}", types)
    # SQL names ignore letter case, so columns and their typed companions must be found the same way.
    own = next((column for column in entry.computed if column.lower() == from_.lower()), None)
    if own is not None:
        return _typed_cell(own, types)
    typed = [
        next((companion for column, companion in companions.items() if column.lower() == from_.lower()), None)
        for companions in source.companions
    ]
    quoted = [f"source.{identifier(companion)}" if companion else None for companion in typed]
    return Cell(f"source.{identifier(from_)}", *quoted)


def _typed_cell(column: str, types: dict[str, str]) -> Cell:
    """A cell that SQL of the mapping has made."""
    alias, kind = f"source.{identifier(column)}", types.get(column, "")
    text = f"cast({alias} as varchar)"
    if kind == "TIMESTAMP WITH TIME ZONE":
        return Cell(text, zoned=alias)
    if kind.startswith("TIMESTAMP"):
        return Cell(text, instant=f"cast({alias} as timestamp)")
    return Cell(text, date=alias) if kind == "DATE" else Cell(text)


def _column_lists(filled: tuple[FilledColumn, ...]) -> tuple[list[str], list[str]]:
    """Values and checked texts over the source, then what is kept of them: values, and the text of bad cells."""
    values = [f"{f.sql.value} as {f.value_name}" for f in filled]
    texts = [f"{f.sql.checked_text} as t{f.bad_name}" for f in filled if f.can_be_bad]
    outer = [f.value_name for f in filled]
    outer += [f"case when {f.bad_condition} then t{f.bad_name} end as {f.bad_name}" for f in filled if f.can_be_bad]
    return [*values, *texts], outer


def _streamed_sql(source: SourceTable, filled: tuple[FilledColumn, ...], computed: str, name: str) -> str:
    """A table in the order of the file; every column is read, or the reader would not tell what it rejects."""
    computed_columns, kept_columns = _column_lists(filled)
    cells = ", ".join(f"{literal(column)}: source.{identifier(column)}" for column in source.columns)
    wrong = " or ".join(f.refusing_condition for f in filled if f.refusing_condition) or "false"
    return f"""
        create table {name} as
        select {", ".join(kept_columns)}, case when {wrong} then to_json("__cells") end as row_text
        from (select {", ".join(computed_columns)}, {{{cells}}} as "__cells" from {computed} as source)
    """


def _parsed_sql(entry: Entry, filled: tuple[FilledColumn, ...], computed: str, name: str) -> str:
    computed_columns, kept_columns = _column_lists(filled)
    # Folding and windows lose the order of the file; plain reading keeps it.
    reworked = entry.one_row_per or entry.condition or entry.computed
    is_ordered = not (reworked or _expressions(entry, tuple(entry.columns)))
    return f"""
        create table {name} as
        select _row_number, {", ".join(kept_columns)}
        from (select source._row_number, {", ".join(computed_columns)} from {computed} as source)
        {"" if is_ordered else "order by _row_number"}
    """


def _count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    row = connection.execute(f"select count(*) from {relation}").fetchone()
    return int(row[0]) if row else 0
