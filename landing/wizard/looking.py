"""Looking at one file, in the parsing process: how it is read and what its columns hold."""

# ruff: noqa: S608 - names are quoted

from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from landing.mapping_model import ReadOptions, file_kind
from landing.parsing import read_source
from landing.quoting import identifier
from landing.refusal import RefusalError
from landing.sandbox import confined
from landing.source_table import SourceTable
from landing.wizard.notes import Note
from landing.wizard.profiles import (
    ColumnProfile,
    Disorder,
    constant_within,
    find_disorder,
    find_null_markers,
    profile_columns,
)
from landing.wizard.sheets import find_sheets
from landing.wizard.text_dialect import find_dialect
from landing.wizard.vocabulary import match_name, null_markers
from warehouse.contract import load_contracts

_MAX_COLUMNS = 500
_MAX_KEYS = 8


@dataclass(frozen=True)
class LookJob:
    """A file that the wizard looks at; `folder` is a private one for what must be unpacked."""

    path: Path
    file_name: str
    folder: Path
    threads: int


@dataclass(frozen=True)
class TableLook:
    """One table of a file: the file itself, or a sheet of it.

    `facts_of` has, for columns that repeat and may be keys, the columns that are constant within them.
    """

    file_name: str
    kind: str
    options: ReadOptions
    notes: tuple[Note, ...]
    rows: int
    rejected: int
    columns: tuple[ColumnProfile, ...]
    disorders: tuple[Disorder, ...]
    facts_of: dict[str, tuple[str, ...]]

    def column(self, name: str) -> ColumnProfile:
        return next(column for column in self.columns if column.name == name)


@dataclass(frozen=True)
class FileLook:
    """The tables of a file, and the names of sheets that hold none, each with the reason."""

    file_name: str
    tables: tuple[TableLook, ...]
    other_sheets: tuple[tuple[str, Note], ...]


def look_at_file(job: LookJob, memory_limit: str) -> FileLook:
    """Return what a file holds; raises RefusalError when it cannot be read at all."""
    kind = file_kind(job.file_name)
    if kind is None:
        raise RefusalError(
            "unknown_kind",
            f"{job.file_name}: files of this kind cannot be read; docs/mappings.md lists those that can",
            f"{job.file_name}：无法读取这种文件，可读取的种类见 docs/mappings.md",
        )
    with confined(memory_limit, job.threads, job.folder, [job.path]) as connection:
        readings, others = _readings(connection, job, kind)
        tables = []
        unusable = [(name, _no_table()) for name in others]
        for number, (options, notes) in enumerate(readings):
            try:
                tables.append(_look_at_table(connection, job, kind, options, notes, number))
            except RefusalError as refusal:
                if len(readings) == 1:
                    raise
                unusable.append((options.sheet or "", Note("open", refusal.en, refusal.zh)))
        return FileLook(job.file_name, tuple(tables), tuple(unusable))


def _no_table() -> Note:
    return Note("open", "no row of column names with data below it", "没有找到表头及其下方的数据")


def _readings(
    connection: duckdb.DuckDBPyConnection, job: LookJob, kind: str
) -> tuple[list[tuple[ReadOptions, tuple[Note, ...]]], tuple[str, ...]]:
    if kind == "csv":
        dialect = find_dialect(job.path, job.file_name)
        return [(dialect.options, dialect.notes)], ()
    if kind == "workbook":
        sheets, others = find_sheets(job.path, job.file_name)
        if not sheets:
            raise RefusalError(
                "no_header",
                f"{job.file_name}: no sheet has a row of column names with data below it",
                f"{job.file_name}：没有任何工作表包含表头及数据",
            )
        return [(sheet.options, sheet.notes) for sheet in sheets], others
    if kind == "json":
        lists = _lists_of_records(connection, job)
        if lists:
            note = Note("certain", "one object around a list: its items are the rows", "外层对象中的列表：列表项即为行")
            return [(ReadOptions(records=(name,)), (note,)) for name in lists], ()
    return [(ReadOptions(), ())], ()


