"""Dagster's event log in SQLite with connections that are kept: a refresh writes over a thousand events.

Dagster opens an engine and a connection for every event, and waits for the disk every time. On a refresh of the demo
company that takes longer than the marts of a small company. Dagster is pinned, and a test holds this class to its base.
"""

import os
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as db
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from sqlalchemy.pool import StaticPool

#: Files kept open at a time; a web server reads the logs of many runs.
_MOST_OPEN = 4


class KeptSqliteEventLog(SqliteEventLogStorage):
    """The event log of Dagster's own SQLite storage, one file per run and an index, each with one kept connection."""

    def __init__(self, base_dir: str, inst_data: Any = None) -> None:
        self._engines: OrderedDict[str, db.Engine] = OrderedDict()
        super().__init__(base_dir, inst_data)

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Any) -> "KeptSqliteEventLog":
        return cls(inst_data=inst_data, **config_value)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[db.Connection]:
        with self._db_lock:
            engine = self._engine(shard)
            with engine.connect() as connection, connection.begin():
                yield connection

    def _engine(self, shard: str) -> db.Engine:
        engine = self._engines.pop(shard, None)
        if engine is not None and not os.path.exists(self.path_for_shard(shard)):  # noqa: PTH110 - on every event
            engine.dispose()  # the file was removed, and so would be what is written to it
            self._initialized_dbs.discard(shard)
            engine = None
        if engine is None:
            engine = db.create_engine(
                self.conn_string_for_shard(shard),
                poolclass=StaticPool,
                connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
            )
            db.event.listen(engine, "connect", _do_not_wait_for_the_disk)
        self._engines[shard] = engine
        if len(self._engines) > _MOST_OPEN:
            self._engines.popitem(last=False)[1].dispose()
        if shard not in self._initialized_dbs:
            self._initdb(engine)
            self._initialized_dbs.add(shard)
        return engine

    def wipe(self) -> None:
        self.dispose()
        super().wipe()

    def dispose(self) -> None:
        with self._db_lock:
            while self._engines:
                self._engines.popitem()[1].dispose()
        super().dispose()


def _do_not_wait_for_the_disk(connection: Any, _: Any) -> None:
    """With a write-ahead log the file stays sound in a crash; at most the last lines of a run are lost."""
    connection.execute("pragma synchronous = normal")
