"""MySQL, MariaDB and any other database that SQLAlchemy reaches: pages by key, or a cursor on the server."""

import datetime as dt
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import sqlalchemy as sa

from landing.database_source import DatabaseSource
from landing.databases.address import Address
from landing.databases.session import CONNECT_SECONDS, Span
from landing.databases.watermark import Mark, latest_allowed
from landing.refusal import RefusalError

#: Rows of a page, and of a batch within it.
PAGE_ROWS = 200_000
_BATCH_ROWS = 50_000
_MYSQL = ("mysql", "mariadb")
_MYSQL_BIT, _MYSQL_TIMESTAMP = 16, 7
#: Isolation levels in which a transaction sees one state, the cheapest first.
_SNAPSHOTS = ("SNAPSHOT", "REPEATABLE READ", "SERIALIZABLE")
_BOUND = re.compile(r"(?<![:\w\\]):([\w$]+)(?![:\w$])")


@contextmanager
def open_generic(address: Address, seconds: float) -> Iterator["GenericSession"]:
    """Connect by SQLAlchemy and begin one read-only snapshot, as far as the database knows such a thing."""
    engine = _engine(address, seconds)
    try:
        with engine.connect() as connection:
            connection = _begin_snapshot(connection, seconds)
            try:
                yield GenericSession(connection)
            finally:
                if not connection.invalidated:
                    connection.rollback()
    finally:
        engine.dispose()


def _engine(address: Address, seconds: float) -> sa.Engine:
    url = address.url
    options: dict[str, Any] = {}
    if address.backend in _MYSQL:
        options = {"connect_timeout": CONNECT_SECONDS, "read_timeout": int(seconds) + CONNECT_SECONDS}
        if url.password is not None:
            # PyMySQL would write a text as Latin-1
            options["password"] = str(url.password).encode()
        if "charset" not in url.query:
            url = url.update_query_dict({"charset": "utf8mb4"})
    if address.backend == "sqlite" and not (
        url.database and ("mode=" in str(url.query) or Path(url.database).is_file())
    ):
        # SQLite would make an empty file of that name
        raise RefusalError(
            "no_such_database",
            f"database {address.name}: the SQLite file of its address does not exist",
            f"数据库 {address.name}：地址指定的 SQLite 文件不存在",
        )
    return sa.create_engine(url, poolclass=sa.NullPool, connect_args=options)


def _begin_snapshot(connection: sa.Connection, seconds: float) -> sa.Connection:
    dialect = connection.dialect
    if dialect.name in _MYSQL:
        return _begun(connection, _mysql_statements(bool(getattr(dialect, "is_mariadb", False)), seconds))
    if dialect.name == "sqlite":
        return _begun(connection, ("pragma query_only = on", "begin"))
    if dialect.name == "oracle":
        connection.exec_driver_sql("set transaction read only")
        return connection
    driver_connection = connection.connection.dbapi_connection
    levels = dialect.get_isolation_level_values(driver_connection) if driver_connection else ()
    level = next((level for level in _SNAPSHOTS if level in levels), None)
    return connection.execution_options(isolation_level=level) if level else connection


def _begun(connection: sa.Connection, statements: Sequence[str]) -> sa.Connection:
    """Run statements on a connection whose driver begins no transaction of its own."""
    connection = connection.execution_options(isolation_level="AUTOCOMMIT")
    for statement in statements:
        connection.exec_driver_sql(statement)
    return connection


def _mysql_statements(is_mariadb: bool, seconds: float) -> tuple[str, ...]:
    limit = f"max_statement_time = {seconds:g}" if is_mariadb else f"max_execution_time = {int(seconds * 1000)}"
    return (
        "set session time_zone = '+00:00'",
        f"set session {limit}",
        "set session net_write_timeout = 600",
        "set session transaction read only",
        "set session transaction isolation level repeatable read",
        "start transaction with consistent snapshot, read only",
    )


