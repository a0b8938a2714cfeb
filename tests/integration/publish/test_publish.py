"""Publishing: only what gate 2 passed, byte by byte, becomes visible."""

import json
import os
import stat

import pytest

from tests.integration.publish.conftest import NOON
from warehouse.builds import (
    SCHEMA_VERSION,
    build_file,
    current_build,
    get_build,
    list_builds,
    private_file,
    published_file,
)
from warehouse.checksums import file_sha256, read_in_fresh_process
from warehouse.connections import writer
from warehouse.errors import BuildError, PublishError
from warehouse.operations import Verdict
from warehouse.publish import PUBLISH_STEPS, publish, remove_leftovers, rollback
from warehouse.reading import BuildReader, reader_of


def test_published_file_is_the_audited_file(publisher, settings):
    path = publisher.build("b1")
    record = publisher.audit("b1")
    build = publisher.publish("b1", is_ready=True)
    target = published_file(settings, "b1")
    assert not path.exists()
    assert file_sha256(target) == record.file_sha256 == build.sha256
    assert build.bytes == target.stat().st_size
    assert stat.S_IMODE(target.stat().st_mode) == 0o444
    assert stat.S_IMODE(private_file(settings, "b1").stat().st_mode) == 0o400
    assert not list(settings.published_dir.glob("*.wal"))
    assert read_in_fresh_process(target) == build.checksums
    assert build.checksums["core.fct_tickets"]["rows"] == 1000
    assert current_build(settings) == build == get_build(settings, "b1")
    assert reader_of(settings, "b1").rows("select count(*) as n from kpi.mart_kpis") == [{"n": 1000}]


def test_before_the_first_publish_there_is_no_build(settings):
    assert current_build(settings) is None
    with pytest.raises(BuildError, match="nothing has been published yet"):
        reader_of(settings)
    with pytest.raises(BuildError, match="no published build b9; published are: none"):
        get_build(settings, "b9")


def test_steps_are_reported_in_order(publisher, settings, store):
    publisher.build("b1")
    publisher.audit("b1")
    seen: list[str] = []
    publish(
        settings, store, publisher.context("b1"), fingerprint="f", extracts=1, built_at=NOON, report=seen.append
    )  # fmt: skip
    assert tuple(seen) == PUBLISH_STEPS


def refuse(publisher, settings, build_id: str, message: str) -> None:
    before = current_build(settings)
    with pytest.raises(PublishError, match=message):
        publisher.publish(build_id, is_ready=True)
    assert current_build(settings) == before
    assert not published_file(settings, build_id).exists()


def test_refuses_without_gate_record(publisher, settings):
    publisher.publish("b1")
    publisher.build("b2")
    refuse(publisher, settings, "b2", "build b2 has not been through gate 2; it stays unpublished")


@pytest.mark.parametrize("verdict", [Verdict.FAILED, Verdict.BROKEN])
def test_refuses_a_build_that_did_not_pass(publisher, settings, verdict):
    publisher.publish("b1")
    publisher.build("b2")
    publisher.audit("b2", verdict)
    refuse(publisher, settings, "b2", f"gate 2 is {verdict} for build b2; it stays unpublished")


def test_newest_record_counts(publisher, settings, with_broken_record):
    publisher.build("b1")
    publisher.audit("b1")
    with_broken_record("b1", verdict=Verdict.FAILED)
    refuse(publisher, settings, "b1", "gate 2 is failed")


def test_refuses_bytes_that_changed_after_the_audit(publisher, settings):
    path = publisher.build("b1")
    publisher.audit("b1")
    with path.open("ab") as file:
        file.write(b"\0")
    refuse(publisher, settings, "b1", "changed after it was audited")


def test_refuses_rows_that_changed_after_the_audit(publisher, settings):
    path = publisher.build("b1")
    publisher.audit("b1")
    with writer(path, settings) as connection:
        connection.execute("delete from kpi.mart_kpis where id = 7")
    refuse(publisher, settings, "b1", "changed after it was audited")


def test_refuses_a_file_that_reads_back_differently(publisher, settings, with_broken_record):
    publisher.build("b1")
    record = publisher.audit("b1")
    wrong = json.loads(json.dumps(record.checksums))
    wrong["kpi.mart_kpis"]["xor"] = "1"
    with_broken_record("b1", checksums=wrong)
    refuse(publisher, settings, "b1", "does not read back as it was audited")


def test_refuses_a_file_that_cannot_be_read_back(publisher, settings, with_broken_record):
    path = publisher.build("b1")
    publisher.audit("b1")
    path.write_bytes(b"no database")
    with_broken_record("b1", file_sha256=file_sha256(path))
    refuse(publisher, settings, "b1", "cannot be read back by a fresh process")


def test_refuses_a_file_that_is_gone(publisher, settings):
    publisher.build("b1").unlink()
    publisher.build("b2")
    publisher.audit("b2")
    build_file(settings, "b2").unlink()
    refuse(publisher, settings, "b2", "the file of build b2 is gone; run the refresh again")


def test_refuses_a_build_without_its_private_file(publisher, settings):
    publisher.build("b1")
    publisher.audit("b1")
    (settings.build_dir / "b1.private.duckdb").unlink()
    refuse(publisher, settings, "b1", "the private file of build b1 is gone")


