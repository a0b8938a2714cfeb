"""What reading needs of a database: one read-only snapshot, and the rows of a table or query in it as Arrow."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa

from landing.database_source import DatabaseSource
from landing.databases.address import Address
from landing.databases.watermark import Mark

CONNECT_SECONDS = 10


class LostConnectionError(Exception):
    """The connection is gone, and with it the snapshot."""


@dataclass(frozen=True)
class Span:
    """Which rows of an incremental source are wanted: from this watermark on, and those without one; None is all."""

    since: Mark | None = None


class Session(Protocol):
    """One connection in one transaction that sees one state of the database and cannot change it.

    Values come as the texts that the server writes, in ISO form; whole numbers and booleans may keep their type.
    """

    def guarded(self) -> AbstractContextManager[None]:
        """A stretch whose failure leaves the snapshot as it was, so that the next table can be read in it."""

    def newest(self, source: DatabaseSource, zone: str) -> Mark | None:
        """Return the greatest watermark that is not in the future; None where there is none."""

    def batches(self, source: DatabaseSource, span: Span) -> Iterator[pa.RecordBatch]:
        """Yield the rows, at least one batch (it may be empty, and says which columns there are)."""


def open_session(address: Address, zone: str, seconds: float) -> AbstractContextManager[Session]:
    """Connect and begin the snapshot; leaving gives the connection back, and nothing is ever committed.

    `zone` is the mapping's: where a query of PostgreSQL makes a local time of an instant, it is one of that zone.
    """
    if address.backend == "postgresql":
        from landing.databases.postgres import open_postgres

        return open_postgres(address, zone, seconds)
    from landing.databases.generic import open_generic

    return open_generic(address, seconds)
