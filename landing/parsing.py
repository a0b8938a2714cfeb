"""Parsing one file in a sandbox: read it once, make the rows of every entry, write them as Parquet."""

import duckdb

from landing.csv_reader import read_csv
from landing.entry_output import business_range, capabilities, pseudonymise, write_relation
from landing.entry_rows import parse_entry
from landing.mapping_model import ReadOptions, file_kind
from landing.parsing_job import ParsedEntry, ParsedFile, ParsingJob
from landing.quoting import literal
from landing.refusal import RefusalError
from landing.row_checks import check_rows
from landing.source_table import SourceTable
from landing.text_file import prepare_text
from landing.workbook_reader import read_workbook
from warehouse.connections import lock_sandbox, open_sandbox


def parse_file(job: ParsingJob, memory_limit: str) -> ParsedFile:
    """Parse a file under a mapping; the Parquet files lie in `job.folder`.

    Raises RefusalError when the file cannot be landed as a whole.
    """
    connection = open_sandbox(memory_limit, job.threads, job.folder)
    try:
        connection.execute(f"set allowed_directories = [{literal(str(job.folder))}]")
        connection.execute(f"set allowed_paths = [{literal(str(job.archived))}]")
        connection.execute("set preserve_insertion_order = true")
        lock_sandbox(connection)
        sources: dict[ReadOptions, SourceTable] = {}
        for number in job.entries:
            options = job.mapping.tables[number].source.options
            if options not in sources:
                sources[options] = _read(connection, job, options, f"source_{len(sources)}")
        used = {column.lower() for number in job.entries for column in job.mapping.tables[number].source_columns}
        return ParsedFile(
            tuple(
                _parse(connection, job, number, sources[job.mapping.tables[number].source.options], used)
                for number in job.entries
            )
        )
    finally:
        connection.close()


def _read(connection: duckdb.DuckDBPyConnection, job: ParsingJob, options: ReadOptions, name: str) -> SourceTable:
    if file_kind(job.file_name) == "xlsx":
        return read_workbook(connection, job.archived, job.file_name, options, name)
    text = prepare_text(job.archived, job.file_name, options, job.folder, name)
    return read_csv(connection, text, job.file_name, options, name)


def _parse(
    connection: duckdb.DuckDBPyConnection, job: ParsingJob, number: int, source: SourceTable, used: set[str]
) -> ParsedEntry:
    entry = job.mapping.tables[number]
    name = f"entry_{number}"
    rows = parse_entry(connection, source, entry, job.mapping, job.file_name, name)
    checked = check_rows(connection, source, entry, rows)
    loaded, identities = pseudonymise(connection, rows, checked.good, job.key)
    first, last = business_range(connection, entry, rows, checked.good, job.company_zone)
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
        quarantine_file=write_relation(connection, checked.quarantine, job.folder / f"{name}_quarantine.parquet")[0],
        bad_cells_file=write_relation(connection, checked.bad_cells, job.folder / f"{name}_bad_cells.parquet")[0],
        identities_file=write_relation(connection, identities, job.folder / f"{name}_identities.parquet")[0],
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
