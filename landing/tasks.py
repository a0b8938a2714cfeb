"""What is to be landed: which files lie there, what they feed, and which extract each of them is."""

import logging
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from landing.corrections import Correction, is_correction
from landing.database_source import DatabaseSource
from landing.databases.extraction import read_instant
from landing.known_extracts import KnownExtracts
from landing.landing_folder import LandedFile, Match, find_files, fingerprint, match_file, match_refused
from landing.loading import NewCorrection
from landing.mapping import contract_mapping
from landing.mapping_model import Mapping
from landing.pending_corrections import Corrections
from landing.refusal import RefusalError
from warehouse.settings import Settings

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Task:
    """A file under one mapping, the extract that it is, and what is known of it before it is read."""

    file: LandedFile
    match: Match
    fingerprint: str
    extract_id: str
    #: When the extract was taken, as its name or an earlier reading of the same bytes says.
    taken_at: datetime | None = None
    #: Why the file cannot be read at all.
    refusal: RefusalError | None = None
    corrections: tuple[Correction, ...] = ()
    new_corrections: tuple[NewCorrection, ...] = ()
    earlier_ids: frozenset[str] = frozenset()

    @property
    def contracts(self) -> tuple[str, ...]:
        """The contracts that the file feeds."""
        tables = self.match.mapping.tables
        return tuple(dict.fromkeys(tables[number].contract for number in self.match.entries))


@dataclass
class Found:
    """What lies in the landing folder: files that a mapping fits, that none fits, and that give corrected rows back.

    `refusals` says by name why a file is not read at all.
    """

    matched: list[tuple[LandedFile, Match]] = field(default_factory=list)
    unmatched: list[str] = field(default_factory=list)
    correcting: list[LandedFile] = field(default_factory=list)
    refusals: dict[str, RefusalError] = field(default_factory=dict)


def find_delivered(landing_dir: Path, mappings: tuple[Mapping, ...], by_name: Mapping) -> Found:
    """Return what lies in the landing folder, by what it is.

    Raises MappingError when two mappings of one system claim the same file.
    """
    found = Found()
    for seen in find_files(landing_dir) if landing_dir.is_dir() else ():
        correction = is_correction(seen.name)
        matches = () if correction else match_file(seen.name, mappings, by_name)
        if not matches and not correction and not seen.refusal:
            found.unmatched.append(seen.name)
            continue
        try:
            file = fingerprint(seen)
        except RefusalError as refusal:
            seen = replace(seen, member=None, refusal=refusal)
            file = fingerprint(seen)
        if file is None:
            _log.warning("%s changed while it was read; it lands with the next run", seen.name)
            continue
        if seen.refusal:
            found.refusals[file.name] = seen.refusal
            found.matched.append((file, match_refused(seen.name, by_name)))
        elif correction:
            found.correcting.append(file)
        else:
            found.matched += [(file, match) for match in matches]
    return found


def archived_files(
    settings: Settings,
    corrections: Corrections,
    known: KnownExtracts,
    matched: list[tuple[LandedFile, Match]],
    mappings: tuple[Mapping, ...],
) -> list[tuple[LandedFile, Match]]:
    """Files with new corrections that no longer lie in the landing folder: the archive has them."""
    present = {(match.mapping.system, file.sha256) for file, match in matched}
    found: list[tuple[LandedFile, Match]] = []
    for system, sha256 in corrections.new:
        if (system, sha256) in present:
            continue
        extract = known.latest(system, sha256)
        file = LandedFile(settings.archive_dir / sha256, extract.file_name, sha256, extract.bytes)
        matches = match_file(extract.file_name, mappings, contract_mapping(settings.zone))
        mine = [(file, match) for match in matches if match.mapping.system == system]
        if not mine:
            _log.warning("%s: no mapping fits any more, so its rows cannot be corrected", extract.file_name)
        found += mine
    return found


def is_of_database(match: Match) -> bool:
    """True for extracts of databases, whose names tell when they were taken."""
    return any(isinstance(match.mapping.tables[number].source, DatabaseSource) for number in match.entries)


def task_of(
    file: LandedFile, match: Match, known: KnownExtracts, corrections: Corrections, refusal: RefusalError | None
) -> Task:
    """Return a file as the extract that it is."""
    mapping = match.mapping
    fingerprinted = mapping.fingerprint(match.entries)
    taken_at = None
    if is_of_database(match):
        taken_at = read_instant(file.name)
    elif mapping.has_time_in_name:
        try:
            taken_at = mapping.extracted_at_utc(file.name)
        except ValueError as error:
            refusal = RefusalError(
                "no_time_in_name",
                f"{file.name}: the mapping reads from the name when the extract was taken, but {error}",
                f"{file.name}：映射从文件名读取导出时间，但文件名不符合要求（{error}）",
            )
    delivered = (mapping.system, file.sha256)
    correcting = tuple(corrections.files.get(delivered, ()))
    identity = known.identify(
        mapping.system, file.name, file.sha256, fingerprinted, taken_at, tuple(c.sha256 for c in correcting)
    )
    return Task(
        file, match, fingerprinted, identity.extract_id, identity.extracted_at, refusal, correcting,
        tuple(corrections.new.get(delivered, ())), known.readings(*delivered),
    )  # fmt: skip
