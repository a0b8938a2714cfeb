"""The connection in which a delivered file is read: it sees that file and its own folder, and nothing else."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from landing.quoting import literal
from warehouse.connections import lock_sandbox, open_sandbox


@contextmanager
def confined(
    memory_limit: str, threads: int, folder: Path, files: Sequence[Path]
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a sandbox that may read `files` and write into `folder`; rows keep the order of the file."""
    connection = open_sandbox(memory_limit, threads, folder)
    try:
        connection.execute(f"set allowed_directories = [{literal(str(folder))}]")
        connection.execute(f"set allowed_paths = [{', '.join(literal(str(file)) for file in files)}]")
        connection.execute("set preserve_insertion_order = true")
        lock_sandbox(connection)
        yield connection
    finally:
        connection.close()
