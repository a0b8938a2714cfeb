"""Checksums: the same rows in any order have the same sums, any other rows have others."""

from pathlib import Path

import pytest

from warehouse.checksums import file_sha256, read_in_fresh_process, table_checksums
from warehouse.connections import reader, writer
from warehouse.errors import PublishError
from warehouse.settings import Settings, load_settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(home=tmp_path, threads=1)


def checksums(settings: Settings, sql: str) -> dict:
    path = settings.home / "one.duckdb"
    path.unlink(missing_ok=True)
    with writer(path, settings) as connection:
        connection.execute(f"create table t as {sql}; create view v as select * from t")
    with reader(path, settings) as connection:
        return table_checksums(connection)


def test_order_does_not_matter_and_content_does(settings):
    base = checksums(settings, "select range as a, 'x' as b from range(1000)")
    assert base["main.t"]["rows"] == 1000
    assert list(base) == ["main.t"]
    assert checksums(settings, "select range as a, 'x' as b from range(1000) order by 1 desc") == base
    assert checksums(settings, "select range as a, 'x' as b from range(1, 1001)") != base
    assert (
        checksums(settings, "select range as a, case when range = 7 then 'y' else 'x' end as b from range(1000)")
        != base
    )


def test_two_equal_rows_more_are_noticed(settings):
    """An exclusive or alone would not see a pair of equal rows come or go."""
    base = checksums(settings, "select 1 as a")
    more = checksums(settings, "select unnest([1, 2, 2]) as a")
    assert more["main.t"]["xor"] == base["main.t"]["xor"]
    assert more["main.t"]["sum"] != base["main.t"]["sum"]


def test_fresh_process_reads_the_same(settings):
    expected = checksums(settings, "select range as a from range(10)")
    assert read_in_fresh_process(settings.home / "one.duckdb") == expected


def test_unreadable_file_is_a_sentence(settings):
    path = settings.home / "bad.duckdb"
    path.write_bytes(b"x" * 5000)
    with pytest.raises(PublishError, match=r"bad\.duckdb cannot be read back by a fresh process: "):
        read_in_fresh_process(path)
    assert file_sha256(path) == file_sha256(path)
