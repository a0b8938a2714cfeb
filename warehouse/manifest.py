"""What has landed: extracts and their states, quarantined rows and bad cells, in `warehouse.duckdb`.

An *extract* is one delivered file under one mapping. It is `candidate` when it lands, `accepted` or `refused` by
gate 1, `withdrawn` by hand and `replaced` when the same file lands again under a changed mapping. Staging reads
accepted extracts only. Rows are never changed in place; a state is.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import duckdb

from warehouse.clock import now_utc
from warehouse.contract import LINEAGE_COLUMNS, Contract, load_contracts
from warehouse.errors import ExtractError


class ExtractState(StrEnum):
    CANDIDATE = "candidate"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"


_TABLES = """
create schema if not exists raw;
create schema if not exists meta;
create schema if not exists private;

-- one row per delivered file and mapping
create table if not exists meta.extracts (
    extract_id varchar not null, source_system varchar not null, mapping varchar not null,
    mapping_fingerprint varchar not null, file_name varchar not null, sha256 varchar not null, bytes bigint not null,
    extracted_at timestamp not null, loaded_at timestamp not null, run_id varchar not null,
    state varchar not null, reason_code varchar, reason_en varchar, reason_zh varchar,
    state_changed_at timestamp not null, replaced_by varchar
);

-- one row per extract and mapping entry: rows_read is the sum of the seven other row counts
create table if not exists meta.extract_entries (
    extract_id varchar not null, entry integer not null, contract varchar not null, delivery varchar not null,
    rows_read bigint not null, rows_loaded bigint not null, rows_rejected bigint not null,
    rows_quarantined bigint not null, rows_folded bigint not null, rows_filtered bigint not null,
    rows_identical bigint not null, rows_conflicting bigint not null, bad_cells bigint not null,
    worst_column varchar, worst_bad_share double, first_instant timestamp, last_instant timestamp,
    mapped_columns varchar[] not null, unmapped_columns varchar[] not null
);

-- one row per landed row that did not become a contract row; row_text holds it whole, as JSON
create table if not exists meta.quarantine (
    extract_id varchar not null, entry integer not null, contract varchar not null, file_name varchar not null,
    row_number bigint not null, column_name varchar, value varchar, reason_code varchar not null,
    reason varchar not null, row_text varchar, quarantined_at timestamp not null
);

-- one row per cell that became null because its text was not what the mapping declares
create table if not exists meta.bad_cells (
    extract_id varchar not null, entry integer not null, contract varchar not null, file_name varchar not null,
    row_number bigint not null, column_name varchar not null, value varchar, reason_code varchar not null,
    reason varchar not null
);

-- one row per table or query of a database whose last reading failed; what landed of it before stays in force
create table if not exists meta.unread_tables (
    source_system varchar not null, reading varchar not null, database varchar not null, contracts varchar[] not null,
    run_id varchar not null, failed_at timestamp not null, reason_code varchar not null, reason_en varchar not null,
    reason_zh varchar not null
);

-- what a mapping can say about a code column, whether or not it occurs (ruling B21); value null = anything
create table if not exists meta.source_capabilities (
    extract_id varchar not null, source_system varchar not null, contract varchar not null,
    column_name varchar not null, value varchar
);

-- whom a pseudonym stands for; leaves this file only into the private file
create table if not exists private.identities (
    kind varchar not null, pseudonym varchar not null, identifier varchar not null, extract_id varchar not null
);

-- what the tickets outside an increment say of their source (decision 0013); empty for a full build
create table if not exists meta.reconciliation_elsewhere (
    source_system varchar not null, elsewhere_most_reopened bigint, elsewhere_reassignments bigint not null,
    elsewhere_own_known bigint not null, elsewhere_own_fits bigint not null, elsewhere_holder_fits bigint not null,
    elsewhere_person_fits bigint not null
);

