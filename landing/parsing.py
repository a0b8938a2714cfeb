"""Parsing one file in a sandbox: read it once, make the rows of every entry, write them as Parquet."""

from collections.abc import Iterator
from pathlib import Path

import duckdb

from landing.corrections import CorrectedRows, CorrectionJob, apply_correction, corrected_rows
from landing.csv_reader import drop_stream, is_read_whole, read_csv, stream_csv
from landing.entry_output import business_range, capabilities, pseudonymise, seal_quarantine, write_relation
from landing.entry_rows import EntryRows, drop_rows, parse_entry
from landing.json_reader import read_json
from landing.mapping_model import ReadOptions, file_kind
from landing.parquet_reader import read_parquet
from landing.parsing_job import ParsedEntry, ParsedFile, ParsingJob
from landing.refusal import RefusalError
from landing.row_checks import check_rows
from landing.sandbox import confined
from landing.source_table import SourceTable
from landing.text_file import TextFile, plain_text, prepare_text
from landing.workbook_reader import read_workbook


def parse_file(job: ParsingJob, memory_limit: str) -> ParsedFile:
    """Parse a file under a mapping; the Parquet files lie in `job.folder`.

    Raises RefusalError when the file cannot be landed as a whole.
    """
    files = [job.archived, *(correction.archived for correction in job.corrections)]
    with confined(memory_limit, job.threads, job.folder, files) as connection:
        readers: dict[ReadOptions, list[int]] = {}
        for number in job.entries:
            readers.setdefault(job.mapping.tables[number].source.options, []).append(number)
        parsed: dict[int, ParsedEntry] = {}
        for position, (options, numbers) in enumerate(readers.items()):
            for number, source, rows in _read(connection, job, options, numbers, f"source_{position}"):
                parsed[number] = _check(connection, job, number, source, rows)
        return ParsedFile(tuple(parsed[number] for number in job.entries))


def read_correction(job: CorrectionJob, memory_limit: str) -> CorrectedRows:
    """Return which rows a file of corrections is about; raises RefusalError when it cannot be understood."""
    with confined(memory_limit, job.threads, job.folder, [job.correction.archived]) as connection:
        return corrected_rows(connection, job)


def _read(
    connection: duckdb.DuckDBPyConnection, job: ParsingJob, options: ReadOptions, numbers: list[int], name: str
) -> Iterator[tuple[int, SourceTable, EntryRows]]:
    """Read the file once and yield the rows of each entry that is made of it."""
    if file_kind(job.file_name) != "csv":
        source = read_source(connection, job.archived, job.file_name, options, job.folder, name)
    else:
        text = prepare_text(job.archived, job.file_name, options, job.folder, name)
        if _can_stream(text, job, numbers):
            streamed = stream_csv(connection, text, job.file_name, options, name)
            rows = _rows(connection, job, numbers[0], streamed)
            if is_read_whole(connection, streamed, rows.rows_parsed):
                yield numbers[0], streamed, rows
                return
            drop_rows(connection, rows)
            drop_stream(connection, streamed)
        source = read_csv(connection, text, job.file_name, options, name)
    for position, correction in enumerate(job.corrections):
        source = apply_correction(
            connection, source, correction, job.earlier_ids, options, job.folder, f"{name}_corrected_{position}"
        )
    for number in numbers:
        yield number, source, _rows(connection, job, number, source)


def read_source(
    connection: duckdb.DuckDBPyConnection, path: Path, file_name: str, options: ReadOptions, folder: Path, name: str
) -> SourceTable:
    """Load a file, whatever its kind, into table `name`; raises RefusalError when it cannot be read as a whole."""
    kind = file_kind(file_name)
    if kind == "workbook":
        return read_workbook(connection, path, file_name, options, name)
    if kind == "parquet":
        return read_parquet(connection, path, file_name, options, name)
    if kind == "json":
        return read_json(
            connection, plain_text(path, file_name, options.encoding, folder, name), file_name, options, name
        )
    return read_csv(connection, prepare_text(path, file_name, options, folder, name), file_name, options, name)


def _can_stream(text: TextFile, job: ParsingJob, numbers: list[int]) -> bool:
    """A file that is one contract table, row for row, needs no table of its texts in between."""
    entry = job.mapping.tables[numbers[0]]
    is_plain = not entry.condition and not entry.one_row_per and not entry.computed
    read = {column.lower() for form in entry.columns.values() for column in form.source_columns}
    return not job.corrections and len(numbers) == 1 and is_plain and "_row_number" not in read and not text.has_nul


def _rows(connection: duckdb.DuckDBPyConnection, job: ParsingJob, number: int, source: SourceTable) -> EntryRows:
    entry = job.mapping.tables[number].reading(source.columns)
    return parse_entry(connection, source, entry, job.mapping, job.file_name, f"entry_{number}")


def _check(
    connection: duckdb.DuckDBPyConnection, job: ParsingJob, number: int, source: SourceTable, rows: EntryRows
) -> ParsedEntry:
    entry = job.mapping.tables[number].reading(source.columns)
    name = rows.name
    readings = [job.mapping.tables[other].reading(source.columns) for other in job.entries]
    used = {column.lower() for other in readings for column in other.source_columns}
    checked = check_rows(connection, source, entry, rows)
    loaded, identities = pseudonymise(connection, rows, checked.good, job.key)
    first, last = business_range(connection, entry, rows, checked.good, job.company_zone)
    quarantine, rows_without_key = seal_quarantine(connection, entry, checked.quarantine, job.key)
    rows_file, rows_loaded = write_relation(connection, loaded, job.folder / f"{name}_rows.parquet")
    parsed = ParsedEntry(
        entry=number,
        contract=entry.contract,
        delivery=entry.delivery,
        rows_read=source.rows_read,
        rows_loaded=rows_loaded,
        rows_rejected=source.rows_rejected,
        rows_quarantined=checked.rows_quarantined,
        rows_folded=rows.rows_folded,
        rows_filtered=rows.rows_filtered,
        rows_identical=checked.rows_identical,
        rows_conflicting=checked.rows_conflicting,
        bad_cells=checked.bad_cell_count,
        worst_column=checked.worst_column,
        worst_bad_share=checked.worst_bad_share,
        first_instant=first,
        last_instant=last,
        mapped_columns=tuple(f.column.name for f in rows.filled),
        unmapped_columns=tuple(column for column in source.columns if column.lower() not in used),
        absent_columns=() if entry.by_name else rows.absent_columns,
        capabilities=capabilities(entry, rows),
        rows_file=rows_file,
        quarantine_file=write_relation(connection, quarantine, job.folder / f"{name}_quarantine.parquet")[0],
        bad_cells_file=write_relation(connection, checked.bad_cells, job.folder / f"{name}_bad_cells.parquet")[0],
        identities_file=write_relation(connection, identities, job.folder / f"{name}_identities.parquet")[0],
        part=job.mapping.part_of(number, job.file_name),
        rows_without_key=rows_without_key,
    )
    if parsed.rows_accounted != parsed.rows_read:
        raise RefusalError(
            "unaccounted_rows",
            f"{job.file_name}: {parsed.rows_read} rows were read for {entry.contract} and {parsed.rows_accounted} "
            "accounted for; this is a defect of the landing, please report it",
            f"{job.file_name}：{entry.contract} 读取 {parsed.rows_read} 行，"
            f"只能说明 {parsed.rows_accounted} 行的去向，请报告此缺陷",
        )
    return parsed
