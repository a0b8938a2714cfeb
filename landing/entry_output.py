"""Writing the rows of one entry as Parquet, with people and customers under pseudonyms."""

# ruff: noqa: S608 - names are quoted, texts are literals or parameters; mapping SQL runs in the sandbox only

from datetime import datetime
from pathlib import Path

import duckdb

from landing.entry_rows import EntryRows
from landing.mapping_model import Entry
from landing.quoting import identifier, literal
from landing.value_sql import local_to_utc
from warehouse.pseudonyms import PseudonymKey, pseudonym_sql


def write_relation(connection: duckdb.DuckDBPyConnection, relation: str, path: Path) -> tuple[Path | None, int]:
    """Copy a relation into a Parquet file; return its path, None when there are no rows, and their number."""
    found = connection.execute(f"select count(*) from (select 1 from {relation} limit 1)").fetchone()
    if not found or not found[0]:
        return None, 0
    copied = connection.execute(f"copy (select * from {relation}) to {literal(str(path))} (format parquet)").fetchone()
    return path, int(copied[0]) if copied else 0


def pseudonymise(
    connection: duckdb.DuckDBPyConnection, rows: EntryRows, good: str, key: PseudonymKey
) -> tuple[str, str]:
    """Return the relation of rows with pseudonyms and the table of (kind, pseudonym, identifier) behind them.

    Each distinct identifier is hashed once. No SQL of a mapping runs in the statement that knows the key.
    """
    personal = {f.column.name: f.column.pii for f in rows.filled if f.column.is_pseudonym}
    identities = f"{rows.name}_identities"
    connection.execute(f"create table {identities} (kind varchar, pseudonym varchar, identifier varchar)")
    for kind in sorted(set(personal.values())):
        columns = [name for name, pii in personal.items() if pii == kind]
        found = " union all ".join(f"select {identifier(name)} as identifier from {good}" for name in columns)
        pseudonym = pseudonym_sql(kind, "identifier", "$inner", "$outer")
        connection.execute(
            f"insert into {identities} select '{kind}', {pseudonym}, identifier"
            f" from (select distinct identifier from ({found}) where identifier is not null)",
            {"inner": key.inner_hex, "outer": key.outer_hex},
        )
    if not personal:
        return good, identities
    selected = ", ".join(
        f"{f'i{n}.pseudonym' if f.column.name in personal else f'good.{identifier(f.column.name)}'}"
        f" as {identifier(f.column.name)}"
        for n, f in enumerate(rows.filled)
    )
    joins = " ".join(
        f"left join {identities} as i{n}"
        f" on i{n}.kind = '{f.column.pii}' and i{n}.identifier = good.{identifier(f.column.name)}"
        for n, f in enumerate(rows.filled)
        if f.column.name in personal
    )
    name = f"{rows.name}_private"
    connection.execute(f"create view {name} as select good._row_number, {selected} from {good} as good {joins}")
    return name, identities


def seal_quarantine(
    connection: duckdb.DuckDBPyConnection, entry: Entry, quarantine: str, key: PseudonymKey
) -> tuple[str, int]:
    """Return the table of quarantined rows with their keys as they would stand in raw, and how many have none.

    No SQL of a mapping runs in the statement that knows the key.
    """
    parts = []
    for position, name in enumerate(entry.target.key, start=1):
        column = entry.target.column(name)
        part = f"row_key[{position}]"
        parts.append(pseudonym_sql(column.pii, part, "$inner", "$outer") if column.is_pseudonym else part)
    values = {"inner": key.inner_hex, "outer": key.outer_hex} if any("$inner" in part for part in parts) else {}
    sealed = f"{quarantine}_sealed"
    connection.execute(
        f"create table {sealed} as select * replace ("
        f"case when row_key is not null then cast(to_json([{', '.join(parts)}]) as varchar) end as row_key"
        f") from {quarantine}",
        values,
    )
    found = connection.execute(f"select count(*) from {sealed} where row_key is null").fetchone()
    return sealed, int(found[0]) if found else 0


def business_range(
    connection: duckdb.DuckDBPyConnection, entry: Entry, rows: EntryRows, good: str, zone: str
) -> tuple[datetime | None, datetime | None]:
    """First and last business instant of the rows (UTC); a date counts as local midnight of the company zone."""
    filled = {f.column.name: f.column for f in rows.filled}
    instants = [
        local_to_utc(f"cast({identifier(name)} as timestamp)", zone)
        if filled[name].type == "date"
        else identifier(name)
        for name in entry.target.business_instants
        if name in filled
    ]
    if not instants:
        return None, None
    lowest = ", ".join(f"min({sql})" for sql in instants)
    highest = ", ".join(f"max({sql})" for sql in instants)
    row = connection.execute(f"select least({lowest}), greatest({highest}) from {good}").fetchone()
    return (row[0], row[1]) if row else (None, None)


def capabilities(entry: Entry, rows: EntryRows) -> tuple[tuple[str, str], ...]:
    """Pairs of code column and value that the mapping names; columns that the data decides have none."""
    return tuple(
        dict.fromkeys(
            (f.column.name, str(target))
            for f in rows.filled
            if f.column.type == "code"
            for target in entry.columns[f.column.name].targets
            if target is not None
        )
    )