def _lists_of_records(connection: duckdb.DuckDBPyConnection, job: LookJob) -> list[str]:
    """Lists of objects in a file that is one single object, by the keys that lead to them."""
    source = read_source(connection, job.path, job.file_name, ReadOptions(), job.folder, "outermost")
    if source.rows_read != 1:
        return []
    row = connection.execute(f"select {', '.join(map(identifier, source.columns))} from {source.name}").fetchone() or ()
    return [name for name, text in zip(source.columns, row, strict=True) if text and text[:2] == "[{"]


def _look_at_table(
    connection: duckdb.DuckDBPyConnection,
    job: LookJob,
    kind: str,
    options: ReadOptions,
    notes: tuple[Note, ...],
    number: int,
) -> TableLook:
    source = read_source(connection, job.path, job.file_name, options, job.folder, f"look_{number}")
    if len(source.columns) > _MAX_COLUMNS:
        raise RefusalError(
            "too_many_columns",
            f"{job.file_name}: {len(source.columns)} columns; the wizard looks at {_MAX_COLUMNS} at most",
            f"{job.file_name}：共有 {len(source.columns)} 列，向导最多处理 {_MAX_COLUMNS} 列",
        )
    suspects = find_null_markers(connection, source)
    profiles = profile_columns(connection, source, suspects)
    chosen = _choose_markers(profiles, suspects)
    if any(set(found) - set(chosen) for found in suspects.values()):
        kept = {column: {t: n for t, n in found.items() if t in chosen} for column, found in suspects.items()}
        profiles = profile_columns(connection, source, {c: found for c, found in kept.items() if found})
    if chosen:
        options = options.model_copy(update={"null_values": chosen})
        notes = (*notes, _marker_note(chosen, suspects))
    return TableLook(
        file_name=job.file_name,
        kind=kind,
        options=options,
        notes=notes,
        rows=source.rows_read,
        rejected=source.rows_rejected,
        columns=profiles,
        disorders=find_disorder(connection, source, profiles),
        facts_of=_facts(connection, source, profiles),
    )


def _choose_markers(profiles: tuple[ColumnProfile, ...], suspects: dict[str, dict[str, int]]) -> tuple[str, ...]:
    """Texts that mean *nothing* in this file: the strong ones, and weak ones beside times, numbers or each other."""
    strong, weak = null_markers()
    typed = {p.name for p in profiles if p.is_moment or (p.numbers and p.filled)}
    chosen = []
    for text in (*strong, *weak):
        where = [column for column, found in suspects.items() if text in found]
        has_company = len(where) >= 2 or any(column in typed for column in where)
        if where and (text in strong or has_company):
            chosen.append(text)
    return tuple(chosen)


def _marker_note(chosen: tuple[str, ...], suspects: dict[str, dict[str, int]]) -> Note:
    parts = []
    for text in chosen:
        where = {column: found[text] for column, found in suspects.items() if text in found}
        parts.append((text, sum(where.values()), len(where)))
    english = ", ".join(f"{text!r} ({n} cells of {columns} columns)" for text, n, columns in parts)
    chinese = "、".join(f"“{text}”（{columns} 列共 {n} 个单元格）" for text, n, columns in parts)
    return Note("guess", f"texts taken for an empty cell: {english}", f"视为空值的文字：{chinese}")


def _facts(
    connection: duckdb.DuckDBPyConnection, source: SourceTable, profiles: tuple[ColumnProfile, ...]
) -> dict[str, tuple[str, ...]]:
    """For columns that may name a thing and repeat, the columns that are facts of that thing."""
    keys = [p for p in profiles if _may_be_key(p)][:_MAX_KEYS]
    names = tuple(p.name for p in profiles)
    return {
        key.name: constant_within(connection, source, key.name, tuple(name for name in names if name != key.name))
        for key in keys
    }


def _may_be_key(profile: ColumnProfile) -> bool:
    if profile.is_unique or profile.is_moment or profile.distinct < 2:
        return False
    ids = [
        (contract.name, name)
        for contract in load_contracts().values()
        for name in (*contract.key, "agent_id")
        if name in contract.column_names and contract.column(name).type == "id"
    ]
    return any((match := match_name(profile.name, *pair)) and match.score >= 0.75 for pair in ids)


def renamed(look: FileLook, file_name: str) -> FileLook:
    """Return a look under another file name."""
    return replace(look, file_name=file_name, tables=tuple(replace(t, file_name=file_name) for t in look.tables))
