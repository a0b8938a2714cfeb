"""What goes into the parsing process and what comes back: plain values and paths of Parquet files."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from landing.corrections import Correction
from landing.mapping_model import Mapping
from warehouse.pseudonyms import PseudonymKey


@dataclass(frozen=True)
class ParsingJob:
    """One file under one mapping; `entries` are the positions of the entries that it feeds."""

    archived: Path
    file_name: str
    mapping: Mapping
    entries: tuple[int, ...]
    company_zone: str
    folder: Path
    key: PseudonymKey
    threads: int
    #: Corrected rows to read in the places of the delivered ones, and the earlier readings that they are named after.
    corrections: tuple[Correction, ...] = ()
    earlier_ids: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ParsedEntry:
    """Counts of one entry and the Parquet files with its rows; a path is None where there is nothing."""

    entry: int
    contract: str
    delivery: str
    rows_read: int
    rows_loaded: int
    rows_rejected: int
    rows_quarantined: int
    rows_folded: int
    rows_filtered: int
    rows_identical: int
    rows_conflicting: int
    bad_cells: int
    worst_column: str | None
    worst_bad_share: float | None
    first_instant: datetime | None
    last_instant: datetime | None
    mapped_columns: tuple[str, ...]
    unmapped_columns: tuple[str, ...]
    absent_columns: tuple[str, ...]
    capabilities: tuple[tuple[str, str], ...]
    rows_file: Path | None
    quarantine_file: Path | None
    bad_cells_file: Path | None
    identities_file: Path | None
    #: What a snapshot is the whole of; None for deltas and logs.
    part: str | None = None
    rows_without_key: int = 0

    @property
    def rows_accounted(self) -> int:
        return (
            self.rows_loaded + self.rows_rejected + self.rows_quarantined + self.rows_folded + self.rows_filtered
            + self.rows_identical + self.rows_conflicting
        )  # fmt: skip


@dataclass(frozen=True)
class ParsedFile:
    entries: tuple[ParsedEntry, ...]