def test_refuses_a_file_with_a_write_ahead_log(publisher, settings):
    path = publisher.build("b1")
    publisher.audit("b1")
    path.with_name(path.name + ".wal").write_bytes(b"x")
    refuse(publisher, settings, "b1", "still has a write-ahead log")


def test_build_for_the_past_is_kept_and_not_shown(publisher, settings, store):
    publisher.publish("b1")
    publisher.publish("b0-past", make_current=False)
    assert current_build(settings).build_id == "b1"
    assert {build.build_id for build in list_builds(settings)} == {"b0-past", "b1"}


def test_rollback_points_to_an_earlier_build(publisher, settings, store):
    publisher.publish("b1")
    publisher.publish("b2")
    assert rollback(settings, store, "b1").build_id == "b1"
    assert current_build(settings).build_id == "b1"
    with pytest.raises(BuildError, match="no published build b7; published are: b2, b1"):
        rollback(settings, store, "b7")


def test_rollback_refuses_a_damaged_file(publisher, settings, store):
    publisher.publish("b1")
    publisher.publish("b2")
    damage(published_file(settings, "b1"))
    with pytest.raises(PublishError, match="build b1 was damaged since it was published; choose another one"):
        rollback(settings, store, "b1")
    assert current_build(settings).build_id == "b2"


def test_rollback_refuses_a_damaged_private_file(publisher, settings, store):
    publisher.publish("b1")
    publisher.publish("b2")
    damage(private_file(settings, "b1"))
    with pytest.raises(PublishError, match="build b1 was damaged"):
        rollback(settings, store, "b1")


def test_reader_falls_back_when_the_current_file_is_damaged(publisher, settings):
    publisher.publish("b1")
    publisher.publish("b2")
    path = published_file(settings, "b2")
    path.chmod(0o644)
    path.write_bytes(b"x" * 4096)
    assert reader_of(settings).build.build_id == "b1"


def test_reader_falls_back_when_the_current_file_is_gone(publisher, settings):
    publisher.publish("b1")
    publisher.publish("b2")
    published_file(settings, "b2").unlink()
    assert reader_of(settings).build.build_id == "b1"


@pytest.mark.parametrize("pointer", ["", "[]", '{"build_id": "b9"}'])
def test_damaged_pointer_does_not_stop_readers_or_the_next_publish(publisher, settings, pointer):
    publisher.publish("b1")
    settings.current_pointer.write_text(pointer, encoding="utf-8")
    assert reader_of(settings).build.build_id == "b1"
    with pytest.raises(BuildError):
        current_build(settings)
    publisher.publish("b2")
    assert remove_leftovers(settings) == []
    assert current_build(settings).build_id == "b2"


def test_description_that_cannot_be_read_hides_only_its_build(publisher, settings):
    publisher.publish("b1")
    publisher.publish("b2")
    (settings.published_dir / "b1.json").write_text("{", encoding="utf-8")
    assert [build.build_id for build in list_builds(settings)] == ["b2"]
    assert current_build(settings).build_id == "b2"


def test_reader_refuses_another_schema_version(publisher, settings):
    build = publisher.publish("b1")
    path = settings.published_dir / "b1.json"
    stated = f'"schema_version": {SCHEMA_VERSION}'
    assert stated in path.read_text(encoding="utf-8")
    path.write_text(path.read_text(encoding="utf-8").replace(stated, '"schema_version": 1'), encoding="utf-8")
    with pytest.raises(BuildError, match=f"schema version 1, this program reads {SCHEMA_VERSION}"):
        BuildReader(get_build(settings, build.build_id), settings)


def test_leftovers_and_old_builds_are_removed_and_the_current_one_never(publisher, settings, store):
    for build_id in ("b1", "b2", "b3", "b4"):
        publisher.publish(build_id)
    rollback(settings, store, "b1")
    publisher.build("b5")
    (settings.published_dir / "b6.duckdb").write_bytes(b"no description")
    (settings.build_dir / "b5.duckdb.wal").write_bytes(b"")
    (settings.build_dir / "b5.duckdb.tmp").mkdir()
    (settings.build_dir / "b5.duckdb.tmp" / "spill").write_bytes(b"")
    removed = remove_leftovers(settings)
    assert {"b5.duckdb", "b5.duckdb.wal", "b5.duckdb.tmp", "b6.duckdb", "b2.duckdb", "b2.json"} <= set(removed)
    assert {build.build_id for build in list_builds(settings)} == {"b1", "b3", "b4"}
    assert list(settings.build_dir.iterdir()) == []
    assert current_build(settings).build_id == "b1"
    assert reader_of(settings).rows("select distinct build_id from core.fct_tickets") == [{"build_id": "b1"}]


def damage(path: os.PathLike[str]) -> None:
    """Flip one byte in the middle of a file."""
    os.chmod(path, 0o644)  # noqa: PTH101
    with open(path, "r+b") as file:  # noqa: PTH123
        file.seek(os.path.getsize(path) // 2)  # noqa: PTH202
        byte = file.read(1)
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte[0] ^ 0xFF]))
