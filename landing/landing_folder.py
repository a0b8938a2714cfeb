"""What lies in the landing folder and which mapping it belongs to."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from landing.mapping_model import Mapping, file_kind
from warehouse.errors import MappingError

_UNFINISHED = (".part", ".tmp", ".crdownload", ".filepart")
_CHUNK = 4 << 20


@dataclass(frozen=True)
class LandedFile:
    """A file of the landing folder by content; `name` is its path below the folder."""

    path: Path
    name: str
    sha256: str
    bytes: int


@dataclass(frozen=True)
class Match:
    """A mapping and the positions of its entries that a file feeds."""

    mapping: Mapping
    entries: tuple[int, ...]


def list_files(folder: Path) -> Iterator[Path]:
    """Yield the finished files below a folder in the order of their paths.

    Hidden files, unfinished transfers and links that lead out of the folder are left out.
    """
    root = folder.resolve()
    for path in sorted(folder.rglob("*"), key=lambda path: path.relative_to(folder).as_posix()):
        relative = path.relative_to(folder)
        if any(part.startswith((".", "~$")) for part in relative.parts) or path.name.lower().endswith(_UNFINISHED):
            continue
        if path.is_file() and path.resolve().is_relative_to(root):
            yield path


def fingerprint_file(path: Path, folder: Path) -> LandedFile | None:
    """Return the file with its hash; None when it changed or went away meanwhile, so that the next run takes it."""
    try:
        before = path.stat()
        digest = hashlib.sha256()
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
        after = path.stat()
    except FileNotFoundError:
        return None
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        return None
    return LandedFile(path, path.relative_to(folder).as_posix(), digest.hexdigest(), after.st_size)


def match_file(name: str, mappings: tuple[Mapping, ...], contract_mapping: Mapping) -> tuple[Match, ...]:
    """Return what a file feeds; the mappings win over the contract-format rule.

    Raises MappingError when two mappings of one system claim the file: its rows would count twice.
    """
    if file_kind(name) is None:
        return ()
    matches = tuple(match for mapping in mappings if (match := _match(name, mapping)))
    systems: dict[str, str] = {}
    for match in matches:
        other = systems.setdefault(match.mapping.system, match.mapping.name)
        if other != match.mapping.name:
            raise MappingError(
                f"{other}.yml and {match.mapping.name}.yml both map {name} for system {match.mapping.system}; "
                "put their table entries into one mapping"
            )
    if matches:
        return matches
    match = _match(name, contract_mapping)
    if match is None:
        return ()
    parent = name.split("/")[0] if "/" in name else contract_mapping.system
    return (Match(match.mapping.model_copy(update={"system": parent}), match.entries),)


def _match(name: str, mapping: Mapping) -> Match | None:
    entries = tuple(
        number
        for number, entry in enumerate(mapping.tables)
        if any(fnmatchcase(name if "/" in pattern else name.split("/")[-1], pattern) for pattern in entry.source.files)
    )
    return Match(mapping, entries) if entries else None