-- files with corrected quarantined rows, by the delivered file that they correct
create table if not exists meta.corrections (
    source_system varchar not null, sha256 varchar not null, correction_sha256 varchar not null,
    correction_name varchar not null, row_numbers bigint[] not null, landed_at timestamp not null
);

-- the context of the build that runs or ran last: exactly one row, joined by models
create table if not exists meta.run_context (
    build_id varchar not null, run_id varchar not null, as_of timestamp not null, known_at timestamp not null,
    company_zone varchar not null, company_calendar_id varchar not null, company_currency varchar not null,
    is_as_of_chosen boolean not null
);
alter table meta.run_context add column if not exists base_build_id varchar;

-- which contracts a file feeds, also when it was refused; the rules of gate 1 that a person has waived for it; the
-- files (sha256) that correct rows of it, in the order in which they came
alter table meta.extracts add column if not exists contracts varchar[];
alter table meta.extracts add column if not exists waived varchar[];
alter table meta.extracts add column if not exists corrections varchar[];

-- what a snapshot says it is the whole of (null for deltas and logs), and how many of its rows cannot be told by key
alter table meta.extract_entries add column if not exists part varchar;
alter table meta.extract_entries add column if not exists rows_without_key bigint;

-- the key of a quarantined row as JSON, pseudonyms included; null where the row does not tell
alter table meta.quarantine add column if not exists row_key varchar;
"""


def raw_table_ddl(contract: Contract) -> str:
    """Return the statement that creates the landing table of a contract: its columns, then the lineage columns."""
    columns = {column.name: column.sql_type for column in contract.columns} | LINEAGE_COLUMNS
    lines = ",\n    ".join(f'"{name}" {sql_type}' for name, sql_type in columns.items())
    return f"create table if not exists raw.{contract.raw_table} (\n    {lines}\n)"


def prepare_warehouse(connection: duckdb.DuckDBPyConnection) -> None:
    """Create every landing and manifest table that does not exist yet."""
    connection.execute(_TABLES)
    for contract in load_contracts().values():
        connection.execute(raw_table_ddl(contract))


@dataclass(frozen=True)
class Extract:
    """One row of meta.extracts, as far as decisions need it."""

    extract_id: str
    source_system: str
    mapping: str
    file_name: str
    state: ExtractState
    loaded_at: datetime
    reason_code: str | None
    reason_en: str | None
    reason_zh: str | None


def list_extracts(
    connection: duckdb.DuckDBPyConnection, *, states: tuple[ExtractState, ...] = (), run_id: str | None = None
) -> list[Extract]:
    """Return extracts in landing order, all or only those in some states or of one run."""
    rows = connection.execute(
        """
        select extract_id, source_system, mapping, file_name, state, loaded_at, reason_code, reason_en, reason_zh
        from meta.extracts
        where (len($states) = 0 or list_contains($states, state)) and ($run_id is null or run_id = $run_id)
        order by loaded_at, extract_id
        """,
        {"states": [str(state) for state in states], "run_id": run_id},
    ).fetchall()
    return [Extract(row[0], row[1], row[2], row[3], ExtractState(row[4]), *row[5:]) for row in rows]


@dataclass(frozen=True)
class UnreadTable:
    """A table or query of a database whose last reading failed, and why."""

    source_system: str
    reading: str
    database: str
    contracts: tuple[str, ...]
    run_id: str
    failed_at: datetime
    reason_code: str
    reason_en: str
    reason_zh: str


def note_unread(connection: duckdb.DuckDBPyConnection, unread: tuple[UnreadTable, ...], systems: list[str]) -> None:
    """Write down what could not be read, in the place of whatever was said of these systems before."""
    connection.execute(
        "delete from meta.unread_tables where list_contains($systems, source_system)", {"systems": systems}
    )
    for table in unread:
        values = vars(table) | {"contracts": list(table.contracts)}
        names = ", ".join(values)
        connection.execute(
            f"insert into meta.unread_tables ({names}) values ({', '.join(f'${name}' for name in values)})",  # noqa: S608
            values,
        )


def list_unread(connection: duckdb.DuckDBPyConnection) -> list[UnreadTable]:
    """Return the tables and queries whose last reading failed; none before the first landing."""
    try:
        rows = connection.execute(
            """
            select source_system, reading, database, contracts, run_id, failed_at, reason_code, reason_en, reason_zh
            from meta.unread_tables order by reading
            """
        ).fetchall()
    except duckdb.CatalogException:
        return []
    return [UnreadTable(row[0], row[1], row[2], tuple(row[3]), *row[4:]) for row in rows]


def landed_rows(connection: duckdb.DuckDBPyConnection) -> int:
    """Return how many contract rows the accepted extracts loaded."""
    row = connection.execute(
        """
        select coalesce(sum(rows_loaded), 0) from meta.extract_entries
        semi join (select extract_id from meta.extracts where state = $accepted) using (extract_id)
        """,
        {"accepted": str(ExtractState.ACCEPTED)},
    ).fetchone()
    return int(row[0]) if row else 0


def set_state(
    connection: duckdb.DuckDBPyConnection,
    extract_ids: list[str],
    state: ExtractState,
    *,
    reason_code: str | None = None,
    reason_en: str | None = None,
    reason_zh: str | None = None,
) -> None:
    """Move extracts to a state with its reason; raises ExtractError when one of them is not known."""
    found = connection.execute(
        "select count(*) from meta.extracts where list_contains($ids, extract_id)", {"ids": extract_ids}
    ).fetchone()
    if found is None or found[0] != len(set(extract_ids)):
        raise ExtractError(f"no extract {', '.join(extract_ids)} has landed here; `aftercare quality` lists them")
    connection.execute(
        """
        update meta.extracts
        set state = $state, reason_code = $code, reason_en = $en, reason_zh = $zh, state_changed_at = $now
        where list_contains($ids, extract_id)
        """,
        {
            "ids": extract_ids,
            "state": str(state),
            "code": reason_code,
            "en": reason_en,
            "zh": reason_zh,
            "now": now_utc(),
        },
    )


def accept_refused(connection: duckdb.DuckDBPyConnection, extract_id: str, rules: list[str]) -> None:
    """Make a refused extract a candidate again, for which some rules of gate 1 are waived.

    One that was refused before anything of it landed is forgotten, so that the next run reads its file again. Raises
    ExtractError when it is not known or not refused.
    """
    row = connection.execute(
        """
        select state, exists (select 1 from meta.extract_entries as e where e.extract_id = x.extract_id)
        from meta.extracts as x where extract_id = $id
        """,
        {"id": extract_id},
    ).fetchone()
    if row is None:
        raise ExtractError(f"no extract {extract_id} has landed here; `aftercare quality` lists them")
    if row[0] != ExtractState.REFUSED:
        raise ExtractError(f"extract {extract_id} is {row[0]}; only a refused extract can be accepted")
    if not row[1]:
        connection.execute("delete from meta.extracts where extract_id = $id", {"id": extract_id})
        return
    set_state(connection, [extract_id], ExtractState.CANDIDATE)
    connection.execute(
        "update meta.extracts set waived = $rules where extract_id = $id", {"id": extract_id, "rules": rules}
    )


def settle_replacements(connection: duckdb.DuckDBPyConnection) -> None:
    """Let accepted extracts replace what they were landed to replace, and refused ones replace nothing."""
    connection.execute(
        """
        update meta.extracts
        set state = $replaced, state_changed_at = $now
        where state <> $replaced
            and replaced_by in (select extract_id from meta.extracts where state = $accepted)
        """,
        {"replaced": str(ExtractState.REPLACED), "accepted": str(ExtractState.ACCEPTED), "now": now_utc()},
    )
    connection.execute(
        """
        update meta.extracts
        set replaced_by = null
        where state <> $replaced
            and replaced_by in (select extract_id from meta.extracts where state = $refused)
        """,
        {"replaced": str(ExtractState.REPLACED), "refused": str(ExtractState.REFUSED)},
    )
