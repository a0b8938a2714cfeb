"""From parsed rows to contract rows: bad cells, quarantine, identical rows, conflicting keys."""

# ruff: noqa: S608 - names are quoted, texts are literals or parameters; mapping SQL runs in the sandbox only

from dataclasses import dataclass

import duckdb

from landing.entry_rows import EntryRows, FilledColumn
from landing.mapping_model import Entry
from landing.quoting import identifier, literal
from landing.source_table import SourceTable

_MASK = "***"


@dataclass(frozen=True)
class CheckedRows:
    """Relation `good` holds the rows to load; tables `quarantine` and `bad_cells` hold the rest of the story."""

    good: str
    quarantine: str
    bad_cells: str
    rows_quarantined: int
    rows_identical: int
    rows_conflicting: int
    bad_cell_count: int
    worst_column: str | None
    worst_bad_share: float | None


def check_rows(
    connection: duckdb.DuckDBPyConnection, source: SourceTable, entry: Entry, rows: EntryRows
) -> CheckedRows:
    """Sort the parsed rows of an entry; the relation of good rows has one column per filled contract column."""
    name = rows.name
    connection.execute(
        f"create table {name}_quarantine (row_number bigint, column_name varchar, value varchar, reason_code varchar,"
        " reason varchar, row_text varchar, row_key varchar[])"
    )
    connection.execute(
        f"create table {name}_bad_cells (row_number bigint, column_name varchar, value varchar, reason_code varchar,"
        " reason varchar)"
    )
    connection.execute(
        f"insert into {name}_quarantine"
        f" select row_number, null, null, reason_code, reason, row_text, null from {source.rejects}"
    )
    bad = {f.column.name: count for f, count in _bad_counts(connection, rows) if count}
    missing = _missing_counts(connection, rows)
    quarantined = 0
    if missing or any(f.is_vital and f.column.name in bad for f in rows.filled):
        quarantined = _quarantine_rows(connection, source, entry, rows)
    good = f"{name}_good"
    outcome = f"anti join {name}_quarantine as refused on refused.row_number = rows._row_number" if quarantined else ""
    columns = ", ".join(f"{f.clean_value} as {identifier(f.column.name)}" for f in rows.filled)
    connection.execute(f"create view {good} as select _row_number, {columns} from {name} as rows {outcome}")
    for f in rows.filled:
        if f.column.name in bad and not f.is_vital:
            _record_bad_cells(connection, rows, f, outcome)
    good, identical, conflicting = _settle_keys(connection, source, entry, rows, good)
    worst = max(bad, key=lambda column: bad[column], default=None)
    return CheckedRows(
        good, f"{name}_quarantine", f"{name}_bad_cells", quarantined, identical, conflicting,
        _count(connection, f"{name}_bad_cells"), worst, bad[worst] / rows.rows_parsed if worst else None,
    )  # fmt: skip


def _bad_counts(connection: duckdb.DuckDBPyConnection, rows: EntryRows) -> list[tuple[FilledColumn, int]]:
    candidates = [f for f in rows.filled if f.can_be_bad]
    if not candidates:
        return []
    counts = connection.execute(f"select {', '.join(f'count({f.bad_name})' for f in candidates)} from {rows.name}")
    return list(zip(candidates, counts.fetchone() or (), strict=True))


def _missing_counts(connection: duckdb.DuckDBPyConnection, rows: EntryRows) -> int:
    required = [f for f in rows.filled if f.column.required]
    condition = " or ".join(f"{f.value_name} is null" for f in required)
    return _count(connection, f"{rows.name} where {condition}") if required else 0


def _key_values(entry: Entry, rows: EntryRows, *, of_good: bool) -> str:
    """SQL of a row's key as a list of texts, as they will stand in raw; null when a key cell cannot be told."""
    filled = {f.column.name: f for f in rows.filled}
    values = []
    for name in entry.target.key:
        value = "null"
        if name in filled:
            value = f"good.{identifier(name)}" if of_good else filled[name].value_name
        values.append(f"cast(cast({value} as {entry.target.column(name).sql_type}) as varchar)")
    listed = f"[{', '.join(values)}]"
    if of_good:
        return listed
    bad = [filled[name] for name in entry.target.key if name in filled]
    unknown = [f"{f.bad_name} is not null" for f in bad if f.can_be_bad]
    unknown += [f"{f.value_name} is null" for f in bad if f.column.required]
    return f"case when {' or '.join(unknown)} then null else {listed} end" if unknown else listed


