"""Corrected rows that come back from the quarantine: files that say, row by row, what a delivered file meant.

`aftercare quality --export` and the page *Data health* write them (`quarantine_file`); a person corrects cells and
puts the file into the landing folder. The delivered file is then read again with these rows in their places, so that
filters, folds and checks see the whole file, at the time at which it was taken.
"""

# ruff: noqa: S608 - names are quoted, texts are literals or parameters

import re
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from landing.csv_reader import read_csv
from landing.mapping_model import ReadOptions, file_kind
from landing.quoting import identifier, text_list
from landing.refusal import RefusalError
from landing.source_table import SourceTable
from landing.text_file import prepare_text
from landing.workbook_reader import read_workbook
from warehouse.quarantine_file import ID_COLUMN, NAME_START, NOTE_COLUMNS

_ID = r"([0-9a-f]{16})-(\d{1,15})"
_CHUNK = 1 << 20
_NEUTRALISED = r"^'(?='*[=+\-@\t\r])"


@dataclass(frozen=True)
class Correction:
    """A file of corrected rows by content."""

    archived: Path
    name: str
    sha256: str


@dataclass(frozen=True)
class CorrectionJob:
    """Ask the parsing process which rows a file of corrections is about."""

    correction: Correction
    folder: Path
    threads: int

    @property
    def file_name(self) -> str:
        return self.correction.name


@dataclass(frozen=True)
class CorrectedRows:
    """Row numbers by the extract that they were quarantined in."""

    rows: dict[str, tuple[int, ...]]


def is_correction(name: str) -> bool:
    """True for files that are named as corrections are."""
    return name.split("/")[-1].lower().startswith(NAME_START) and file_kind(name) in ("csv", "workbook")


def corrected_rows(connection: duckdb.DuckDBPyConnection, job: CorrectionJob) -> CorrectedRows:
    """Return which rows a file corrects; raises RefusalError when any line of it cannot be understood."""
    source = _read(connection, job.correction, job.folder, "correction")
    found = connection.execute(
        f"""
        select regexp_extract(id, '{_ID}', 1), list(distinct cast(regexp_extract(id, '{_ID}', 2) as bigint))
        from (select trim({identifier(ID_COLUMN)}) as id from {source.name})
        group by 1 order by 1
        """
    ).fetchall()
    return CorrectedRows({extract_id: tuple(sorted(numbers)) for extract_id, numbers in found})


