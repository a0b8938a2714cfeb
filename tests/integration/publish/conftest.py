"""Small audited builds to publish, and a home to publish them in."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from warehouse.builds import Build, build_file, private_build_file
from warehouse.checksums import file_sha256, table_checksums
from warehouse.connections import reader, writer
from warehouse.operations import Gate, GateRecord, OperationsStore, Verdict
from warehouse.publish import publish
from warehouse.run_context import RunContext
from warehouse.settings import Settings, load_settings

NOON = datetime(2025, 11, 1, 12)


class Publisher:
    """Builds, audits and publishes files whose every row says which build it belongs to."""

    def __init__(self, settings: Settings, store: OperationsStore) -> None:
        self.settings = settings
        self.store = store

    def context(self, build_id: str) -> RunContext:
        return RunContext(build_id, f"run-{build_id}", NOON, NOON, "Asia/Shanghai", "CN", "CNY", False)

    def build(self, build_id: str) -> Path:
        """Write build/<id>.duckdb: two tables of 1,000 rows that name the build."""
        with writer(build_file(self.settings, build_id), self.settings) as connection:
            connection.execute("create schema core; create schema kpi")
            for table in ("core.fct_tickets", "kpi.mart_kpis"):
                connection.execute(
                    f"create table {table} as select range as id, '{build_id}' as build_id from range(1000)"
                )
        with writer(private_build_file(self.settings, build_id), self.settings) as connection:
            connection.execute("create table people as select 'emp_1' as pseudonym, 'Li' as name")
        return build_file(self.settings, build_id)

    def audit(self, build_id: str, verdict: Verdict = Verdict.PASSED) -> GateRecord:
        """Record what gate 2 would record."""
        path = build_file(self.settings, build_id)
        with reader(path, self.settings) as connection:
            checksums = table_checksums(connection)
        record = GateRecord(
            Gate.BUILD,
            build_id,
            f"run-{build_id}",
            verdict,
            NOON,
            1,
            file_sha256=file_sha256(path),
            checksums=checksums,
        )
        self.store.record_gate(record)
        return record

    def publish(self, build_id: str, *, is_ready: bool = False, make_current: bool = True) -> Build:
        """Build, audit and publish in one go; `is_ready` leaves out the first two."""
        if not is_ready:
            self.build(build_id)
            self.audit(build_id)
        return publish(
            self.settings, self.store, self.context(build_id), fingerprint="f", extracts=1, built_at=NOON,
            make_current=make_current,
        )  # fmt: skip


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = load_settings(home=tmp_path / "home", threads=1, memory_limit="500MB", keep_builds=2)
    made.make_folders()
    return made


@pytest.fixture
def store(settings: Settings) -> OperationsStore:
    return OperationsStore(settings)


@pytest.fixture
def publisher(settings: Settings, store: OperationsStore) -> Publisher:
    return Publisher(settings, store)


@pytest.fixture
def with_broken_record(publisher: Publisher) -> Callable[..., None]:
    """Replace parts of the newest gate record of a build."""

    def change(build_id: str, **values: object) -> None:
        record = publisher.store.last_gate(Gate.BUILD, build_id)
        assert record is not None
        publisher.store.record_gate(replace(record, **values))

    return change