def _quarantine_rows(connection: duckdb.DuckDBPyConnection, source: SourceTable, entry: Entry, rows: EntryRows) -> int:
    """One quarantine row per source row, with the first vital column of the contract that is wrong."""
    conditions, columns, values, codes, reasons = [], [], [], [], []
    for f in (f for f in rows.filled if f.is_vital):
        cases = []
        if f.can_be_bad:
            cases.append((f"{f.bad_name} is not null", _shown(f), f.reason_code, _reason(f)))
        if f.column.required:
            text = literal(f"{f.column.name} is required and empty")
            cases.append((f"{f.value_name} is null", "null", "'missing_required'", text))
        for condition, value, code, reason in cases:
            conditions.append(condition)
            columns.append(f"when {condition} then {literal(f.column.name)}")
            values.append(f"when {condition} then {value}")
            codes.append(f"when {condition} then {code}")
            reasons.append(f"when {condition} then {reason}")
    bad = f"{rows.name}_bad"
    connection.execute(
        f"""
        create table {bad} as
        select
            _row_number{", row_text" if source.scan else ""},
            case {" ".join(columns)} end as column_name, case {" ".join(values)} end as value,
            case {" ".join(codes)} end as reason_code, case {" ".join(reasons)} end as reason,
            {_key_values(entry, rows, of_good=False)} as row_key
        from {rows.name}
        where {" or ".join(conditions)}
        """
    )
    if source.scan:
        # what the reader streamed past is told with its place in the file, like all others
        texts = (
            f"""select _row_number, '{{"_row_number":' || _row_number || ',' || row_text[2:] as row_text from {bad}"""
        )
    else:
        texts = _row_texts(source, f"select _row_number from {bad}")
    connection.execute(
        f"""
        insert into {rows.name}_quarantine
        select bad._row_number, bad.column_name, bad.value, bad.reason_code, bad.reason, whole.row_text, bad.row_key
        from {bad} as bad
        inner join ({texts}) as whole on whole._row_number = bad._row_number
        """
    )
    return _count(connection, bad)


def _row_texts(source: SourceTable, row_numbers: str) -> str:
    return f"select line._row_number, to_json(line) as row_text from ({source.rows_at(row_numbers)}) as line"


def _shown(f: FilledColumn) -> str:
    return f"case when {f.bad_name} is not null then '{_MASK}' end" if f.column.pii != "none" else f.bad_name


def _reason(f: FilledColumn) -> str:
    """`opened_at: '31/2/2016' is not a time written as …`; personal values are masked."""
    before, after = literal(f"{f.column.name}: '"), literal("' is not ")
    return f"{before} || {_shown(f)} || {after} || {f.expected}"


def _record_bad_cells(connection: duckdb.DuckDBPyConnection, rows: EntryRows, f: FilledColumn, outcome: str) -> None:
    connection.execute(
        f"""
        insert into {rows.name}_bad_cells
        select _row_number, {literal(f.column.name)}, {_shown(f)}, {f.reason_code}, {_reason(f)}
        from {rows.name} as rows {outcome}
        where {f.bad_name} is not null
        """
    )


def _settle_keys(
    connection: duckdb.DuckDBPyConnection, source: SourceTable, entry: Entry, rows: EntryRows, good: str
) -> tuple[str, int, int]:
    """Drop repeats of identical rows; in a snapshot put rows that share a key into quarantine, all of them.

    Grouping treats nulls as equal, as the null-safe keys of ruling B3 want it.
    """
    filled = [f.column.name for f in rows.filled]
    key = ", ".join(identifier(name) for name in entry.target.key if name in filled)
    repeated = f"{rows.name}_repeated"
    connection.execute(_repeated_sql(repeated, good, key, filled))
    identical = _count(connection, f"{repeated} where copy > 1")
    conflicting = 0
    if entry.delivery == "snapshot":
        conflicting = _count(connection, f"{repeated} where copy = 1 and is_conflicting")
    if conflicting:
        source.keep_cells(connection)
        columns = ", ".join(name for name in entry.target.key)
        connection.execute(
            f"""
            insert into {rows.name}_quarantine
            select repeated._row_number, {literal(columns)}, null, 'conflicting_key',
                {literal(f"several rows of this snapshot share {columns} and differ otherwise")}, whole.row_text,
                {_key_values(entry, rows, of_good=True)}
            from {repeated} as repeated
            inner join {good} as good on good._row_number = repeated._row_number
            inner join ({_row_texts(source, f"select _row_number from {repeated} where is_conflicting")}) as whole
                on whole._row_number = repeated._row_number
            where repeated.copy = 1 and repeated.is_conflicting
            """
        )
    if not identical and not conflicting:
        return good, 0, 0
    dropped = "copy > 1" + (" or is_conflicting" if conflicting else "")
    settled = f"{rows.name}_settled"
    connection.execute(
        f"create view {settled} as select good.* from {good} as good"
        f" anti join (select _row_number from {repeated} where {dropped}) as dropped"
        " on dropped._row_number = good._row_number"
    )
    return settled, identical, conflicting


def _repeated_sql(repeated: str, good: str, key: str, filled: list[str]) -> str:
    """Rows whose key occurs again. Keys are counted by their hash, eight bytes a row; only rows that share one are
    compared."""
    everything = ", ".join(map(identifier, filled))
    return f"""
        create table {repeated} as
        with suspected as (select hash({key}) as key_hash from {good} group by key_hash having count(*) > 1),
        candidates as (select * from {good} where hash({key}) in (select key_hash from suspected)),
        ranked as (select *, dense_rank() over (order by {key}) as key_rank from candidates),
        shared as (select *, count(*) over (partition by key_rank) as rows_of_key from ranked),
        copies as (
            select _row_number, key_rank,
                row_number() over (partition by key_rank, {everything} order by _row_number) as copy
            from shared where rows_of_key > 1
        )
        select *, count(*) filter (where copy = 1) over (partition by key_rank) > 1 as is_conflicting from copies
    """


def _count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    row = connection.execute(f"select count(*) from {relation}").fetchone()
    return int(row[0]) if row else 0
