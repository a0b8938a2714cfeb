"""`aftercare builds`, `publish` and `rollback`."""

from typing import Any

from orchestration.commands.output import print_json, print_rows, say
from orchestration.lock import hold_refresh_lock, release_refresh_lock
from orchestration.steps import RefreshRequest, publish_build
from warehouse.builds import build_file, current_build, list_builds
from warehouse.connections import writer
from warehouse.errors import PublishError
from warehouse.operations import OperationsStore
from warehouse.publish import rollback
from warehouse.run_context import read_context
from warehouse.settings import load_settings


def run_builds(*, as_json: bool) -> None:
    """List the published builds, newest first."""
    settings = load_settings()
    current = current_build(settings)
    rows: list[dict[str, Any]] = [
        {
            "build_id": build.build_id,
            "is_current": current is not None and build.build_id == current.build_id,
            "as_of": build.as_of,
            "known_at": build.known_at,
            "built_at": build.built_at,
            "extracts": build.extracts,
            "megabytes": round(build.bytes / 1e6, 1),
        }
        for build in list_builds(settings)
    ]
    if as_json:
        print_json(rows)
    elif rows:
        print_rows(rows, list(rows[0]))
    else:
        say("nothing has been published yet; run `aftercare refresh`")


def run_publish(*, as_json: bool) -> None:
    """Publish the build that waits; raises PublishError when there is none or gate 2 did not pass on it."""
    settings = load_settings()
    hold_refresh_lock(settings)
    try:
        with writer(settings.warehouse_file, settings) as connection:
            context = read_context(connection)
        if not build_file(settings, context.build_id).is_file():
            raise PublishError("no build waits for publishing; run `aftercare refresh`")
        store = OperationsStore(settings)
        build = publish_build(settings, store, RefreshRequest(), context.run_id)
    finally:
        release_refresh_lock(settings)
    if as_json:
        print_json({"build_id": build.build_id})
    else:
        say(f"published build {build.build_id}")


def run_rollback(build_id: str, *, as_json: bool) -> None:
    """Point readers to an earlier build."""
    settings = load_settings()
    build = rollback(settings, OperationsStore(settings), build_id)
    if as_json:
        print_json({"build_id": build.build_id})
    else:
        say(f"readers see build {build.build_id} now")
