"""Any other SQLAlchemy address, shown with SQLite; and what needs no server at all."""

import errno
import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from landing.database_source import DatabaseSource
from landing.databases import extract_file, generic
from landing.databases.address import find_address
from landing.databases.generic import _text
from landing.databases.watermark import StoredMark, begin_of_next, latest_allowed
from landing.mapping import load_mappings
from landing.refusal import RefusalError
from tests.integration.databases.conftest import DatabaseSite, mapping_of
from warehouse.errors import MappingError


@pytest.fixture
def crm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "crm.db"
    monkeypatch.setenv("AFTERCARE_DATABASE_CRM", f"sqlite:///{path}")
    with sqlite3.connect(path) as connection:
        connection.execute("create table tickets (id integer primary key, opened text, changed text, size real)")
        connection.execute("insert into tickets values (1, '2025-07-01 08:00', '2025-07-01 08:00:00', 0.1)")
        connection.execute("insert into tickets values (2, '2025-07-01 09:00', '2025-07-01 09:00:00', null)")
    return path


def execute(path: Path, statement: str) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute(statement)


def test_rows_and_increments_of_sqlite(crm: Path, site: DatabaseSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generic, "PAGE_ROWS", 1)
    source = {"table": "tickets", "watermark": "changed", "overlap": "30min"}
    columns = {"ticket_id": "id", "opened_at": "opened"}
    site.read(source, columns)
    assert site.query("select ticket_id, opened_at from raw.crm__tickets order by 1") == [
        ("1", datetime(2025, 7, 1)), ("2", datetime(2025, 7, 1, 1)),
    ]  # fmt: skip
    assert [row["size"] for row in site.cells()] == ["0.1", None]
    site.accept()
    assert site.read(source, columns).landed == ()
    execute(crm, "insert into tickets values (3, '2025-07-01 09:00', '2025-07-01 08:40:00', null)")
    site.read(source, columns)
    assert [row["id"] for row in site.cells()] == ["2", "3"]


def test_sqlite_is_not_written_and_not_made(crm: Path, site: DatabaseSite, monkeypatch: pytest.MonkeyPatch) -> None:
    report = site.read({"query": "select id, opened from tickets; delete from tickets"})
    assert [each.database for each in report.unread] == ["crm"]
    assert len(sqlite3.connect(crm).execute("select * from tickets").fetchall()) == 2
    monkeypatch.setenv("AFTERCARE_DATABASE_CRM", f"sqlite:///{crm.parent / 'nothing.db'}")
    assert [each.reason_code for each in site.read({"table": "tickets"}).unread] == ["no_such_database"]
    assert not (crm.parent / "nothing.db").exists()


def test_leftovers_of_a_killed_run_are_cleared_and_never_land(crm: Path, site: DatabaseSite) -> None:
    site.read({"table": "tickets"})
    left = site.extracts[0].with_name("20991231T000000000000.part")
    left.write_bytes(b"half")
    assert site.read({"table": "tickets"}).refused == ()
    assert site.extracts == [path for path in site.extracts if path.suffix == ".parquet"]


def test_entries_that_ask_for_the_same_rows_share_one_reading(crm: Path, site: DatabaseSite) -> None:
    source = {"database": "crm", "table": "tickets"}
    event = {"ticket_id": "id", "event_type": {"const": "created"}, "occurred_at": "opened"}
    report = site.land(
        mapping_of(
            {"contract": "crm.tickets", "from": source, "columns": {"ticket_id": "id", "opened_at": "opened"}},
            {"contract": "crm.ticket_events", "from": source, "columns": event, "where": "id = '1'"},
        )
    )
    assert [each.contracts for each in report.landed] == [("crm.tickets", "crm.ticket_events")]
    assert len(site.extracts) == 1
    assert site.query("select rows_loaded, rows_filtered from meta.extract_entries order by entry") == [(2, 0), (1, 1)]


def test_an_extract_says_when_it_was_read(crm: Path, site: DatabaseSite) -> None:
    before = datetime.now(UTC).replace(tzinfo=None)
    site.read({"table": "tickets"})
    extracted_at, file_name = site.query("select extracted_at, file_name from meta.extracts")[0]
    assert before <= extracted_at <= datetime.now(UTC).replace(tzinfo=None)
    assert file_name.startswith("acme/crm/tickets-")


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, None), ("", ""), (True, "true"), (7, "7"), (Decimal("1E+3"), "1000"), (0.1, "0.1"),
        (b"\x00\xff", "00ff"),
        (date(2025, 7, 1), "2025-07-01"), (datetime(2025, 7, 1, 8, 30), "2025-07-01 08:30:00"),
        (datetime(2025, 7, 1, 8, tzinfo=UTC), "2025-07-01 08:00:00+00:00"), (["二"], '["二"]'),
    ],
)  # fmt: skip
def test_values_of_drivers_are_iso_text(cell: Any, text: str | None) -> None:
    assert _text(cell) == text


def source_of(**more: Any) -> DatabaseSource:
    return DatabaseSource(database="crm", table="t", watermark="u", **more)


