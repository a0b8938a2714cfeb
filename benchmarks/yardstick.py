"""What a refresh is measured against: the same marts from the same files by DuckDB alone.

`python -m benchmarks.yardstick HOME FILE REPORT.json`, where HOME holds a company that has been refreshed. One
connection reads every CSV into typed tables and runs the SQL that dbt compiled for that refresh, in its order: no
archive, no pseudonyms, no gates, no dbt, no Dagster, no publishing, and rows that cannot be used are dropped without a
word. The workbooks, too small to matter and unreadable for DuckDB alone, are copied from the home.
"""

# ruff: noqa: S608 - names come from contracts, manifest and folder

import json
import sys
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.measuring import measuring
from landing.quoting import identifier, literal, text_list
from warehouse.contract import Contract, ContractColumn, load_contracts
from warehouse.manifest import prepare_warehouse
from warehouse.parts import Parts, parts_of

#: dbt writes into two files what one connection keeps in one.
_CATALOGS = ("warehouse", "build")


def main(home: Path, file: Path, report: Path) -> None:
    """Build the marts of a home once more and write what it took."""
    with measuring() as found:
        build_marts(home, file)
    report.write_text(json.dumps(found.rounded()), encoding="utf-8")


def build_marts(home: Path, file: Path, memory_limit: str = "4GB") -> None:
    """Write the marts of a refreshed home into a file, from its landing folder."""
    with duckdb.connect(file, config={"memory_limit": memory_limit}) as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute("set preserve_insertion_order = false")
        connection.execute(f"set temp_directory = {literal(f'{file}.tmp')}")
        connection.execute(f"attach {literal(str(home / 'warehouse.duckdb'))} as home (read_only)")
        _read_extracts(connection, home / "landing")
        connection.execute("insert into meta.run_context from home.meta.run_context")
        _run_models(connection, home)
        connection.execute("checkpoint")


def _read_extracts(connection: duckdb.DuckDBPyConnection, landing: Path) -> None:
    prepare_warehouse(connection)
    connection.execute("insert into meta.extracts from home.meta.extracts where state = 'accepted'")
    connection.execute(
        "insert into meta.extract_entries select entries.* from home.meta.extract_entries as entries"
        " semi join meta.extracts using (extract_id)"
    )
    for contract in load_contracts().values():
        files = connection.execute(
            "select extracts.extract_id, file_name, source_system, extracts.extracted_at, loaded_at, delivery"
            " from meta.extracts as extracts"
            " inner join meta.extract_entries using (extract_id) where contract = $contract order by file_name",
            {"contract": contract.name},
        ).fetchall()
        for extract_id, name, system, extracted_at, loaded_at, delivery in files:
            lineage = (
                f"{literal(system)} as _source_system, {literal(extract_id)} as _extract_id, {literal(name)} as"
                f" _extract_file, _row_number, timestamp '{extracted_at}' as _extracted_at,"
                f" timestamp '{loaded_at}' as _loaded_at"
            )
            if name.endswith(".xlsx"):
                copied = _copied(contract, extract_id)
            else:
                copied = _typed(connection, contract, landing / name, lineage, delivery == "snapshot")
            connection.execute(f"insert into raw.{contract.raw_table} by name {copied}")


def _copied(contract: Contract, extract_id: str) -> str:
    """SQL of the rows that the home has of an extract, with the ids that the files use in place of pseudonyms."""
    known = "select identifier from home.private.identities where pseudonym = rows"
    people = [f"({known}.{identifier(c.name)}) as {identifier(c.name)}" for c in contract.columns if c.is_pseudonym]
    replaced = f"replace ({', '.join(people)})" if people else ""
    return f"select * {replaced} from home.raw.{contract.raw_table} as rows where _extract_id = {literal(extract_id)}"


def _typed(
    connection: duckdb.DuckDBPyConnection, contract: Contract, path: Path, lineage: str, is_snapshot: bool
) -> str:
    rows = f"read_csv({literal(str(path))}, all_varchar = true, header = true)"
    present = {row[0] for row in connection.execute(f"describe from {rows}").fetchall()}
    columns = [column for column in contract.columns if column.name in present]
    values = ", ".join(f"{_value(column)} as {identifier(column.name)}" for column in columns)
    vital = {*contract.required_columns}
    kept = " and ".join(f"{identifier(name)} is not null" for name in vital) or "true"
    names = ", ".join(identifier(column.name) for column in columns)
    typed = f"select {values}, row_number() over () as _row_number from {rows}"
    if is_snapshot:
        # a key with two meanings has none
        key = ", ".join(map(identifier, contract.key))
        typed = f"select {names}, min(_row_number) as _row_number from ({typed}) group by {names}"
        typed += f" qualify count(*) over (partition by {key}) = 1"
    return f"select {names}, {lineage} from ({typed}) where {kept}"


def _value(column: ContractColumn) -> str:
    text = identifier(column.name)
    if column.type == "instant":
        return f"cast(try_cast({text} as timestamptz) as timestamp)"
    if column.type == "code":
        return f"case when {text} in ({text_list(column.values)}) then {text} end"
    if column.type in ("integer", "number", "money"):
        value = f"try_cast({text} as {column.sql_type})"
        bounds = [f"{value} >= {column.min}"] if column.min is not None else []
        bounds += [f"{value} <= {column.max}"] if column.max is not None else []
        return f"case when {' and '.join(bounds)} then {value} end" if bounds else value
    return text if column.sql_type == "varchar" else f"try_cast({text} as {column.sql_type})"


def _run_models(connection: duckdb.DuckDBPyConnection, home: Path) -> None:
    run = home / "dbt" / "run"
    nodes = json.loads((run / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    results = json.loads((run / "run_results.json").read_text(encoding="utf-8"))["results"]
    for result in results:
        node = nodes.get(result["unique_id"], {})
        if node.get("resource_type") == "seed":
            connection.execute(f"create schema if not exists {node['schema']}")
            connection.execute(f"create table {_address(node)} as from home.{_address(node)}")
        # the private file is no mart: it says whom the pseudonyms stand for
        elif node.get("resource_type") == "model" and node["database"] != "private":
            connection.execute(f"create schema if not exists {node['schema']}")
            kind, sql = node["config"]["materialized"], _without_catalogs(result["compiled_code"])
            if kind == "table_in_parts":
                _build_in_parts(connection, _address(node), parts_of(sql))
            else:
                connection.execute(f"create {kind} {_address(node)} as {sql}")


def _build_in_parts(connection: duckdb.DuckDBPyConnection, address: str, model: Parts) -> None:
    connection.execute(f"create or replace temp table {model.shared} as {model.rows}")
    (_, first), *others = model.parts
    connection.execute(f"create table {address} as {first}")
    for _, part in others:
        connection.execute(f"insert into {address} {part}")


def _address(node: dict[str, Any]) -> str:
    return f"{node['schema']}.{node['alias']}"


def _without_catalogs(sql: str) -> str:
    for catalog in _CATALOGS:
        sql = sql.replace(f'"{catalog}".', "")
    return sql


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:4]))
