"""The operations store: what runs and people write. SQLite by default, through SQLAlchemy.

Gate results of unpublished runs live here, so a page can say why the last build stays.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from warehouse.clock import now_utc
from warehouse.settings import Settings

_METADATA = sa.MetaData()

_RUNS = sa.Table(
    "runs",
    _METADATA,
    sa.Column("run_id", sa.String, primary_key=True),
    sa.Column("started_at", sa.DateTime, nullable=False),
    sa.Column("finished_at", sa.DateTime),
    sa.Column("status", sa.String, nullable=False),
    sa.Column("build_id", sa.String),
    sa.Column("step", sa.String),
    sa.Column("reason_en", sa.Text),
    sa.Column("reason_zh", sa.Text),
    sa.Column("process_id", sa.Integer, nullable=False),
)

_GATE_RECORDS = sa.Table(
    "gate_records",
    _METADATA,
    sa.Column("record_id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("run_id", sa.String, nullable=False),
    sa.Column("gate", sa.String, nullable=False),
    sa.Column("build_id", sa.String, nullable=False),
    sa.Column("file_sha256", sa.String),
    sa.Column("verdict", sa.String, nullable=False),
    sa.Column("judged_at", sa.DateTime, nullable=False),
    sa.Column("rules_checked", sa.Integer, nullable=False),
    sa.Column("checksums", sa.Text),
)

_GATE_RESULTS = sa.Table(
    "gate_results",
    _METADATA,
    sa.Column("result_id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("record_id", sa.Integer, sa.ForeignKey("gate_records.record_id"), nullable=False),
    sa.Column("suite", sa.String, nullable=False),
    sa.Column("rule", sa.String, nullable=False),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("severity", sa.String, nullable=False),
    sa.Column("outcome", sa.String, nullable=False),
    sa.Column("table_name", sa.String),
    sa.Column("column_name", sa.String),
    sa.Column("observed", sa.String),
    sa.Column("expected", sa.String),
    sa.Column("extract_id", sa.String),
    sa.Column("file_name", sa.String),
    sa.Column("reason_en", sa.Text, nullable=False),
    sa.Column("reason_zh", sa.Text, nullable=False),
)

_PUBLISHES = sa.Table(
    "publishes",
    _METADATA,
    sa.Column("publish_id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Column("action", sa.String, nullable=False),
    sa.Column("build_id", sa.String, nullable=False),
    sa.Column("previous_build_id", sa.String),
)


class RunStatus(StrEnum):
    RUNNING = "running"
    PUBLISHED = "published"
    NOTHING_NEW = "nothing_new"
    STOPPED = "stopped"  # a gate did not pass
    FAILED = "failed"  # something broke
    DIED = "died"  # the process is gone without a word


class Gate(StrEnum):
    RAW = "raw"  # gate 1: may these extracts be used?
    BUILD = "build"  # gate 2: may this build be published?


class Verdict(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    BROKEN = "broken"  # a rule could not be evaluated: says nothing about the data, stops all the same


@dataclass(frozen=True)
class GateResult:
    """The outcome of one rule: `passed`, `failed`, or `errored` (the rule itself broke)."""

    suite: str
    rule: str
    kind: str
    severity: str
    outcome: str
    reason_en: str
    reason_zh: str
    table_name: str | None = None
    column_name: str | None = None
    observed: str | None = None
    expected: str | None = None
    extract_id: str | None = None
    file_name: str | None = None


@dataclass(frozen=True)
class GateRecord:
    """The verdict of one gate on one build; gate 2 also names the very file it audited."""

    gate: Gate
    build_id: str
    run_id: str
    verdict: Verdict
    judged_at: datetime
    rules_checked: int
    file_sha256: str | None = None
    checksums: dict[str, Any] = field(default_factory=dict)
    results: tuple[GateResult, ...] = ()


@dataclass(frozen=True)
class Run:
    """One refresh as it went."""

    run_id: str
    started_at: datetime
    finished_at: datetime | None
    status: RunStatus
    build_id: str | None
    step: str | None
    reason_en: str | None
    reason_zh: str | None
    process_id: int


class OperationsStore:
    """Reads and writes the operations store; every call is its own transaction."""

    def __init__(self, settings: Settings) -> None:
        settings.home.mkdir(parents=True, exist_ok=True)
        self._engine = sa.create_engine(f"sqlite:///{settings.operations_file}", connect_args={"timeout": 30})
        sa.event.listen(self._engine, "connect", _use_wal)
        _METADATA.create_all(self._engine)

    @contextmanager
    def _begin(self) -> Iterator[sa.Connection]:
        with self._engine.begin() as connection:
            yield connection

    def start_run(self, run_id: str, process_id: int) -> None:
        """Write down that a refresh began."""
        with self._begin() as connection:
            connection.execute(
                _RUNS.insert().values(
                    run_id=run_id, started_at=now_utc(), status=RunStatus.RUNNING, process_id=process_id
                )
            )

    def update_run(self, run_id: str, **values: str | None) -> None:
        """Write down how far a refresh is: `step`, `build_id`."""
        with self._begin() as connection:
            connection.execute(_RUNS.update().where(_RUNS.c.run_id == run_id).values(**values))

    def finish_run(
        self, run_id: str, status: RunStatus, *, reason_en: str | None = None, reason_zh: str | None = None
    ) -> None:
        """Write down how a refresh ended and, if it did not publish, why."""
        with self._begin() as connection:
            connection.execute(
                _RUNS.update()
                .where(_RUNS.c.run_id == run_id)
                .values(status=status, finished_at=now_utc(), reason_en=reason_en, reason_zh=reason_zh)
            )

    def list_runs(self, limit: int = 20) -> list[Run]:
        """Return the newest runs first."""
        query = sa.select(_RUNS).order_by(_RUNS.c.started_at.desc(), _RUNS.c.run_id.desc()).limit(limit)
        with self._begin() as connection:
            return [Run(**{**row, "status": RunStatus(row["status"])}) for row in connection.execute(query).mappings()]

    def record_gate(self, record: GateRecord) -> None:
        """Store a gate's verdict with the outcome of each of its rules."""
        with self._begin() as connection:
            record_id = connection.execute(
                _GATE_RECORDS.insert().values(
                    run_id=record.run_id,
                    gate=record.gate,
                    build_id=record.build_id,
                    file_sha256=record.file_sha256,
                    verdict=record.verdict,
                    judged_at=record.judged_at,
                    rules_checked=record.rules_checked,
                    checksums=json.dumps(record.checksums),
                )
            ).inserted_primary_key[0]  # type: ignore[index]
            if record.results:
                rows = [{"record_id": record_id, **vars(result)} for result in record.results]
                connection.execute(_GATE_RESULTS.insert(), rows)

    def last_gate(self, gate: Gate, build_id: str | None = None) -> GateRecord | None:
        """Return the newest record of a gate, of any build or of one, with its results."""
        query = sa.select(_GATE_RECORDS).where(_GATE_RECORDS.c.gate == gate)
        if build_id is not None:
            query = query.where(_GATE_RECORDS.c.build_id == build_id)
        with self._begin() as connection:
            row = connection.execute(query.order_by(_GATE_RECORDS.c.record_id.desc()).limit(1)).mappings().first()
            if row is None:
                return None
            results = connection.execute(
                sa.select(_GATE_RESULTS)
                .where(_GATE_RESULTS.c.record_id == row["record_id"])
                .order_by(_GATE_RESULTS.c.result_id)
            ).mappings()
            return GateRecord(
                gate=Gate(row["gate"]),
                build_id=row["build_id"],
                run_id=row["run_id"],
                verdict=Verdict(row["verdict"]),
                judged_at=row["judged_at"],
                rules_checked=row["rules_checked"],
                file_sha256=row["file_sha256"],
                checksums=json.loads(row["checksums"] or "{}"),
                results=tuple(
                    GateResult(**{k: v for k, v in r.items() if k not in ("result_id", "record_id")}) for r in results
                ),
            )

    def record_publish(self, action: str, build_id: str, previous_build_id: str | None) -> None:
        """Write down that the pointer moved: `publish` or `rollback`."""
        with self._begin() as connection:
            connection.execute(
                _PUBLISHES.insert().values(
                    at=now_utc(), action=action, build_id=build_id, previous_build_id=previous_build_id
                )
            )


def _use_wal(connection: Any, _: object) -> None:
    """Let pages read while a run writes."""
    connection.execute("pragma journal_mode = wal")
