"""What was read of a database as one Parquet file: written beside its place, synced, and moved there when whole."""

# ruff: noqa: S608 - only paths and quoted names are put into SQL

import json
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from landing.databases.watermark import StoredMark
from landing.quoting import literal
from warehouse.connections import open_sandbox
from warehouse.settings import Settings

_ABOUT = b"aftercare.extract"
_GROUP_ROWS = 100_000
#: Without dictionaries: an extract has few columns that repeat, and zstd shrinks those as well, in half the time.
_FORM = {"compression": "zstd", "compression_level": 1, "use_dictionary": False}
_COMPARE_MEMORY = "1GB"


@dataclass(frozen=True)
class About:
    """What an extract says about itself, so that the archive alone tells where the next one begins."""

    database: str
    read_at: str
    watermark: StoredMark | None = None


def write_extract(path: Path, batches: Iterable[pa.RecordBatch], about: About) -> int:
    """Write the rows and return their number; the file is on disk when this returns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = 0
    with path.open("wb") as file:
        found = iter(batches)
        first = next(found)
        with pq.ParquetWriter(file, first.schema, **_FORM) as writer:
            # the server goes on sending while a group is written
            with ThreadPoolExecutor(1) as hand:
                written: Future[None] | None = None
                for table in _groups(chain([first], found)):
                    if written:
                        written.result()
                    written = hand.submit(writer.write_table, table, row_group_size=_GROUP_ROWS)
                    rows += table.num_rows
                if written:
                    written.result()
            writer.add_key_value_metadata({_ABOUT: json.dumps(asdict(about), sort_keys=True).encode()})
        file.flush()
        os.fsync(file.fileno())
    return rows


def _groups(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    """Put batches together until they fill a row group."""
    waiting: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        waiting.append(batch)
        rows += batch.num_rows
        if rows >= _GROUP_ROWS:
            yield pa.Table.from_batches(waiting)
            waiting, rows = [], 0
    if rows:
        yield pa.Table.from_batches(waiting)


def read_about(path: Path) -> About | None:
    """Return what an extract says about itself; None for a file that is none."""
    try:
        stored = json.loads((pq.read_metadata(path).metadata or {})[_ABOUT])
    except (OSError, KeyError, ValueError, pa.ArrowException):
        return None
    mark = stored["watermark"]
    return About(stored["database"], stored["read_at"], StoredMark(**mark) if mark else None)


def is_known(path: Path, earlier: Path, settings: Settings, folder: Path, *, whole: bool) -> bool:
    """Return whether an earlier extract has every row of this one; with `whole`, also no other row."""
    new, old = pq.read_metadata(path), pq.read_metadata(earlier)
    if new.schema.to_arrow_schema().names != old.schema.to_arrow_schema().names:
        return False
    if new.num_rows > old.num_rows or (whole and new.num_rows != old.num_rows):
        return False
    connection = open_sandbox(_COMPARE_MEMORY, settings.threads, folder)
    try:
        found = connection.execute(
            f"""
            select count(*) from (
                select * from {_rows(path)}
                except all
                select * from {_rows(earlier)} as old where hash(old) in (select hash(new) from {_rows(path)} as new)
            )
            """
        ).fetchone()
    finally:
        connection.close()
    return found == (0,)


def _rows(path: Path) -> str:
    return f"read_parquet({literal(str(path))})"
