"""Which delivered files have corrected rows: those that counted before, and those that came with this run."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from landing.archive import archive_file
from landing.corrections import CorrectedRows, Correction, CorrectionJob
from landing.known_extracts import KnownExtracts
from landing.landing_folder import LandedFile
from landing.loading import NewCorrection
from landing.refusal import RefusalError

#: System and sha256 of a delivered file.
Delivered = tuple[str, str]


@dataclass
class Corrections:
    """Corrections by the delivered file that they correct, in the order in which they came."""

    files: dict[Delivered, list[Correction]] = field(default_factory=lambda: defaultdict(list))
    new: dict[Delivered, list[NewCorrection]] = field(default_factory=lambda: defaultdict(list))
    refused: list[tuple[LandedFile, RefusalError]] = field(default_factory=list)
    unchanged: int = 0


def find_corrections(
    connection: duckdb.DuckDBPyConnection,
    files: list[LandedFile],
    known: KnownExtracts,
    archive_dir: Path,
    read: Callable[[Correction], CorrectedRows],
) -> Corrections:
    """Return the corrections that count: those of the manifest, then new ones among `files`, which `read` opens."""
    found = Corrections()
    rows = connection.execute(
        """
        select source_system, sha256, correction_sha256, correction_name from meta.corrections
        order by landed_at, correction_sha256
        """
    ).fetchall()
    for system, sha256, correction, name in rows:
        found.files[system, sha256].append(Correction(archive_dir / correction, name, correction))
    done = {row[2] for row in rows} | {extract.sha256 for extract in known.by_id.values()}
    for file in files:
        if file.sha256 in done:
            found.unchanged += 1
            continue
        done.add(file.sha256)
        try:
            correction = Correction(archive_file(file, archive_dir), file.name, file.sha256)
            for extract_id, numbers in read(correction).rows.items():
                extract = known.by_id.get(extract_id)
                if extract is None:
                    raise RefusalError(
                        "unknown_quarantine_rows",
                        f"{file.name}: it corrects rows of extract {extract_id}, which has not landed here",
                        f"{file.name}：其中更正的行属于抽取 {extract_id}，但本库中没有该抽取",
                    )
                delivered = (extract.source_system, extract.sha256)
                if correction not in found.files[delivered]:
                    found.files[delivered].append(correction)
                found.new[delivered].append(NewCorrection(file.name, file.sha256, numbers))
        except RefusalError as refusal:
            if refusal.code != "file_changed":
                found.refused.append((file, refusal))
    return found


def correction_job(correction: Correction, folder: Path, threads: int) -> CorrectionJob:
    """Return the question which rows a correction is about, with a folder of its own."""
    own = folder / f"correction-{correction.sha256[:16]}"
    own.mkdir(exist_ok=True)
    return CorrectionJob(correction, own, threads)
