"""MariaDB as a source, on a real server: pages by key, exact texts, one snapshot, read-only."""

import threading
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from landing.databases import generic
from tests.database_servers import Server
from tests.integration.databases.conftest import DatabaseSite, mapping_of


@pytest.fixture
def crm(mariadb: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    mariadb.run("drop database crm", "create database crm character set utf8mb4")
    monkeypatch.setenv("AFTERCARE_DATABASE_CRM", mariadb.url())
    return mariadb


TYPES = {
    "tiny": ("tinyint(1)", "1", "1"),
    "big": ("bigint unsigned", "18446744073709551615", "18446744073709551615"),
    "digits": ("decimal(20)", "12345678901234567890", "12345678901234567890"),
    "money4": ("decimal(18,4)", "12345678901234.56", "12345678901234.5600"),
    "double_": ("double", "0.1", "0.1"),
    "word": ("text", "'客户说「充不进电」😀'", "客户说「充不进电」😀"),
    "instant": ("timestamp(6) null", "'2025-07-01 00:30:00.123456'", "2025-07-01 00:30:00.123456+00:00"),
    "local": ("datetime", "'2025-07-01 08:30:00'", "2025-07-01 08:30:00"),
    "zero": ("datetime", "'0000-00-00 00:00:00'", "0000-00-00 00:00:00"),
    "no_day": ("date", "'0000-00-00'", "0000-00-00"),
    "day": ("date", "'2025-07-01'", "2025-07-01"),
    "clock": ("time", "'-838:59:59'", "-838:59:59"),
    "year_": ("year", "2025", "2025"),
    "document": ("json", """'{"a": [1, "二"]}'""", '{"a": [1, "二"]}'),
    "raw_bytes": ("varbinary(8)", "x'00ff'", "00ff"),
    "bits": ("bit(10)", "b'1000000001'", "513"),
    "state": ("enum('open','done')", "'open'", "open"),
    "flags": ("set('a','b')", "'a,b'", "a,b"),
    "nothing": ("int", "null", None),
}


def test_every_type_arrives_as_the_server_writes_it(crm: Server, site: DatabaseSite) -> None:
    columns = ", ".join(f"{name} {kind}" for name, (kind, _, _) in TYPES.items())
    values = ", ".join(value for _, value, _ in TYPES.values())
    crm.run(
        "set session sql_mode = '', session time_zone = '+00:00'",
        f"create table things (id varchar(9) primary key, opened timestamp, {columns})",
        f"insert into things values ('1', '2025-07-01', {values})",
        database="crm",
    )
    site.read(
        {"table": "things"}, {"ticket_id": "id", "opened_at": "opened", "closed_at": "zero", "resolved_at": "local"}
    )
    cells = site.cells()[0]
    assert {name: cells[name] for name in TYPES} == {name: expected for name, (_, _, expected) in TYPES.items()}
    assert site.query("select opened_at, resolved_at, closed_at from raw.crm__tickets") == [
        (datetime(2025, 7, 1), datetime(2025, 7, 1, 0, 30), None)
    ]
    assert site.query("select value from meta.bad_cells") == [("0000-00-00 00:00:00",)]


@pytest.mark.parametrize("charset", ["utf8mb4", "gbk"])
def test_chinese_text_and_keys(crm: Server, site: DatabaseSite, monkeypatch: pytest.MonkeyPatch, charset: str) -> None:
    monkeypatch.setattr(generic, "PAGE_ROWS", 2)
    crm.run(
        f"create database cn character set {charset}",
        "create table cn.`工单` (`编号` varchar(20) primary key, `创建时间` datetime, `标题` text)",
        "insert into cn.`工单` values ('上海-1', '2025-07-01 08:00', '屏幕碎了'), ('北京-2', '2025-07-01 08:00', '㐀'),"
        " ('京-3', '2025-07-01 08:00', ''), ('a%b:c', '2025-07-01 08:00', null)"
        .replace("㐀", "㐀" if charset == "utf8mb4" else "无"),
    )  # fmt: skip
    monkeypatch.setenv("AFTERCARE_DATABASE_CRM", crm.url(database="cn"))
    try:
        site.read({"table": "工单"}, {"ticket_id": "编号", "opened_at": "创建时间", "subject": "标题"})
    finally:
        crm.run("drop database cn")
    rows = site.query("select ticket_id, subject from raw.crm__tickets order by 1")
    expected = {"上海-1": "屏幕碎了", "北京-2": "㐀" if charset == "utf8mb4" else "无", "京-3": None, "a%b:c": None}
    assert dict(rows) == expected


@pytest.mark.parametrize("source", [
    {"table": "events"},
    {"table": "events", "key": "at"},
    {"query": "select * from events where note like '%:b%' or true", "key": ["ticket", "at"]},
    {"query": "select * from events order by number desc"},
])  # fmt: skip
def test_pages_tear_nothing_apart_and_repeat_nothing(
    crm: Server, site: DatabaseSite, monkeypatch: pytest.MonkeyPatch, source: dict[str, Any]
) -> None:
    monkeypatch.setattr(generic, "PAGE_ROWS", 7)
    monkeypatch.setattr(generic, "_BATCH_ROWS", 3)
    # keys repeat (more often than a page is long), and some are null
    crm.run(
        "create table events (ticket bigint unsigned, number int, at datetime null, note varchar(9), "
        "primary key (ticket, number))",
        "insert into events select 12345678901234567000 + seq div 4, seq, "
        "if(seq % 10 = 0, null, '2025-07-01' + interval seq div 25 hour), 'x' from seq_1_to_100",
        database="crm",
    )
    columns = {"ticket_id": {"expr": "ticket || '-' || number"}, "opened_at": {"const": "2025-07-01 00:00"}}
    site.read(source, columns)
    numbers = [int(row["number"]) for row in site.cells()]
    assert sorted(numbers) == list(range(1, 101))
    if "order by" in source.get("query", ""):
        assert numbers == list(range(100, 0, -1))
    assert site.cells()[0]["ticket"].startswith("123456789012345670")


def test_one_snapshot_while_pairs_are_being_written(
    crm: Server, site: DatabaseSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generic, "PAGE_ROWS", 500)
    crm.run(
        "create table tickets (id bigint primary key, opened datetime default now())",
        "create table events (id bigint primary key, at datetime default now())",
        "insert into tickets (id) select seq from seq_1_to_2000",
        "insert into events (id) select seq from seq_1_to_2000",
        database="crm",
    )
    stop, written = threading.Event(), []

    def write() -> None:
        with crm.connect("crm") as connection, connection.cursor() as cursor:
            number = 2_000
            while not stop.is_set():
                number += 1
                for statement in ("begin", f"insert into tickets (id) values ({number})",
                                  f"insert into events (id) values ({number})", "commit"):  # fmt: skip
                    cursor.execute(statement)
                written.append(number)

    whole = generic.GenericSession.batches

    def and_wait(self: Any, source: Any, span: Any) -> Iterator[Any]:
        for batch in whole(self, source, span):
            seen = len(written)
            yield batch
            while len(written) < seen + 5:
                pass

    monkeypatch.setattr(generic.GenericSession, "batches", and_wait)
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
    found = site.query(
        "select list_sort(list(ticket_id)) = (select list_sort(list(ticket_id)) from raw.crm__ticket_events), count(*) "
        "from raw.crm__tickets"
    )[0]
    assert found[0] is True
    assert 2_000 <= found[1] < 2_000 + len(written)


def test_a_server_that_dies_midway_leaves_nothing_and_the_next_run_has_everything_once(
    crm: Server, site: DatabaseSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generic, "PAGE_ROWS", 500)
    crm.run(
        "create table tickets (id bigint primary key, opened datetime default now())",
        "insert into tickets (id) select seq from seq_1_to_3000",
        database="crm",
    )
    whole = generic.GenericSession.batches

    def die(self: Any, source: Any, span: Any) -> Iterator[Any]:
        for position, batch in enumerate(whole(self, source, span)):
            yield batch
            if position == 4:
                crm.kill()

    monkeypatch.setattr(generic.GenericSession, "batches", die)
    report = site.read({"table": "tickets"})
    assert [each.reason_code for each in report.unread] == ["unreachable"]
    assert site.extracts == []
    monkeypatch.setattr(generic.GenericSession, "batches", whole)
    crm.start()
    assert [each.rows_loaded for each in site.read({"table": "tickets"}).landed] == [3_000]
    assert site.query("select count(distinct ticket_id) from raw.crm__tickets") == [(3_000,)]


def test_increments(crm: Server, site: DatabaseSite) -> None:
    source = {"table": "tickets", "watermark": "changed", "overlap": "1h"}
    crm.run(
        "create table tickets (id bigint primary key, opened datetime, changed timestamp null)",
        "insert into tickets values (1, '2025-07-01', '2025-07-01 10:00'), (2, '2025-07-01', '2025-07-01 12:00'), "
        "(3, '2025-07-01', null), (4, '2025-07-01', '2037-12-31 00:00')",
        database="crm",
    )
    columns = {"ticket_id": "id", "opened_at": "opened", "updated_at": "changed"}
    site.read(source, columns)
    site.accept()
    assert site.read(source, columns).landed == ()
    crm.run("insert into tickets values (5, '2025-07-01', '2025-07-01 11:10')", database="crm")
    site.read(source, columns)
    assert [row["id"] for row in site.cells()] == ["2", "3", "4", "5"]


@pytest.mark.parametrize(
    "query",
    [
        "select meddle() as id, now() as opened",
        "select id, opened from tickets) q; delete from tickets; select * from (select 1 as x",
        "select id, opened from tickets; delete from tickets",
    ],
)
def test_nothing_can_be_changed_by_a_query(crm: Server, site: DatabaseSite, query: str) -> None:
    crm.run(
        "create table tickets (id bigint primary key, opened datetime default now())",
        "insert into tickets (id) values (1)",
        "create function meddle() returns int modifies sql data begin delete from tickets; return 1; end",
        database="crm",
    )
    report = site.read({"query": query})
    assert [each.database for each in report.unread] == ["crm"]
    assert (site.extracts, crm.run("select count(*) from crm.tickets")) == ([], [(1,)])


def test_failures_are_told_apart(crm: Server, site: DatabaseSite, monkeypatch: pytest.MonkeyPatch) -> None:
    crm.run("create table tickets (id bigint primary key, opened datetime default now())", database="crm")
    columns = {"ticket_id": "id", "opened_at": "opened"}
    sources = [{"table": "nowhere"}, {"query": "select colour from tickets"}, {"table": "tickets"}]
    entries = [{"contract": "crm.tickets", "from": {"database": "crm"} | each, "columns": columns} for each in sources]
    report = site.land(mapping_of(*entries))
    assert [each.reason_code for each in report.unread] == ["no_such_table", "no_such_column"]
    for address, code in (
        (crm.url(None, "Wr0ng-canary"), "login_refused"),
        (crm.url(database="nothing"), "no_such_database"),
        (crm.url().replace("127.0.0.1", "no-such-host.invalid"), "unknown_host"),
        (crm.url().replace(str(crm.port), "1"), "unreachable"),
    ):
        monkeypatch.setenv("AFTERCARE_DATABASE_CRM", address)
        report = site.read({"table": "tickets"})
        assert [each.reason_code for each in report.unread] == [code], report.unread[0].reason_en
        assert "canary" not in repr(report)
