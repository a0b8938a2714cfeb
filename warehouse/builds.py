"""Builds: immutable files in `published/`, and the pointer `current.json` that says which one readers see."""

import json
import logging
import os
import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from warehouse.clock import now_utc
from warehouse.errors import BuildError
from warehouse.settings import Settings

_log = logging.getLogger(__name__)

#: Readers refuse files of another schema version instead of failing half-way through a page.
SCHEMA_VERSION = 4


@dataclass(frozen=True)
class Build:
    """What `published/<build_id>.json` says about a build. Instants are UTC, sizes bytes.

    `fingerprint` stands for all inputs (accepted extracts, reference data, code, context): equal fingerprints mean
    equal marts. `checksums` has rows and an order-free hash per table.
    """

    build_id: str
    run_id: str
    built_at: datetime
    as_of: datetime
    known_at: datetime
    zone: str
    fingerprint: str
    sha256: str
    bytes: int
    private_sha256: str | None
    checksums: dict[str, Any]
    extracts: int
    schema_version: int = SCHEMA_VERSION
    recipe: str = ""
    base: str | None = None
    whole_bytes: int = 0

    def to_json(self) -> str:
        return json.dumps(asdict(self), default=datetime.isoformat, indent=2, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "Build":
        values = json.loads(text)
        for name in ("built_at", "as_of", "known_at"):
            values[name] = datetime.fromisoformat(values[name])
        return cls(**values)


def new_build_id() -> str:
    """Return an id that sorts by time: `20251101T021500-3fa9c1`."""
    return f"{now_utc():%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"


def build_file(settings: Settings, build_id: str) -> Path:
    return settings.build_dir / f"{build_id}.duckdb"


def private_build_file(settings: Settings, build_id: str) -> Path:
    return settings.build_dir / f"{build_id}.private.duckdb"


def published_file(settings: Settings, build_id: str) -> Path:
    return settings.published_dir / f"{build_id}.duckdb"


def private_file(settings: Settings, build_id: str) -> Path:
    return settings.published_dir / f"{build_id}.private.duckdb"


def description_file(settings: Settings, build_id: str) -> Path:
    return settings.published_dir / f"{build_id}.json"


def list_builds(settings: Settings) -> list[Build]:
    """Return every complete published build, newest first; one whose description is damaged is left out."""
    builds = []
    for path in sorted(settings.published_dir.glob("*.json"), reverse=True):
        if published_file(settings, path.stem).is_file():
            try:
                builds.append(Build.from_json(path.read_text(encoding="utf-8")))
            except (ValueError, TypeError, KeyError) as error:
                _log.warning("the description of build %s cannot be read: %s", path.stem, error)
    return builds


def is_month_end(build: Build) -> bool:
    """Return True for a build that shows the end of a local month: what the backfill of months makes."""
    following = (build.as_of + timedelta(microseconds=1)).replace(tzinfo=UTC).astimezone(ZoneInfo(build.zone))
    return following == following.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def builds_to_keep(settings: Settings) -> set[str]:
    """Return the ids of the newest `keep_builds` builds and, apart from them, of the month ends that are kept.

    Of each month end the newest build stays, of the latest `keep_month_ends` month ends.
    """
    builds = list_builds(settings)
    ordinary = [build.build_id for build in builds if not is_month_end(build)]
    newest_of: dict[datetime, str] = {}
    for build in builds:
        if is_month_end(build):
            newest_of.setdefault(build.as_of, build.build_id)
    month_ends = [newest_of[as_of] for as_of in sorted(newest_of, reverse=True)]
    return {*ordinary[: settings.keep_builds], *month_ends[: settings.keep_month_ends]}


def get_build(settings: Settings, build_id: str) -> Build:
    """Return one published build; raises BuildError naming the ones there are."""
    for build in list_builds(settings):
        if build.build_id == build_id:
            return build
    known = ", ".join(build.build_id for build in list_builds(settings)) or "none"
    raise BuildError(f"no published build {build_id}; published are: {known}")


def current_build_id(settings: Settings) -> str | None:
    """Return the build that the pointer names, whether or not it is there; None before the first publish.

    Raises BuildError when the pointer itself cannot be read.
    """
    try:
        return str(json.loads(settings.current_pointer.read_text(encoding="utf-8"))["build_id"])
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, KeyError) as error:
        name = settings.current_pointer.name
        raise BuildError(f"{name} is damaged; run `aftercare rollback` to a published build") from error


def current_build(settings: Settings) -> Build | None:
    """Return the build that readers see, or None before the first publish.

    Raises BuildError when the pointer names a build that is not there.
    """
    build_id = current_build_id(settings)
    return None if build_id is None else get_build(settings, build_id)


def readable_build(settings: Settings) -> Build | None:
    """Return the build that readers see, or None when there is none or its description cannot be read."""
    try:
        return current_build(settings)
    except BuildError as error:
        _log.warning("the published build cannot be read: %s", error)
        return None


def point_to(settings: Settings, build_id: str) -> None:
    """Make one published build the current one: a single atomic rename, durable on return."""
    temporary = settings.current_pointer.with_suffix(".json.tmp")
    with temporary.open("w", encoding="utf-8") as file:
        json.dump({"build_id": build_id, "since": now_utc().isoformat()}, file)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(settings.current_pointer)
    sync_folder(settings.current_pointer.parent)


def sync_folder(folder: Path) -> None:
    """Make renames in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