@pytest.mark.parametrize(
    ("mark", "overlap", "begin"),
    [
        (datetime(2025, 7, 1, 8, tzinfo=UTC), None, datetime(2025, 7, 1, 7, 45, tzinfo=UTC)),
        (datetime(2025, 7, 1, 8), "2d", datetime(2025, 6, 29, 8)),
        (date(2025, 7, 1), "1h", date(2025, 6, 30)),
        (100, 5, 95),
        (100, None, 100),
        ("2025-07-01T08:00:00Z", "1h", "2025-07-01T07:00:00Z"),
        ("2025-07-01 08:00:00.500000", "90s", "2025-07-01 07:58:30.500000"),
        ("v42", "1h", "v42"),
    ],
)
def test_the_next_extract_begins_before_the_last_mark(mark: Any, overlap: Any, begin: Any) -> None:
    assert begin_of_next(mark, source_of(overlap=overlap)) == begin
    assert StoredMark.of(mark).value() == mark


def test_what_lies_in_the_future_is_judged_in_the_shape_of_the_mark() -> None:
    now = datetime.now(UTC)
    aware = latest_allowed(now, "Asia/Shanghai")
    naive = latest_allowed(datetime(2025, 7, 1), "Asia/Shanghai")
    assert isinstance(aware, datetime)
    assert isinstance(naive, datetime)
    assert abs(aware - now) < timedelta(minutes=5)
    assert abs(naive - (now.replace(tzinfo=None) + timedelta(hours=8))) < timedelta(minutes=5)
    assert latest_allowed(7, "Asia/Shanghai") is None


@pytest.mark.parametrize(
    ("environment", "password"),
    [
        ({"AFTERCARE_DATABASE_CRM": "mysql://u:p%40ss@h/crm"}, "p@ss"),
        ({"AFTERCARE_DATABASE_CRM": "mysql://u@h/crm", "AFTERCARE_DATABASE_CRM_PASSWORD": "密码"}, "密码"),
        ({"AFTERCARE_DATABASE_CRM": "mysql://u@h/crm"}, None),
    ],
)
def test_where_the_password_comes_from(environment: dict[str, str], password: str | None) -> None:
    address = find_address("crm", environment)
    assert address.url.password == password
    assert password is None or password not in repr(address) + str(address)
    assert address.scrub(f"driver says {password} here") == (f"driver says {'***' if password else None} here")


def test_a_password_file_that_is_missing_is_told() -> None:
    environment = {"AFTERCARE_DATABASE_CRM": "mysql://u@h/crm", "AFTERCARE_DATABASE_CRM_PASSWORD_FILE": "/no/such"}
    with pytest.raises(RefusalError) as caught:
        find_address("crm", environment)
    assert "AFTERCARE_DATABASE_CRM_PASSWORD_FILE" in caught.value.en


@pytest.mark.parametrize(
    "source",
    [
        "{database: 'postgresql://u:c4nary@h/crm', table: t}",
        "{database: crm, query: \"select * from dblink('postgresql://u:c4nary@h/crm', 'select 1')\"}",
        "{database: crm, table: 'mysql://u:c4nary@h/crm'}",
        "{url: 'mysql://u:c4nary@h/crm'}",
    ],
)
def test_a_mapping_with_a_password_is_refused_and_not_repeated(tmp_path: Path, source: str) -> None:
    path = tmp_path / "acme.yml"
    path.write_text(
        f"system: acme\ntime_zone: UTC\ntables:\n  - contract: crm.tickets\n    from: {source}\n"
        "    columns: {ticket_id: id, opened_at: at}\n"
    )
    with pytest.raises(MappingError, match=r"acme\.yml holds an address with a password") as caught:
        load_mappings(path)
    assert "c4nary" not in repr(caught.value)
    assert caught.value.__cause__ is None


def test_two_mappings_of_a_system_cannot_read_the_same_rows(crm: Path, site: DatabaseSite) -> None:
    table = {"contract": "crm.tickets", "from": {"database": "crm", "table": "tickets"},
             "columns": {"ticket_id": "id", "opened_at": "opened"}}  # fmt: skip
    first = mapping_of(table)
    with pytest.raises(MappingError, match=r"acme\.yml and other\.yml both read tickets of database crm"):
        site.land(first, first.model_copy(update={"name": "other"}))
    elsewhere = first.model_copy(update={"name": "b", "system": "b"})
    assert [each.rows_loaded for each in site.land(first, elsewhere).landed] == [2, 2]


def test_a_full_disk_is_no_fault_of_the_database(
    crm: Path, site: DatabaseSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Any) -> Iterator[Any]:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(extract_file, "_groups", full)
    with pytest.raises(OSError, match="No space left"):
        site.read({"table": "tickets"})
    assert site.extracts == []


def test_what_a_mapping_no_longer_reads_is_no_longer_unread(crm: Path, site: DatabaseSite) -> None:
    site.read({"table": "nowhere"})
    assert site.query("select reading.split('-')[1], reason_code from meta.unread_tables") == [
        ("acme/crm/nowhere", "no_such_table")
    ]
    site.read({"table": "tickets"})
    assert site.query("select * from meta.unread_tables") == []