def apply_correction(
    connection: duckdb.DuckDBPyConnection,
    source: SourceTable,
    correction: Correction,
    extract_ids: frozenset[str],
    options: ReadOptions,
    folder: Path,
    name: str,
) -> SourceTable:
    """Return the source with the corrected rows in their places, as table `name`.

    `extract_ids` are the earlier readings of the file. Columns that the correction does not have stay as they were; a
    row that could not be read at all is what the correction says of it.
    """
    corrected = _read(connection, correction, folder, f"{name}_correction")
    known = {column.lower(): column for column in source.columns}
    named = {re.sub(_NEUTRALISED, "", c).lower(): c for c in corrected.columns}
    columns = {known[c]: origin for c, origin in named.items() if c in known}
    nulls = f"nullif({{}}, '') in ({text_list(options.null_values)})" if options.null_values else "false"
    cells = []
    for target, origin in columns.items():
        text = f"regexp_replace({identifier(origin)}, '^''(''*[=+\\-@\\t\\r])', '\\1')"
        cells.append(f"case when {nulls.format(text)} then null else nullif({text}, '') end as {identifier(target)}")
    connection.execute(
        f"""
        create table {name}_cells_corrected as
        select cast(regexp_extract("__id", '{_ID}', 2) as bigint) as _row_number{"".join(f", {c}" for c in cells)}
        from (select *, trim({identifier(ID_COLUMN)}) as "__id", _row_number as "__line" from {corrected.name})
        where regexp_extract("__id", '{_ID}', 1) in ({text_list(tuple(sorted(extract_ids)))})
        -- of a row that is there twice the later line counts
        qualify row_number() over (partition by "__id" order by "__line" desc) = 1
        """
    )
    fixed = f"{name}_cells_corrected"
    texts = [
        f"case when fixed._row_number is not null then fixed.{identifier(c)} else source.{identifier(c)} end"
        f" as {identifier(c)}"
        if c in columns
        else f"source.{identifier(c)}"
        for c in source.columns
    ]
    # a typed cell says what its text says, so it goes where the text is another one
    typed = [
        f"case when fixed._row_number is null or fixed.{identifier(c)} is not distinct from source.{identifier(c)}"
        f" then source.{identifier(companion)} end as {identifier(companion)}"
        if c in columns
        else f"source.{identifier(companion)}"
        for companions in (source.instants, source.dates, source.numbers)
        for c, companion in companions.items()
    ]
    added = ", ".join(["_row_number", *(identifier(c) for c in columns)])
    connection.execute(
        f"""
        create table {name} as
        select * from (
            select source._row_number, {", ".join([*texts, *typed])}
            from {source.name} as source
            left join {fixed} as fixed on source._row_number = fixed._row_number
            union all by name
            select {added} from {fixed} where _row_number in (select row_number from {source.rejects})
        )
        order by _row_number
        """
    )
    connection.execute(
        f"create table {name}_rejects as select * from {source.rejects}"
        f" where row_number not in (select _row_number from {fixed})"
    )
    counts = connection.execute(
        f"select (select count(*) from {name}), (select count(*) from {name}_rejects)"
    ).fetchone()
    parsed, rejected = counts or (0, 0)
    return replace(source, name=name, rows_parsed=parsed, rows_rejected=rejected, cells=None, scan=None)


def _read(connection: duckdb.DuckDBPyConnection, correction: Correction, folder: Path, name: str) -> SourceTable:
    if file_kind(correction.name) == "workbook":
        source = read_workbook(connection, correction.archived, correction.name, ReadOptions(), name)
    else:
        options = _dialect(correction.archived)
        text = prepare_text(correction.archived, correction.name, options, folder, name)
        source = read_csv(connection, text, correction.name, options, name)
    if ID_COLUMN not in source.columns:
        raise RefusalError(
            "no_quarantine_id",
            f"{correction.name}: files called {NAME_START}… give corrected rows back; this one has no column "
            f"{ID_COLUMN}, which says which rows they are",
            f"{correction.name}：以 {NAME_START} 开头的文件用于交回更正后的行，但缺少 {ID_COLUMN} 列，无法对应",
        )
    wrong = connection.execute(
        f"select min(_row_number) from {source.name}"
        f" where not coalesce(regexp_full_match(trim({identifier(ID_COLUMN)}), '{_ID}'), false)"
    ).fetchone()
    if source.rows_rejected or (wrong and wrong[0] is not None):
        rejected = connection.execute(f"select min(row_number) from {source.rejects}").fetchone()
        row = rejected[0] if source.rows_rejected and rejected else (wrong or (0,))[0]
        raise RefusalError(
            "bad_correction",
            f"{correction.name}: row {row} is no corrected row; keep the column {ID_COLUMN} and one line per row",
            f"{correction.name}：第 {row} 行不是有效的更正行，请保留 {ID_COLUMN} 列，每行一条",
        )
    return replace(source, columns=tuple(c for c in source.columns if c not in (ID_COLUMN, *NOTE_COLUMNS)))


def _dialect(path: Path) -> ReadOptions:
    """How the file was saved: spreadsheets write UTF-8 or the encoding of their country, and other delimiters."""
    encoding = "utf-8"
    with path.open(encoding="utf-8", newline="") as file:
        try:
            head = file.readline(_CHUNK)
            while file.read(_CHUNK):
                pass
        except UnicodeDecodeError:
            encoding = "gb18030"
            with path.open(encoding="gb18030", errors="replace") as other:
                head = other.readline(_CHUNK)
    delimiter = max(",;\t", key=head.count)
    return ReadOptions(encoding=encoding, delimiter=delimiter)
