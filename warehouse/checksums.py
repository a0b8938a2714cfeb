"""What a DuckDB file holds, as numbers that do not depend on row order, and the hash of its bytes.

Run as a module it prints the checksums of a file: the publisher re-reads a build in a fresh process this way,
because a process that wrote a file may answer from memory.
"""

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb

from warehouse.connections import open_reader
from warehouse.errors import PublishError
from warehouse.settings import Settings, load_settings


def table_checksums(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, Any]]:
    """Return rows and an order-free hash for each table of the opened file, by `schema.table`."""
    tables = connection.execute(
        """
        select schema_name, table_name from duckdb_tables()
        where not internal and database_name = current_database() order by all
        """
    ).fetchall()
    return {f"{schema}.{table}": rows_checksum(connection, f'from "{schema}"."{table}"') for schema, table in tables}


def rows_checksum(connection: duckdb.DuckDBPyConnection, query: str) -> dict[str, Any]:
    """Return the number of rows of a query and an order-free hash of them."""
    row = connection.execute(
        f"select count(*), bit_xor(hash(t)), sum(hash(t)) from ({query}) as t"  # noqa: S608
    ).fetchone()
    assert row is not None  # noqa: S101 - an aggregate without group by has one row
    return {"rows": row[0], "xor": str(row[1]), "sum": str(row[2])}


def exchanged_checksum(before: dict[str, Any], gone: dict[str, Any], come: dict[str, Any]) -> dict[str, Any]:
    """Return the checksum of rows of which some have gone and others have come."""
    xor, total = 0, 0
    for checksum, sign in ((before, 1), (gone, -1), (come, 1)):
        if checksum["rows"]:
            xor ^= int(checksum["xor"])
            total += sign * int(checksum["sum"])
    rows = before["rows"] - gone["rows"] + come["rows"]
    return {"rows": rows, "xor": str(xor), "sum": str(total)} if rows else {"rows": 0, "xor": "None", "sum": "None"}


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes as hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_in_fresh_process(path: Path) -> dict[str, dict[str, Any]]:
    """Return the checksums as another process sees the file; raises PublishError when it cannot read it."""
    done = subprocess.run(  # noqa: S603 - our own module on our own file
        [sys.executable, "-m", "warehouse.checksums", str(path)], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        last_line = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise PublishError(f"{path.name} cannot be read back by a fresh process: {last_line}")
    checksums: dict[str, dict[str, Any]] = json.loads(done.stdout)
    return checksums


def _print_checksums(path: Path, settings: Settings) -> None:
    connection = open_reader(path, settings)
    sys.stdout.write(json.dumps(table_checksums(connection)))
    connection.close()


if __name__ == "__main__":
    _print_checksums(Path(sys.argv[1]), load_settings())
