"""PostgreSQL through ADBC: binary COPY into Arrow, nothing passes through Python row by row."""

# ruff: noqa: S608 - names are quoted, texts are literals, the query is the mapping's own and runs read-only

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pyarrow as pa

from landing.database_source import DatabaseSource
from landing.databases.address import Address
from landing.databases.session import CONNECT_SECONDS, LostConnectionError, Span
from landing.databases.watermark import Mark, StoredMark, latest_allowed, parse_mark
from landing.quoting import identifier, literal

#: Types whose binary form says everything; all others travel as the text that the server writes.
_KEPT = ("int2", "int4", "int8", "bool", "text", "varchar")
_EXAMPLES: dict[str, Mark] = {
    "timestamptz": dt.datetime(2000, 1, 1, tzinfo=dt.UTC),
    "timestamp": dt.datetime(2000, 1, 1),  # noqa: DTZ001 - an example of a local time
    "date": dt.date(2000, 1, 1),
}


@contextmanager
def open_postgres(address: Address, zone: str, seconds: float) -> Iterator["PostgresSession"]:
    """Connect to the server and begin one read-only snapshot in it."""
    from adbc_driver_postgresql import dbapi

    with dbapi.connect(_conninfo(address), autocommit=True) as connection:
        session = PostgresSession(connection, zone)
        for statement in (
            "set default_transaction_read_only = on",
            "set datestyle = 'ISO, YMD'",
            "set intervalstyle = 'iso_8601'",
            "set bytea_output = 'hex'",
            "set extra_float_digits = 1",
            "set idle_in_transaction_session_timeout = 0",
            f"set statement_timeout = {int(seconds * 1000)}",
            f"set timezone = {literal(zone)}",
            "begin transaction isolation level repeatable read, read only",
        ):
            session.run(statement)
        yield session


def _conninfo(address: Address) -> str:
    """The address in the words of libpq; with these, reading stops when the server is gone without a word."""
    url = address.url
    words: dict[str, Any] = {
        "connect_timeout": CONNECT_SECONDS,
        "application_name": "aftercare",
        "client_encoding": "UTF8",
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
        "tcp_user_timeout": 60_000,
    }
    words |= {key: value if isinstance(value, str) else ",".join(value) for key, value in url.query.items()}
    named = {"host": url.host, "port": url.port, "user": url.username, "password": url.password, "dbname": url.database}
    words |= {key: value for key, value in named.items() if value is not None}
    return " ".join(f"{key}='{_escaped(str(value))}'" for key, value in words.items())


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "\\'")


class PostgresSession:
    """A snapshot of PostgreSQL."""

    def __init__(self, connection: Any, zone: str) -> None:
        self._connection = connection
        self._zone = zone

    def run(self, statement: str) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(statement)

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """A savepoint: after an error PostgreSQL refuses every further statement of a transaction."""
        self.run("savepoint entry")
        try:
            yield
        except Exception as error:
            try:
                self.run("rollback to savepoint entry")
            except Exception:
                # what the driver says of a dead connection is of little use
                raise LostConnectionError(str(error)) from None
            raise
        self.run("release savepoint entry")

    def newest(self, source: DatabaseSource, zone: str) -> Mark | None:
        """Return the greatest watermark of the source up to now; infinity is never one."""
        assert source.watermark  # noqa: S101 - asked of incremental sources only
        kind = self._kinds(source).get(source.watermark, "")
        column, condition = f"q.{identifier(source.watermark)}", ""
        if kind in _EXAMPLES:
            latest = latest_allowed(_EXAMPLES[kind], zone)
            assert latest is not None  # noqa: S101
            condition = f" where {column} <= {_constant(latest)}"
        with self._connection.cursor() as cursor:
            cursor.execute(f"select max({column})::text from {_relation(source)}{condition}")
            found = cursor.fetchone()
        return parse_mark(found[0], kind) if found and found[0] is not None else None

    def batches(self, source: DatabaseSource, span: Span) -> Iterator[pa.RecordBatch]:
        """Yield the rows as the server sends them, in the order of `key` if there is one."""
        columns = ", ".join(
            f"{_projection(name, kind)} as {identifier(name)}" for name, kind in self._kinds(source).items()
        )
        statement = f"select {columns} from {_relation(source)}"
        if span.since is not None and source.watermark:
            column = f"q.{identifier(source.watermark)}"
            statement += f" where {column} >= {_constant(span.since)} or {column} is null"
        if source.key:
            statement += f" order by {', '.join(f'q.{identifier(key)} nulls first' for key in source.key)}"
        with self._connection.cursor() as cursor:
            cursor.execute(statement)
            reader = cursor.fetch_record_batch()
            schema = pa.schema([pa.field(field.name, _plain(field.type)) for field in reader.schema])
            yield pa.RecordBatch.from_pylist([], schema)
            for batch in reader:
                yield batch.cast(schema)

    def _kinds(self, source: DatabaseSource) -> dict[str, str]:
        """Columns of the source with the name of their type on the server."""
        with self._connection.cursor() as cursor:
            cursor.execute(f"select * from {_relation(source)} limit 0")
            schema = cursor.fetch_record_batch().schema
        return {field.name: _kind(field) for field in schema}


def _kind(field: pa.Field) -> str:
    if pa.types.is_struct(field.type) or pa.types.is_list(field.type):
        return "nested"
    return str((field.metadata or {}).get(b"POSTGRESQL:type", b"").decode())


def _plain(kind: pa.DataType) -> pa.DataType:
    return kind if pa.types.is_integer(kind) or pa.types.is_boolean(kind) else pa.string()


def _relation(source: DatabaseSource) -> str:
    if source.table:
        return f"{'.'.join(identifier(part) for part in source.table.split('.'))} as q"
    return f"({source.query}\n) as q"


def _constant(mark: Mark) -> str:
    return literal(StoredMark.of(mark).text)


def _projection(name: str, kind: str) -> str:
    column = f"q.{identifier(name)}"
    if kind in _KEPT:
        return column
    if kind == "nested":
        return f"to_json({column})::text"
    if kind == "money":
        # its text has the currency sign of the server's locale
        return f"{column}::numeric::text"
    if kind == "bytea":
        return f"encode({column}, 'hex')"
    return f"{column}::text"
