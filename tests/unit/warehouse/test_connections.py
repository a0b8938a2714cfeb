"""What a hardened reader, a writer and a sandbox must not be able to do."""

from pathlib import Path

import duckdb
import pytest

from warehouse.connections import lock_sandbox, open_reader, open_sandbox, reader, writer
from warehouse.errors import BuildError
from warehouse.settings import Settings, load_settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = load_settings(home=tmp_path / "home", threads=1)
    made.make_folders()
    return made


@pytest.fixture
def file(settings: Settings) -> Path:
    path = settings.home / "some.duckdb"
    with writer(path, settings) as connection:
        connection.execute("create table t as select 1 as a")
    (settings.home / "secret.txt").write_text("secret", encoding="utf-8")
    return path


ESCAPES = [
    "select * from read_text('{home}/secret.txt')",
    "select * from '{home}/secret.txt'",
    "select * from glob('{home}/*')",
    "select * from read_csv('{home}/secret.txt')",
    "select * from read_blob('{home}/../home/secret.txt')",
    "copy t to '{home}/stolen.csv'",
    "export database '{home}/stolen'",
    "attach '{home}/other.duckdb' as other",
    "attach ':memory:' as other; copy t to '{home}/stolen.csv'",
    "install httpfs",
    "load httpfs",
    "set enable_external_access = true",
    "set memory_limit = '100GB'",
    "reset lock_configuration",
    "pragma temp_directory='{home}'",
]


@pytest.mark.parametrize("sql", ESCAPES)
def test_reader_reaches_nothing_but_its_file(settings, file, sql):
    with reader(file, settings) as connection, pytest.raises(duckdb.Error):
        connection.cursor().execute(sql.format(home=settings.home)).fetchall()
    assert not (settings.home / "stolen.csv").exists()
    assert not (settings.home / "stolen").exists()
    assert not (settings.home / "other.duckdb").exists()


def test_a_second_reader_of_the_same_file_is_as_hardened_and_in_utc(settings, file):
    with reader(file, settings) as first, reader(file, settings) as second:
        for connection in (first, second, second.cursor()):
            assert connection.execute("select a, current_setting('TimeZone') from t").fetchall() == [(1, "UTC")]
        with pytest.raises(duckdb.Error):
            second.execute(f"select * from read_text('{settings.home}/secret.txt')")


@pytest.mark.parametrize("sql", ["insert into t values (2)", "drop table t", "create table u as select 1"])
def test_reader_does_not_write(settings, file, sql):
    with reader(file, settings) as connection, pytest.raises(duckdb.Error):
        connection.execute(sql)


def test_reader_does_not_see_variables_of_the_program(settings, file):
    frame = duckdb.sql("select 1 as a").arrow()
    assert frame is not None
    with reader(file, settings) as connection, pytest.raises(duckdb.Error):
        connection.execute("select * from frame")


def test_reader_speaks_utc(settings, file):
    with reader(file, settings) as connection:
        assert connection.execute("select current_setting('TimeZone')").fetchone() == ("UTC",)


def test_reader_of_a_missing_or_foreign_file_says_so(settings):
    with pytest.raises(BuildError, match=r"none\.duckdb does not exist"):
        open_reader(settings.home / "none.duckdb", settings)
    foreign = settings.home / "foreign.duckdb"
    foreign.write_text("no database", encoding="utf-8")
    with pytest.raises(BuildError, match=r"foreign\.duckdb cannot be opened"):
        open_reader(foreign, settings)


def test_reader_reads_attached_files(settings, file):
    other = settings.home / "other.duckdb"
    with writer(other, settings) as connection:
        connection.execute("create table t as select 7 as b")
    connection = open_reader(file, settings, {"private": other})
    assert connection.execute("select a, b from t, private.t as p").fetchall() == [(1, 7)]
    with pytest.raises(duckdb.Error):
        connection.execute("insert into private.t values (8)")
    connection.close()


def test_writer_touches_only_the_files_it_was_given(settings, file):
    allowed = settings.home / "allowed"
    allowed.mkdir()
    (allowed / "a.csv").write_text("a\n1\n", encoding="utf-8")
    with writer(file, settings, foreign_files=(allowed,)) as connection:
        assert connection.execute(f"select * from read_csv('{allowed}/a.csv')").fetchall() == [(1,)]
        for path in (settings.home / "secret.txt", allowed / ".." / "secret.txt"):
            with pytest.raises(duckdb.Error):
                connection.execute(f"select * from read_text('{path}')")


def test_writer_lets_go_of_the_file(settings, file):
    with writer(file, settings) as connection:
        connection.execute("insert into t values (2)")
    with reader(file, settings) as connection:
        assert connection.execute("select sum(a) from t").fetchone() == (3,)


def test_locked_sandbox_reaches_nothing(settings, file):
    sandbox = open_sandbox("200MB", 1, settings.temp_dir)
    lock_sandbox(sandbox)
    assert sandbox.execute("select 40 + 2").fetchone() == (42,)
    for sql in ESCAPES:
        with pytest.raises(duckdb.Error):
            sandbox.execute(sql.format(home=settings.home)).fetchall()
