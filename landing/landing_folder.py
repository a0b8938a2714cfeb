"""What lies in the landing folder and which mapping it belongs to."""

import hashlib
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import IO

from landing.mapping_model import Mapping, file_kind
from landing.refusal import RefusalError
from landing.zip_folder import is_zip, list_members, open_member
from warehouse.errors import MappingError

_UNFINISHED = (".part", ".tmp", ".crdownload", ".filepart")
_CHUNK = 4 << 20


@dataclass(frozen=True)
class FoundFile:
    """A file of the landing folder or, with `member`, a file inside of a zip that lies there.

    `name` is its path below the folder, in which a zip counts as a folder. `refusal` says why it is not read.
    """

    path: Path
    name: str
    member: str | None = None
    refusal: RefusalError | None = None

    def open(self) -> AbstractContextManager[IO[bytes]]:
        """Open its bytes. Raises RefusalError for a damaged zip."""
        return open_member(self.path, self.member, self.name) if self.member is not None else self.path.open("rb")


@dataclass(frozen=True)
class LandedFile:
    """A file of the landing folder by content; `name` is its path below the folder."""

    path: Path
    name: str
    sha256: str
    bytes: int
    #: Its name inside of the zip file at `path`.
    member: str | None = None

    def open(self) -> AbstractContextManager[IO[bytes]]:
        """Open its bytes. Raises RefusalError for a damaged zip."""
        return FoundFile(self.path, self.name, self.member).open()


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


def find_files(folder: Path) -> Iterator[FoundFile]:
    """Yield the finished files below a folder as `list_files` does, and those inside of zip files.

    A zip that cannot be trusted as a whole is one file with a refusal.
    """
    for path in list_files(folder):
        name = path.relative_to(folder).as_posix()
        if not is_zip(name):
            yield FoundFile(path, name)
            continue
        try:
            members = list_members(path, name)
        except FileNotFoundError:
            continue
        except RefusalError as refusal:
            yield FoundFile(path, name, refusal=refusal)
        else:
            for member in members:
                yield FoundFile(path, f"{name}/{member.name}", member.stored_name, member.refusal)


def fingerprint_file(path: Path, folder: Path) -> LandedFile | None:
    """`fingerprint` of a file that lies in the folder itself."""
    return fingerprint(FoundFile(path, path.relative_to(folder).as_posix()))


def fingerprint(found: FoundFile) -> LandedFile | None:
    """Return the file with its hash; None when it changed or went away meanwhile, so that the next run takes it.

    Raises RefusalError when it lies in a zip and is damaged.
    """
    try:
        before = found.path.stat()
        digest, size = hashlib.sha256(), 0
        with found.open() as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
        after = found.path.stat()
    except FileNotFoundError:
        return None
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        return None
    return LandedFile(found.path, found.name, digest.hexdigest(), size, found.member)


def can_be_read(name: str) -> bool:
    """True for files that landing reads or looks into, judged by their name."""
    return file_kind(name) is not None or is_zip(name)


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
    return (Match(_in_system(name, contract_mapping), match.entries),)


def match_refused(name: str, contract_mapping: Mapping) -> Match:
    """Return what a file that nobody can look into is written down under: no entry of any mapping."""
    return Match(_in_system(name, contract_mapping), ())


def _in_system(name: str, contract_mapping: Mapping) -> Mapping:
    """The system of a contract-format file is the first folder that it lies in; a zip file is none."""
    folders = [part for part in name.split("/")[:-1] if not is_zip(part)]
    parent = folders[0] if folders else contract_mapping.system
    return contract_mapping.model_copy(update={"system": parent})


def _match(name: str, mapping: Mapping) -> Match | None:
    entries = tuple(
        number
        for number, entry in enumerate(mapping.tables)
        if any(fnmatchcase(name if "/" in pattern else name.split("/")[-1], pattern) for pattern in entry.source.files)
    )
    return Match(mapping, entries) if entries else None
