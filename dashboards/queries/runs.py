"""How the refreshes went and what is published: read anew on every page, because it changes without a new build."""

from dataclasses import dataclass
from datetime import datetime

from warehouse.builds import Build, list_builds
from warehouse.operations import Gate, GateRecord, OperationsStore, Run, RunStatus
from warehouse.scope import Scope
from warehouse.settings import Settings

_UNSUCCESSFUL = (RunStatus.STOPPED, RunStatus.FAILED, RunStatus.DIED)


@dataclass(frozen=True)
class Trouble:
    """The newest refresh did not publish; `since` is when the first of the row of such refreshes began."""

    run: Run
    since: datetime


def last_trouble(settings: Settings, scope: Scope) -> Trouble | None:
    """Return why readers see an older build than they could, or None when the newest finished refresh went well."""
    finished = [run for run in _runs(settings) if run.status is not RunStatus.RUNNING]
    if not finished or finished[0].status not in _UNSUCCESSFUL:
        return None
    since = finished[0].started_at
    for run in finished:
        if run.status not in _UNSUCCESSFUL:
            break
        since = run.started_at
    return Trouble(finished[0], since)


def last_gates(settings: Settings, scope: Scope) -> dict[Gate, GateRecord]:
    """Return the newest record of each gate that ever judged."""
    if not settings.operations_file.is_file():
        return {}
    store = OperationsStore(settings)
    records = {gate: store.last_gate(gate) for gate in Gate}
    return {gate: record for gate, record in records.items() if record is not None}


def published_builds(settings: Settings, scope: Scope) -> list[Build]:
    """Return the published builds, newest first."""
    return list_builds(settings)


def _runs(settings: Settings) -> list[Run]:
    if not settings.operations_file.is_file():
        return []
    return OperationsStore(settings).list_runs()
