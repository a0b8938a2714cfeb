"""What is in quarantine: open rows in groups, and how the rows that every file ever had there add up."""

# ruff: noqa: S608 - table names of this project only

from dataclasses import dataclass

import duckdb

#: Rows of files that count or wait or were refused; what a corrected reading replaces, or waits to, is no longer there.
_OPEN = """
    select quarantine.* from meta.quarantine as quarantine
    semi join (
        select extract_id from meta.extracts where state in ('accepted', 'candidate', 'refused')
            and replaced_by is null
    ) as extracts on quarantine.extract_id = extracts.extract_id
"""

#: Examples of a group that are named.
_EXAMPLES = 3


@dataclass(frozen=True)
class QuarantineGroup:
    """Open rows of one contract with one reason in one column."""

    contract: str
    reason_code: str
    column_name: str | None
    rows: int
    files: int
    #: `file row 17, 403, 588`, of the first file.
    examples: str
    #: What was there and what was expected, of the first row; personal values are masked.
    reason: str


@dataclass(frozen=True)
class FileAccount:
    """Rows of one delivered file and contract that were ever in quarantine: `rows = open + released`."""

    source_system: str
    file_name: str
    contract: str
    rows: int
    open: int
    released: int


def quarantine_groups(connection: duckdb.DuckDBPyConnection) -> list[QuarantineGroup]:
    """Return the open rows by contract, reason and column, most of a contract first."""
    rows = connection.execute(
        f"""
        with numbered as (
            select *, row_number() over (
                partition by contract, reason_code, column_name order by file_name, row_number
            ) as position, min(file_name) over (partition by contract, reason_code, column_name) as first_file
            from ({_OPEN})
        )
        select
            contract, reason_code, column_name, count(*), count(distinct file_name),
            any_value(first_file) || ' row ' || string_agg(row_number, ', ' order by row_number)
                filter (where position <= {_EXAMPLES} and file_name = first_file),
            arg_min(reason, position)
        from numbered group by contract, reason_code, column_name order by contract, count(*) desc, reason_code
        """
    ).fetchall()
    return [QuarantineGroup(*row) for row in rows]


def open_rows(
    connection: duckdb.DuckDBPyConnection, contract: str, reason_code: str
) -> list[tuple[str, str, int, str | None, str, str | None]]:
    """Return extract_id, file_name, row_number, column_name, reason, row_text of the open rows of a reason."""
    return connection.execute(
        f"""
        select extract_id, file_name, row_number, column_name, reason, row_text from ({_OPEN})
        where contract = $contract and reason_code = $reason_code
        order by file_name, extract_id, row_number, entry
        """,
        {"contract": contract, "reason_code": reason_code},
    ).fetchall()


def file_accounts(connection: duckdb.DuckDBPyConnection) -> list[FileAccount]:
    """Return the account of every file that ever had rows in quarantine and counts or waits."""
    known = connection.execute(
        "select 1 from duckdb_columns() where table_name = 'extracts' and column_name = 'corrections'"
    ).fetchone()
    if known is None:  # a warehouse that no run of this version has opened yet
        return []
    rows = connection.execute(
        """
        with present as (
            select * from meta.extracts where state in ('accepted', 'candidate') and replaced_by is null
        ),
        ever as (
            select distinct present.extract_id, q.entry, q.contract, q.row_number
            from present
            inner join meta.extracts as reading
                on reading.source_system = present.source_system and reading.sha256 = present.sha256
                and reading.mapping_fingerprint = present.mapping_fingerprint
            inner join meta.quarantine as q on q.extract_id = reading.extract_id
            where reading.extract_id = present.extract_id or len(coalesce(present.corrections, [])) > 0
        ),
        judged as (
            select ever.*, still.extract_id is not null as is_open
            from ever left join (select distinct extract_id, entry, row_number from meta.quarantine) as still
                on still.extract_id = ever.extract_id and still.entry = ever.entry
                and still.row_number = ever.row_number
        )
        select source_system, file_name, contract, count(*), count(*) filter (is_open), count(*) filter (not is_open)
        from judged inner join present using (extract_id)
        group by extract_id, source_system, file_name, contract order by file_name, contract
        """
    ).fetchall()
    return [FileAccount(*row) for row in rows]
