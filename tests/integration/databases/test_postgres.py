"""PostgreSQL as a source, on a real server: exact values, one snapshot, nothing twice, nothing lost, no password."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from landing.databases import postgres as reading
from tests.database_servers import PASSWORD, Server
from tests.integration.databases.conftest import DatabaseSite, mapping_of


@pytest.fixture
def crm(postgres: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """The server with an empty database crm and a login that may only read."""
    password = PASSWORD.replace("'", "''")
    postgres.run(
        "drop schema public cascade",
        "create schema public",
        "drop owned by reader" if _has_reader(postgres) else f"create role reader login password '{password}'",
        "grant usage on schema public to reader",
        "alter default privileges in schema public grant select on tables to reader",
        database="crm",
    )  # fmt: skip
    monkeypatch.setenv("AFTERCARE_DATABASE_CRM", postgres.url("reader"))
    return postgres


def _has_reader(server: Server) -> bool:
    return bool(server.run("select 1 from pg_roles where rolname = 'reader'"))


TYPES = {
    "small": ("smallint", "-7", -7),
    "big": ("bigint", "9223372036854775807", 9223372036854775807),
    "digits": ("numeric(20)", "12345678901234567890", "12345678901234567890"),
    "money4": ("numeric(18,4)", "12345678901234.5600", "12345678901234.5600"),
    "tiny": ("numeric", "'0.00000000000000000001'", "0.00000000000000000001"),
    "nan": ("numeric", "'NaN'", "NaN"),
    "real": ("real", "0.1", "0.1"),
    "double": ("double precision", "0.1", "0.1"),
    "yes": ("boolean", "true", True),
    "word": ("text", "'客户说「充不进电」'", "客户说「充不进电」"),
    "padded": ("char(5)", "'ab'", "ab"),
    "instant": ("timestamptz", "'2025-07-01 08:30:00.123456+02'", "2025-07-01 14:30:00.123456+08"),
    "local": ("timestamp", "'2025-07-01 08:30:00'", "2025-07-01 08:30:00"),
    "endless": ("timestamptz", "'infinity'", "infinity"),
    "never": ("date", "'-infinity'", "-infinity"),
    "day": ("date", "'2025-07-01'", "2025-07-01"),
    "ancient": ("date", "'0044-03-15 BC'", "0044-03-15 BC"),
    "clock": ("time", "'24:00:00'", "24:00:00"),
    "span": ("interval", "'1 day 02:00'", "P1DT2H"),
    "document": ("jsonb", """'{"a": [1, "二"]}'""", '{"a": [1, "二"]}'),
    "unique_id": ("uuid", "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
    "bytes": ("bytea", r"'\x00ff'", "00ff"),
    "state": ("mood", "'open'", "open"),
    "list": ("text[]", "array['a', '二', null]", '["a","二",null]'),
    "pay": ("money", "'12.50'", "12.50"),
    "address": ("inet", "'10.0.0.1'", "10.0.0.1/32"),
    "bounds": ("int4range", "'[1,3)'", "[1,3)"),
    "nothing": ("integer", "null", None),
}


def test_every_type_arrives_as_the_server_writes_it(crm: Server, site: DatabaseSite) -> None:
    columns = ", ".join(f"{name} {kind}" for name, (kind, _, _) in TYPES.items())
    values = ", ".join(value for _, value, _ in TYPES.values())
    crm.run(
        "create type mood as enum ('open', 'done')",
        f"create table things (id text, opened timestamptz, {columns})",
        f"insert into things values ('1', now(), {values})",
        database="crm",
    )
    report = site.read({"table": "things"})
    assert [(each.rows_read, each.rows_loaded) for each in report.landed] == [(1, 1)]
    cells = site.cells()[0]
    assert {name: cells[name] for name in TYPES} == {name: expected for name, (_, _, expected) in TYPES.items()}


def test_times_ids_and_bad_values_become_contract_rows(crm: Server, site: DatabaseSite) -> None:
    crm.run(
        "create table tickets (id numeric(20), opened timestamptz, resolved timestamp, closed timestamptz, title text)",
        """insert into tickets values
           (12345678901234567890, '2025-07-01 08:30+08', '2025-07-02 09:00', 'infinity', '屏幕'),
           (12345678901234567891, null, null, null, ''), (null, '2025-07-01 00:00Z', null, null, null)""",
        database="crm",
    )
    columns = {
        "ticket_id": "id",
        "opened_at": "opened",
        "resolved_at": "resolved",
        "closed_at": "closed",
        "subject": "title",
    }
    site.read({"table": "tickets"}, columns, delivery="snapshot")
    assert site.query("select ticket_id, opened_at, resolved_at, closed_at, subject from raw.crm__tickets") == [
        ("12345678901234567890", datetime(2025, 7, 1, 0, 30), datetime(2025, 7, 2, 1, 0), None, "屏幕")
    ]
    assert site.query("select column_name, value, reason_code from meta.bad_cells") == [
        ("closed_at", "infinity", "bad_instant")
    ]
    reasons = site.query("select row_number, column_name, reason_code from meta.quarantine order by 1")
    assert sorted(reasons, key=str) == sorted(
        [(2, "opened_at", "missing_required"), (3, "ticket_id", "missing_required")], key=str
    )


def test_a_query_makes_local_times_of_the_mapping_and_may_hold_colons_and_percents(
    crm: Server, site: DatabaseSite
) -> None:
    crm.run(
        "create table tickets (id text, at timestamptz)", "insert into tickets values ('a:b%', '2025-07-01 00:30Z')",
        database="crm",
    )  # fmt: skip
    query = "select id, at::timestamp as opened from tickets where id like '%:b%' -- all of them"
    site.read({"query": query})
    assert site.query("select ticket_id, opened_at from raw.crm__tickets") == [("a:b%", datetime(2025, 7, 1, 0, 30))]


def test_one_snapshot_per_system_while_pairs_are_being_written(
    crm: Server, site: DatabaseSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    crm.run(
        "create table tickets (id bigint primary key, opened timestamptz default now())",
        "create table events (id bigint, at timestamptz default now())",
        "insert into tickets select n from generate_series(1, 20000) n",
        "insert into events select n from generate_series(1, 20000) n",
        database="crm",
    )
    stop, written = threading.Event(), []

    def write() -> None:
        with crm.connect("crm") as connection, connection.cursor() as cursor:
            number = 20_000
            while not stop.is_set():
                number += 1
                cursor.execute("begin")
                cursor.execute(f"insert into tickets values ({number})")
                cursor.execute(f"insert into events values ({number})")
                cursor.execute("commit")
                written.append(number)

    between = reading.PostgresSession.batches

    def and_wait(self: Any, source: Any, span: Any) -> Iterator[Any]:
        seen = len(written)
        yield from between(self, source, span)
        while len(written) < seen + 20:  # tickets have been read; many pairs are committed before events are
            pass

    monkeypatch.setattr(reading.PostgresSession, "batches", and_wait)
    writer = threading.Thread(target=write)
    writer.start()
    try:
        event = {"ticket_id": "id", "event_type": {"const": "created"}, "occurred_at": "at"}
        site.land(
            mapping_of(
                {"contract": "crm.tickets", "from": {"database": "crm", "table": "tickets"},
                 "columns": {"ticket_id": "id", "opened_at": "opened"}},
                {"contract": "crm.ticket_events", "from": {"database": "crm", "table": "events"}, "columns": event},
            )
        )  # fmt: skip
    finally:
        stop.set()
        writer.join()
    counts = site.query(
        """
        select count(*), count(distinct ticket_id),
            bool_and(ticket_id in (select ticket_id from raw.crm__ticket_events)),
            (select count(*) from raw.crm__ticket_events)
        from raw.crm__tickets
        """
    )[0]
    assert counts[0] == counts[1] == counts[3] >= 20_000
    assert counts[2] is True
    assert counts[0] < 20_000 + len(written), "nothing was written meanwhile: the test proves nothing"


def test_a_server_that_dies_midway_leaves_nothing_and_the_next_run_has_everything_once(
    crm: Server, site: DatabaseSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    crm.run(
        "create table tickets (id bigint primary key, opened timestamptz default now(), note text)",
        "insert into tickets select n, now(), repeat(md5(n::text), 20) from generate_series(1, 60000) n",
        "create table small (id bigint, opened timestamptz default now())", "insert into small values (-1)",
        database="crm",
    )  # fmt: skip
    columns = {"ticket_id": "id", "opened_at": "opened"}
    both = mapping_of(
        {"contract": "crm.tickets", "from": {"database": "crm", "table": "small"}, "columns": columns},
        {"contract": "crm.tickets", "from": {"database": "crm", "table": "tickets"}, "columns": columns},
    )
    site.deliver("crm.tickets.csv", "ticket_id,opened_at\nfile,2025-07-01T00:00:00Z\n")
    whole = reading.PostgresSession.batches

    def die(self: Any, source: Any, span: Any) -> Iterator[Any]:
        for position, batch in enumerate(whole(self, source, span)):
            yield batch
            if source.table == "tickets" and position == 1:
                crm.kill()

    monkeypatch.setattr(reading.PostgresSession, "batches", die)
    report = site.land(both)
    assert site.extracts == []
    assert [each.file_name for each in report.landed] == ["crm.tickets.csv"]
    assert {each.reason_code for each in report.unread} == {"unreachable"}
    assert {each.reading.split("-")[0] for each in report.unread} == {"acme/crm/small", "acme/crm/tickets"}
    monkeypatch.setattr(reading.PostgresSession, "batches", whole)
    crm.start()
    again = site.land(both)
    assert (again.unread, [each.rows_loaded for each in again.landed]) == ((), [1, 60_000])
    assert site.query("select count(*), count(distinct ticket_id) from raw.crm__tickets") == [(60_002, 60_002)]
    assert site.query("select count(*) from meta.unread_tables") == [(0,)]


def tickets(crm: Server, *rows: str) -> None:
    crm.run(
        "create table if not exists tickets (id text primary key, opened timestamptz, changed timestamptz)",
        *(
            f"insert into tickets values {row} on conflict (id) do update set changed = excluded.changed"
            for row in rows
        ),
        database="crm",
    )


INCREMENTAL = {"table": "tickets", "watermark": "changed", "overlap": "1h"}
CHANGES = {"ticket_id": "id", "opened_at": "opened", "updated_at": "changed"}


def test_increments_begin_the_overlap_before_and_repeats_are_nothing(crm: Server, site: DatabaseSite) -> None:
    tickets(crm, "('1', '2025-07-01Z', '2025-07-01 10:00Z')", "('2', '2025-07-01Z', '2025-07-01 12:00Z')",
            "('3', '2025-07-01Z', null)")  # fmt: skip
    assert [each.rows_read for each in site.read(INCREMENTAL, CHANGES).landed] == [3]
    site.accept()
    for _ in range(2):
        report = site.read(INCREMENTAL, CHANGES)
        assert (report.landed, report.unchanged, len(site.extracts)) == ((), 1, 1)
    # committed late: its time lies before the last watermark, within the overlap
    tickets(crm, "('late', '2025-07-01Z', '2025-07-01 11:30Z')")
    tickets(crm, "('4', '2025-07-01Z', '2025-07-01 12:00Z')")  # changed at the very instant of the last watermark
    report = site.read(INCREMENTAL, CHANGES)
    assert [each.rows_read for each in report.landed] == [4]
    assert sorted(row["id"] for row in site.cells()) == ["2", "3", "4", "late"]
    site.accept()
    assert site.read(INCREMENTAL, CHANGES).landed == ()
    assert len(site.extracts) == 2


def test_a_refused_extract_is_read_again(crm: Server, site: DatabaseSite) -> None:
    tickets(crm, "('1', '2025-07-01Z', '2025-07-01 10:00Z')")
    site.read(INCREMENTAL, CHANGES)
    site.accept()
    tickets(crm, "('2', '2025-07-05Z', '2025-07-05 10:00Z')")
    site.read(INCREMENTAL, CHANGES)
    site.refuse()
    tickets(crm, "('3', '2025-07-09Z', '2025-07-09 10:00Z')")
    site.read(INCREMENTAL, CHANGES)
    assert sorted(row["id"] for row in site.cells()) == ["1", "2", "3"]


def test_a_clock_that_runs_ahead_does_not_pull_the_watermark(crm: Server, site: DatabaseSite) -> None:
    now = datetime.now(UTC)
    for name, changed in (
        ("1", now - timedelta(hours=3)),
        ("future", now + timedelta(days=900)),
        ("endless", "infinity"),
    ):
        tickets(crm, f"('{name}', '2025-07-01Z', '{changed}')")
    site.read(INCREMENTAL, CHANGES)
    site.accept()
    tickets(crm, f"('2', '2025-07-01Z', '{now - timedelta(hours=2)}')")
    site.read(INCREMENTAL, CHANGES)
    assert sorted(row["id"] for row in site.cells()) == ["1", "2", "endless", "future"]


def test_numbers_can_be_watermarks(crm: Server, site: DatabaseSite) -> None:
    crm.run("create table tickets (id bigint, opened timestamptz default now())",
            "insert into tickets select n from generate_series(1, 9) n", database="crm")  # fmt: skip
    source = {"table": "tickets", "watermark": "id", "overlap": 2}
    site.read(source)
    site.accept()
    crm.run("insert into tickets values (10)", database="crm")
    site.read(source)
    assert [row["id"] for row in site.cells()] == [7, 8, 9, 10]


def test_a_snapshot_that_goes_back_to_an_earlier_state_lands_again(crm: Server, site: DatabaseSite) -> None:
    def land() -> int:
        report = site.read({"table": "tickets", "key": "id"}, CHANGES, delivery="snapshot")
        site.accept()
        return len(report.landed)

    tickets(crm, "('1', '2025-07-01Z', null)")
    assert (land(), land()) == (1, 0)
    tickets(crm, "('2', '2025-07-01Z', null)")
    assert (land(), land()) == (1, 0)
    crm.run("delete from tickets where id = '2'", database="crm")
    assert (land(), land()) == (1, 0)
    assert site.query("select count(*) from meta.extracts") == [(3,)]


def test_a_changed_mapping_lands_every_extract_again_without_the_database(
    crm: Server, site: DatabaseSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    tickets(crm, "('1', '2025-07-01Z', '2025-07-01 10:00Z')")
    site.read(INCREMENTAL, CHANGES)
    site.accept()
    monkeypatch.delenv("AFTERCARE_DATABASE_CRM")
    report = site.read(INCREMENTAL, CHANGES | {"channel": {"const": "hotline"}})
    assert [each.reason_code for each in report.unread] == ["no_address"]
    assert [each.rows_loaded for each in report.landed] == [1]


@pytest.mark.parametrize(
    "query",
    [
        "with gone as (delete from tickets returning *) select * from gone",
        "select nextval('numbers')::text as id, now() as opened",
        "select id, opened from tickets) as q; commit; delete from tickets; select * from (select 1",
        "select count(*)::text as id, now() as opened from meddle()",
    ],
)
def test_nothing_can_be_changed_by_a_query(
    crm: Server, site: DatabaseSite, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    tickets(crm, "('1', '2025-07-01Z', null)")
    crm.run(
        "create sequence if not exists numbers",
        "create function meddle() returns setof int language sql as $$ delete from tickets returning 1 $$",
        database="crm",
    )
    monkeypatch.setenv("AFTERCARE_DATABASE_CRM", crm.url())  # the owner, who may
    report = site.read({"query": query})
    assert [each.database for each in report.unread] == ["crm"]
    assert site.extracts == []
    assert crm.run("select count(*) from tickets", database="crm") == [(1,)]
    assert crm.run("select is_called from numbers", database="crm") == [(False,)]


def test_failures_name_database_and_table_and_the_others_land(
    crm: Server, site: DatabaseSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    tickets(crm, "('1', '2025-07-01Z', null)")
    crm.run("create table secret (id text, opened timestamptz)", "revoke all on secret from reader", database="crm")
    columns = {"ticket_id": "id", "opened_at": "opened"}
    sources = [{"table": "nowhere"}, {"table": "secret"}, {"query": "select colour from tickets"}, {"table": "tickets"}]
    entries = [{"contract": "crm.tickets", "from": {"database": "crm"} | each, "columns": columns} for each in sources]
    report = site.land(mapping_of(*entries))
    assert [each.rows_loaded for each in report.landed] == [1]
    assert {each.reason_code for each in report.unread} == {"no_such_table", "not_permitted", "no_such_column"}
    for each, words in zip(report.unread, ("nowhere", "secret", "query"), strict=True):
        assert each.reason_en.startswith(f"database crm, {words}")
        assert each.reason_zh.startswith(f"数据库 crm，{words}")
    assert site.query("select count(*) from meta.unread_tables") == [(3,)]


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("postgresql://reader:{wrong}@127.0.0.1:{port}/crm", "login_refused"),
        ("postgresql://reader:{password}@no-such-host.invalid:{port}/crm", "unknown_host"),
        ("postgresql://reader:{password}@127.0.0.1:1/crm", "unreachable"),
        ("postgresql://reader:{password}@127.0.0.1:{port}/nothing", "no_such_database"),
        ("postgresql://reader:{password}@127.0.0.1:{port}nonsense/crm", "bad_address"),
        ("postgresql://reader:{password}@127.0.0.1:{port}/crm?sslmode=nonsense", "bad_option"),
        ("oddsql://reader:{password}@127.0.0.1/crm", "no_driver"),
        ("", "no_address"),
    ],
)
def test_no_connection_is_one_sentence_without_password(
    crm: Server,
    site: DatabaseSite,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    address: str,
    code: str,
) -> None:
    from urllib.parse import quote

    filled = address.format(password=quote(PASSWORD, safe=""), wrong="Wr0ng-canary", port=crm.port)
    monkeypatch.setenv("AFTERCARE_DATABASE_CRM", filled)
    caplog.set_level(0)
    report = site.read({"table": "tickets"})
    assert [each.reason_code for each in report.unread] == [code]
    said = report.unread[0]
    assert said.reason_en.startswith("database crm")
    assert said.reason_zh.startswith("数据库 crm")
    written = repr(report) + caplog.text + str(site.query("select * from meta.unread_tables"))
    for secret in (PASSWORD, quote(PASSWORD, safe=""), "Wr0ng-canary"):
        assert secret not in written


def test_a_slow_query_is_stopped(crm: Server, site: DatabaseSite) -> None:
    hasty = DatabaseSite(site.settings.model_copy(update={"extract_seconds": 1}))
    report = hasty.read({"query": "select '1' as id, now() as opened, pg_sleep(30)::text as nap"})
    assert [each.reason_code for each in report.unread] == ["too_slow"]
    assert "1 seconds" in report.unread[0].reason_en
