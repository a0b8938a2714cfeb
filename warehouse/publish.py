"""Publishing: the audited file becomes the file that readers see, or nothing changes.

The order of the steps is the protocol (architecture.md, decision 4). Up to the last rename readers keep the old
build; whatever a killed run leaves behind is removed by the next one.
"""

import os
import shutil
import signal
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from warehouse.builds import (
    Build,
    build_file,
    builds_to_keep,
    current_build_id,
    description_file,
    get_build,
    point_to,
    private_build_file,
    private_file,
    published_file,
    sync_folder,
)
from warehouse.checksums import file_sha256, read_in_fresh_process
from warehouse.errors import BuildError, PublishError
from warehouse.operations import Gate, GateRecord, OperationsStore, Verdict
from warehouse.run_context import RunContext
from warehouse.settings import Settings

#: Names a step of PUBLISH_STEPS after which the process kills itself: how tests prove that any crash is harmless.
CRASH_VARIABLE = "AFTERCARE_CRASH_AFTER"

PUBLISH_STEPS = (
    "gate_demanded",
    "file_reread",
    "file_synced",
    "private_renamed",
    "file_renamed",
    "description_written",
    "pointer_replaced",
    "publish_recorded",
)


def publish(
    settings: Settings,
    store: OperationsStore,
    context: RunContext,
    *,
    fingerprint: str,
    recipe: str = "",
    base: Build | None = None,
    extracts: int,
    built_at: datetime,
    make_current: bool = True,
    report: Callable[[str], None] | None = None,
) -> Build:
    """Publish the build of a context and return its description.

    Raises PublishError, with readers untouched, when gate 2 has not passed on exactly this build and these bytes,
    or when a fresh process reads other numbers than the gate did.
    """
    source = build_file(settings, context.build_id)
    private_source = private_build_file(settings, context.build_id)
    record = _demand_gate(store, context.build_id, source)
    if not private_source.is_file():
        raise PublishError(f"the private file of build {context.build_id} is gone; run the refresh again")
    _reached("gate_demanded", report)

    if read_in_fresh_process(source) != record.checksums:
        raise PublishError(f"build {context.build_id} does not read back as it was audited; it stays unpublished")
    _reached("file_reread", report)

    for file in (source, private_source):
        _sync_file(file)
    _reached("file_synced", report)

    private_target = private_file(settings, context.build_id)
    private_source.replace(private_target)
    private_target.chmod(0o400)
    _reached("private_renamed", report)

    target = published_file(settings, context.build_id)
    source.replace(target)
    target.chmod(0o444)
    sync_folder(settings.published_dir)
    _reached("file_renamed", report)

    build = Build(
        build_id=context.build_id,
        run_id=context.run_id,
        built_at=built_at,
        as_of=context.as_of,
        known_at=context.known_at,
        zone=context.company_zone,
        fingerprint=fingerprint,
        sha256=record.file_sha256 or "",
        bytes=target.stat().st_size,
        private_sha256=file_sha256(private_target),
        checksums=record.checksums,
        extracts=extracts,
        recipe=recipe,
        base=base.build_id if base else None,
        whole_bytes=base.whole_bytes if base else target.stat().st_size,
    )
    _write_description(settings, build)
    _reached("description_written", report)

    previous = _previous_build_id(settings)
    if make_current:
        point_to(settings, build.build_id)
    _reached("pointer_replaced", report)

    store.record_publish("publish" if make_current else "keep", build.build_id, previous)
    _reached("publish_recorded", report)
    return build


def rollback(settings: Settings, store: OperationsStore, build_id: str) -> Build:
    """Make an earlier published build the current one; raises BuildError when it is not there.

    Raises PublishError when its bytes are not those that were published.
    """
    build = get_build(settings, build_id)
    if damaged_file(settings, build):
        raise PublishError(f"build {build_id} was damaged since it was published; choose another one")
    previous = _previous_build_id(settings)
    point_to(settings, build_id)
    store.record_publish("rollback", build_id, previous)
    return build


def damaged_file(settings: Settings, build: Build) -> Path | None:
    """Return a file of a published build that is gone or has other bytes than were published, else None."""
    for file, sha256 in (
        (published_file(settings, build.build_id), build.sha256),
        (private_file(settings, build.build_id), build.private_sha256),
    ):
        if sha256 and (not file.is_file() or file_sha256(file) != sha256):
            return file
    return None


def remove_leftovers(settings: Settings) -> list[str]:
    """Remove what dead runs and old builds left: unpublished files, files without description, builds beyond keep.

    Call it only while holding the refresh lock. The current build is never removed. Returns the removed names.
    """
    kept = builds_to_keep(settings) | {_previous_build_id(settings) or ""}
    leftovers = [
        *settings.build_dir.iterdir(),
        *(path for path in settings.published_dir.iterdir() if path.name.split(".")[0] not in kept),
    ]
    for path in leftovers:
        if path.is_dir():
            shutil.rmtree(path)  # DuckDB spills into a folder beside the file
        else:
            path.unlink(missing_ok=True)
    return [path.name for path in leftovers]


def _previous_build_id(settings: Settings) -> str | None:
    """The build that is current now; a damaged pointer must not keep the next good build from being published."""
    try:
        return current_build_id(settings)
    except BuildError:
        return None


def _demand_gate(store: OperationsStore, build_id: str, source: Path) -> GateRecord:
    record = store.last_gate(Gate.BUILD, build_id)
    if record is None:
        raise PublishError(f"build {build_id} has not been through gate 2; it stays unpublished")
    if record.verdict is not Verdict.PASSED:
        raise PublishError(f"gate 2 is {record.verdict} for build {build_id}; it stays unpublished")
    if not source.is_file():
        raise PublishError(f"the file of build {build_id} is gone; run the refresh again")
    if source.with_name(source.name + ".wal").exists():
        raise PublishError(f"the file of build {build_id} still has a write-ahead log; it stays unpublished")
    if file_sha256(source) != record.file_sha256:
        raise PublishError(f"the file of build {build_id} changed after it was audited; it stays unpublished")
    return record


def _write_description(settings: Settings, build: Build) -> None:
    path = description_file(settings, build.build_id)
    temporary = path.with_suffix(".tmp")
    with temporary.open("w", encoding="utf-8") as file:
        file.write(build.to_json())
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    sync_folder(path.parent)


def _sync_file(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _reached(step: str, report: Callable[[str], None] | None) -> None:
    if os.environ.get(CRASH_VARIABLE) == step:
        os.kill(os.getpid(), signal.SIGKILL)
    if report:
        report(step)
