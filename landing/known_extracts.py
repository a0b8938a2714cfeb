"""What has landed already, and which extract a file is: the same one, a changed one, or one that came again."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import duckdb

from warehouse.manifest import ExtractState

#: States of extracts that are no version of a file: nothing of them counts.
_VOID = (ExtractState.REFUSED, ExtractState.WITHDRAWN)


@dataclass(frozen=True)
class KnownExtract:
    """One row of the manifest, as far as the identity of files needs it."""

    extract_id: str
    source_system: str
    mapping: str
    mapping_fingerprint: str
    file_name: str
    sha256: str
    bytes: int
    extracted_at: datetime
    state: ExtractState
    corrections: tuple[str, ...]


@dataclass(frozen=True)
class Identity:
    """Which extract a file is, and when it was taken if an earlier extract says so."""

    extract_id: str
    extracted_at: datetime | None


class KnownExtracts:
    """The manifest in landing order, found by content and by name."""

    def __init__(self, extracts: Iterable[KnownExtract]) -> None:
        self.by_id: dict[str, KnownExtract] = {}
        self._by_content: dict[tuple[str, str], list[KnownExtract]] = {}
        self._version_of: dict[tuple[str, str], KnownExtract] = {}
        for extract in extracts:
            self.by_id[extract.extract_id] = extract
            self._by_content.setdefault((extract.source_system, extract.sha256), []).append(extract)
            if extract.state not in _VOID:
                self._version_of[extract.source_system, extract.file_name] = extract

    def latest(self, system: str, sha256: str) -> KnownExtract:
        """Return the last reading of these bytes; raises KeyError when there is none."""
        return self._by_content[system, sha256][-1]

    def readings(self, system: str, sha256: str) -> frozenset[str]:
        """Return the extracts that are readings of these bytes."""
        return frozenset(extract.extract_id for extract in self._by_content.get((system, sha256), ()))

    def identify(
        self,
        system: str,
        file_name: str,
        sha256: str,
        fingerprint: str,
        taken_at: datetime | None,
        corrections: tuple[str, ...],
    ) -> Identity:
        """Return which extract a file is; `taken_at` is the time that its name states, if it states one.

        An extract is a content under a mapping, taken at a time. Bytes that are known are the extract they were, but
        when the same name has held other bytes in between: then they were delivered again, after those.
        """
        parts = [system, fingerprint, sha256, *([taken_at.isoformat()] if taken_at else []), *corrections]
        same_bytes = self._by_content.get((system, sha256), [])
        if taken_at is not None:
            return Identity(_digest(parts), taken_at)
        version = self._version_of.get((system, file_name))
        if version is not None and version.sha256 != sha256 and any(e.state not in _VOID for e in same_bytes):
            return Identity(_digest([*parts, "after", version.extract_id]), None)
        if not same_bytes:
            return Identity(_digest(parts), None)
        alike = [e for e in same_bytes if (e.mapping_fingerprint, e.corrections) == (fingerprint, corrections)]
        # read anew, they are as old as they were: a changed mapping makes no old file newer than later ones
        taken_before = same_bytes[-1].extracted_at
        return Identity(alike[-1].extract_id if alike else _digest(parts), taken_before)


def _digest(parts: list[str]) -> str:
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:16]


def read_known(connection: duckdb.DuckDBPyConnection) -> KnownExtracts:
    """Return every extract of the manifest in landing order."""
    rows = connection.execute(
        """
        select extract_id, source_system, mapping, mapping_fingerprint, file_name, sha256, bytes, extracted_at, state,
            coalesce(corrections, [])
        from meta.extracts order by loaded_at, extract_id
        """
    ).fetchall()
    return KnownExtracts(_known(row) for row in rows)


def _known(row: tuple[Any, ...]) -> KnownExtract:
    names = [field.name for field in fields(KnownExtract)]
    values = dict(zip(names, row, strict=True))
    return KnownExtract(
        **values | {"state": ExtractState(values["state"]), "corrections": tuple(values["corrections"])}
    )
