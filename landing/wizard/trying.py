"""Trying a mapping on a file: the very parsing that landing does, with nothing landed; rows before and after."""

# ruff: noqa: S608 - names are quoted, texts are literals or numbers

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb

from landing.mapping_model import Entry, ReadOptions
from landing.parsing import parse_file, read_source
from landing.parsing_job import ParsedEntry, ParsingJob
from landing.quoting import literal
from landing.sandbox import confined
from landing.source_table import SourceTable
from landing.wizard.leftovers import mask
from warehouse.contract import ContractColumn

_FIRST_ROWS = 5
_EXAMPLES = 3


@dataclass(frozen=True)
class TryJob:
    """A file to be parsed on trial."""

    parsing: ParsingJob

    @property
    def file_name(self) -> str:
        return self.parsing.file_name


@dataclass(frozen=True)
class TriedColumn:
    """A contract column in the first rows: the text it was made of, and what became of it."""

    column: str
    made_of: str
    before: tuple[str | None, ...]
    after: tuple[str | None, ...]


@dataclass(frozen=True)
class Problem:
    """Rows (`is_row`) or cells that are not taken, of one reason; examples are pairs of row number and sentence."""

    is_row: bool
    code: str
    column: str | None
    count: int
    examples: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class TriedEntry:
    """What became of the rows of a file under one entry."""

    contract: str
    entry: int
    rows_read: int
    rows_loaded: int
    counts: dict[str, int]
    row_numbers: tuple[int, ...]
    columns: tuple[TriedColumn, ...]
    problems: tuple[Problem, ...]
    absent_columns: tuple[str, ...]


@dataclass(frozen=True)
class TriedFile:
    """What became of a file under a mapping; `refusal` is why it cannot be landed at all, in English and Chinese."""

    file_name: str
    entries: tuple[TriedEntry, ...] = ()
    refusal: tuple[str, str] | None = None

    @property
    def problem_count(self) -> int:
        """Rows and cells that are not taken."""
        return sum(problem.count for entry in self.entries for problem in entry.problems)


def try_file(job: TryJob, memory_limit: str) -> TriedFile:
    """Return what landing would make of a file; raises RefusalError when it would refuse it."""
    parsing = job.parsing
    parsed = parse_file(parsing, memory_limit)
    with confined(memory_limit, parsing.threads, parsing.folder, [parsing.archived]) as connection:
        sources: dict[ReadOptions, SourceTable] = {}
        entries = []
        for entry in parsed.entries:
            options = parsing.mapping.tables[entry.entry].source.options
            if options not in sources:
                sources[options] = read_source(
                    connection, parsing.archived, parsing.file_name, options, parsing.folder, f"again_{len(sources)}"
                )
            entries.append(_tried(connection, parsing, entry, sources[options]))
        return TriedFile(parsing.file_name, tuple(entries))


def _tried(
    connection: duckdb.DuckDBPyConnection, job: ParsingJob, parsed: ParsedEntry, source: SourceTable
) -> TriedEntry:
    entry = job.mapping.tables[parsed.entry]
    numbers: tuple[int, ...] = ()
    columns: tuple[TriedColumn, ...] = ()
    if parsed.rows_file:
        table = f"read_parquet({literal(str(parsed.rows_file))})"
        names = list(parsed.mapped_columns)
        listed = ", ".join(f'"{name}"' for name in names)
        rows = connection.execute(
            f"select _row_number, {listed} from {table} order by _row_number limit {_FIRST_ROWS}"
        ).fetchall()
        numbers = tuple(int(row[0]) for row in rows)
        columns = _columns(connection, entry, names, rows, source, numbers)
    counts = {
        name: getattr(parsed, f"rows_{name}")
        for name in ("rejected", "quarantined", "folded", "filtered", "identical", "conflicting")
    }
    return TriedEntry(
        contract=entry.contract,
        entry=parsed.entry,
        rows_read=parsed.rows_read,
        rows_loaded=parsed.rows_loaded,
        counts={name: count for name, count in counts.items() if count},
        row_numbers=numbers,
        columns=columns,
        problems=(
            *_problems(connection, parsed.quarantine_file, is_row=True),
            *_problems(connection, parsed.bad_cells_file, is_row=False),
        ),
        absent_columns=parsed.absent_columns,
    )


def _columns(
    connection: duckdb.DuckDBPyConnection,
    entry: Entry,
    names: list[str],
    rows: list[tuple[Any, ...]],
    source: SourceTable,
    numbers: tuple[int, ...],
) -> tuple[TriedColumn, ...]:
    listed = ", ".join(map(str, numbers)) or "null"
    cursor = connection.execute(f"select * from {source.name} where _row_number in ({listed}) order by _row_number")
    heads = [description[0] for description in cursor.description or ()]
    texts = {
        row[heads.index("_row_number")]: dict(zip(map(str.lower, heads), row, strict=True)) for row in cursor.fetchall()
    }
    found = []
    for position, name in enumerate(names, start=1):
        column, form = entry.target.column(name), entry.columns[name]
        read = sorted(c for c in form.source_columns if c != "_row_number")
        made_of = form.from_ or (f"expr: {', '.join(read)}" if form.expr else "const")
        before = tuple(_before(texts.get(number, {}), read, column) for number in numbers)
        after = tuple(_after(row[position], column) for row in rows)
        found.append(TriedColumn(name, made_of, before, after))
    return tuple(found)


def _before(texts: dict[str, Any], read: list[str], column: ContractColumn) -> str | None:
    values = [texts.get(name.lower()) for name in read]
    shown = [str(value) for value in values if value is not None]
    if not shown:
        return None
    text = " | ".join(shown)
    return mask(text) if column.pii != "none" else text


def _after(value: Any, column: ContractColumn) -> str | None:
    if value is None:
        return None
    if column.is_private:
        return mask(str(value))
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds") + "Z"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _problems(connection: duckdb.DuckDBPyConnection, path: Any, *, is_row: bool) -> list[Problem]:
    if path is None:
        return []
    table = f"read_parquet({literal(str(path))})"
    groups = connection.execute(
        f"""
        select reason_code, column_name, count(*) as n,
            list((row_number, reason) order by row_number)[1:{_EXAMPLES}] as examples
        from {table} group by all order by n desc, reason_code, column_name
        """
    ).fetchall()
    return [
        Problem(is_row, str(code), column, int(count), tuple((int(number), str(reason)) for number, reason in examples))
        for code, column, count, examples in groups
    ]