class GenericSession:
    """A snapshot through SQLAlchemy."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def guarded(self) -> Any:
        """These databases go on after an error within a transaction."""
        return nullcontext()

    def newest(self, source: DatabaseSource, zone: str) -> Mark | None:
        """Return the greatest watermark of the source up to now."""
        assert source.watermark  # noqa: S101 - asked of incremental sources only
        column: sa.ColumnElement[Any] = sa.column(source.watermark)
        query = sa.select(sa.func.max(column)).select_from(_relation(source))
        mark: Any = self._connection.execute(query).scalar()
        latest = None if mark is None else latest_allowed(mark, zone)
        if latest is not None and mark is not None and mark > latest:
            mark = self._connection.execute(query.where(column <= latest)).scalar()
        return int(mark) if isinstance(mark, float) and mark.is_integer() else mark

    def batches(self, source: DatabaseSource, span: Span) -> Iterator[pa.RecordBatch]:
        """Yield the rows by pages of the key, in its order, or as one stream where no key is known."""
        wanted: list[sa.ColumnElement[bool]] = []
        if span.since is not None and source.watermark:
            column: sa.ColumnElement[Any] = sa.column(source.watermark)
            wanted = [sa.or_(column >= span.since, column.is_(None))]
        key: list[sa.ColumnClause[Any]] = [sa.column(name) for name in source.key or self._primary_key(source)]
        if not key:
            yield from self._stream(_rows(source, wanted))
            return
        yield from self._stream(_rows(source, [*wanted, sa.or_(*(part.is_(None) for part in key))]))
        wanted += [part.is_not(None) for part in key]
        for page in self._pages(source, key, wanted):
            rows = _rows(source, [*wanted, *page])
            assert isinstance(rows, sa.Select)  # noqa: S101 - there are conditions
            yield from self._stream(rows.order_by(*key))

    def _pages(
        self, source: DatabaseSource, key: list[sa.ColumnClause[Any]], wanted: list[sa.ColumnElement[bool]]
    ) -> Iterator[list[sa.ColumnElement[bool]]]:
        """Yield conditions that cut the rows into pages.

        A page ends with a key, not with a row: rows of one key are never torn apart, so keys may repeat.
        """
        after: Sequence[Any] | None = None
        while True:
            rest = [_beyond(key, after)] if after else []
            probe = sa.select(*key).select_from(_relation(source)).where(*wanted, *rest).order_by(*key)
            last = self._connection.execute(probe.limit(1).offset(PAGE_ROWS - 1)).first()
            if last is None or (after is not None and tuple(last) == tuple(after)):
                yield rest
                return
            yield [*rest, sa.not_(_beyond(key, last))]
            after = last

    def _stream(self, query: sa.Executable) -> Iterator[pa.RecordBatch]:
        with self._undecoded(), self._connection.execution_options(yield_per=_BATCH_ROWS).execute(query) as result:
            names = list(result.keys())
            description = result.cursor.description if result.cursor is not None else ()
            kinds: list[Any] = [part[1] for part in description or ()]
            schema = pa.schema([pa.field(name, pa.string()) for name in names])
            yield pa.RecordBatch.from_pylist([], schema)
            is_mysql = self._connection.dialect.name in _MYSQL
            for rows in result.partitions(_BATCH_ROWS):
                cells = zip(*rows, strict=True)
                arrays = [_array(column, kind if is_mysql else None) for column, kind in zip(cells, kinds, strict=True)]
                yield pa.RecordBatch.from_arrays(arrays, schema=schema)

    @contextmanager
    def _undecoded(self) -> Iterator[None]:
        """Let PyMySQL hand out the texts of the server: 0000-00-00 and 20 digits survive as they are."""
        driver: Any = self._connection.connection.dbapi_connection
        if self._connection.dialect.name not in _MYSQL:
            yield
            return
        decoders, driver.decoders = driver.decoders, {}
        try:
            yield
        finally:
            driver.decoders = decoders

    def _primary_key(self, source: DatabaseSource) -> list[str]:
        if not source.table:
            return []
        schema, _, table = source.table.rpartition(".")
        try:
            found = sa.inspect(self._connection).get_pk_constraint(table, schema=schema or None)
        except (NotImplementedError, sa.exc.NoSuchTableError):
            return []
        return list(found.get("constrained_columns") or ())


def _relation(source: DatabaseSource) -> sa.FromClause:
    if source.table:
        schema, _, table = source.table.rpartition(".")
        return sa.table(table, schema=schema or None)
    # a colon in the query is no parameter
    query = _BOUND.sub(r"\\:\1", source.query or "")
    return sa.text(f"({query}\n) q")  # type: ignore[return-value]


def _rows(source: DatabaseSource, conditions: list[sa.ColumnElement[bool]]) -> sa.Executable:
    if source.query and not conditions:
        # as it stands: in a sub-select the database may forget its order
        return sa.text(_BOUND.sub(r"\\:\1", source.query))
    return sa.select(sa.text("*")).select_from(_relation(source)).where(*conditions)


def _beyond(key: list[sa.ColumnClause[Any]], after: Sequence[Any]) -> sa.ColumnElement[bool]:
    """(a, b) > (x, y) in words that every database can use an index for."""
    terms = []
    for position, part in enumerate(key):
        same = [earlier == value for earlier, value in zip(key[:position], after, strict=False)]
        terms.append(sa.and_(*same, part > after[position]))
    return sa.or_(*terms)


def _array(cells: tuple[Any, ...], mysql_kind: int | None) -> pa.Array:
    if not set(map(type, cells)) <= {str, type(None)}:
        text = _bits if mysql_kind == _MYSQL_BIT else _text
        cells = tuple(map(text, cells))
    array = pa.array(cells, pa.string())
    if mysql_kind == _MYSQL_TIMESTAMP:
        # the session is in UTC, and only this type knows an instant
        array = pc.binary_join_element_wise(array, "+00:00", "")
    return array


def _bits(cell: Any) -> str | None:
    return str(int.from_bytes(cell, "big")) if isinstance(cell, bytes) else _text(cell)


def _text(cell: Any) -> str | None:
    """Return a value of a driver as ISO text; bytes are hexadecimal digits."""
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, Decimal):
        return format(cell, "f")
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    if isinstance(cell, bytes | bytearray | memoryview):
        return bytes(cell).hex()
    if isinstance(cell, dict | list | tuple):
        return json.dumps(cell, ensure_ascii=False, default=str)
    return str(cell)
