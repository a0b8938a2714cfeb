"""Entry metrics: what gate 1 measures of one mapping entry of one delivered file. Pure functions, no database."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from data_quality.rule import rule

#: Fewer rows than this are no yardstick: losing two of three employees is news, not a broken export.
SMALLEST_BASELINE = 10

_COLUMNS_SHOWN = 12
#: Parts of one export share their extraction time; deliveries that follow each other do not.
_NEXT_DELIVERY = timedelta(hours=1)

_DAY_SECONDS = 86_400


@dataclass(frozen=True)
class Entry:
    """One row of meta.extract_entries with what meta.extracts says about its file. Instants are UTC."""

    extract_id: str
    entry: int
    contract: str
    delivery: str
    state: str
    source_system: str
    file_name: str
    mapping_fingerprint: str
    extracted_at: datetime
    rows_read: int
    rows_loaded: int
    rows_rejected: int
    rows_quarantined: int
    rows_folded: int
    rows_filtered: int
    rows_identical: int
    rows_conflicting: int
    worst_column: str | None
    worst_bad_share: float | None
    last_instant: datetime | None
    mapped_columns: tuple[str, ...]
    unmapped_columns: tuple[str, ...]

    @property
    def rows_accounted(self) -> int:
        return (
            self.rows_loaded
            + self.rows_rejected
            + self.rows_quarantined
            + self.rows_folded
            + self.rows_filtered
            + self.rows_identical
            + self.rows_conflicting
        )

    @property
    def family(self) -> tuple[str, str, str]:
        """Deliveries of the same thing: system, contract, and the file name without its dates and numbers."""
        return self.source_system, self.contract, re.sub(r"\d+", "#", self.file_name.casefold())

    @property
    def layout(self) -> tuple[object, ...]:
        """Deliveries that should have the same columns: same family, same entry of the same mapping."""
        return *self.family, self.entry, self.mapping_fingerprint


@dataclass(frozen=True)
class EntryMetrics:
    """One row of the suite `meta.extract_entries`; a metric that does not apply is None. Shares are 0 to 1."""

    extract_id: str
    entry: int
    contract: str
    file_name: str
    rows_read: int
    rows_usable: int | None
    rows_unaccounted: int
    rows_astray: int | None
    quarantined_share: float
    conflicting_share: float
    identical_share: float
    worst_bad_share: float
    volume_share: float | None
    days_ahead: float | None
    days_behind: float | None
    renamed_columns: int
    missing_columns: int
    new_columns: int
    worst_column: str
    accounted_text: str
    astray_text: str
    volume_text: str
    missing_text: str
    new_text: str


def measure_entries(
    candidates: Sequence[Entry], accepted: Sequence[Entry], rows_in_raw: dict[tuple[str, str], int]
) -> list[EntryMetrics]:
    """Return the metrics of every candidate entry, in their order.

    `accepted` is the history to compare with; `rows_in_raw` counts the rows that really are in the landing table, by
    extract and contract.
    """
    announced: Counter[tuple[str, str]] = Counter()
    per_extract: Counter[str] = Counter()
    first_entry: dict[tuple[str, str], int] = {}
    for entry in candidates:
        key = (entry.extract_id, entry.contract)
        announced[key] += entry.rows_loaded
        per_extract[entry.extract_id] += entry.rows_loaded
        first_entry[key] = min(entry.entry, first_entry.get(key, entry.entry))

    baselines = _baselines(candidates, accepted)
    seen: defaultdict[tuple[object, ...], set[str]] = defaultdict(set)
    metrics = []
    for entry in candidates:
        key = (entry.extract_id, entry.contract)
        # what belongs to the file and table as a whole is said once, with its first entry
        speaks_for_table = first_entry[key] == entry.entry
        metrics.append(
            _measure(
                entry,
                announced=announced[key] if speaks_for_table else None,
                in_raw=rows_in_raw.get(key, 0),
                loaded_in_extract=per_extract[entry.extract_id],
                baseline=baselines.get(key) if speaks_for_table else None,
                changes=_column_changes(entry, accepted, seen),
                accepted=accepted,
            )
        )
        seen[entry.layout] |= set(entry.unmapped_columns)
    return metrics


def _measure(
    entry: Entry,
    *,
    announced: int | None,
    in_raw: int,
    loaded_in_extract: int,
    baseline: tuple[str, int] | None,
    changes: tuple[list[str], list[str]],
    accepted: Sequence[Entry],
) -> EntryMetrics:
    countable = entry.rows_read - entry.rows_filtered - entry.rows_folded
    unusable = entry.rows_rejected + entry.rows_quarantined
    # an entry whose filter leaves nothing is no fault, as long as the file gave rows to another entry
    nothing_usable = entry.rows_read > 0 and entry.rows_loaded == 0 and (unusable > 0 or loaded_in_extract == 0)
    missing, new = changes
    return EntryMetrics(
        extract_id=entry.extract_id,
        entry=entry.entry,
        contract=entry.contract,
        file_name=entry.file_name,
        rows_read=entry.rows_read,
        rows_usable=0 if nothing_usable else None,
        rows_unaccounted=abs(entry.rows_read - entry.rows_accounted),
        rows_astray=None if announced is None else abs(announced - in_raw),
        quarantined_share=_share(unusable, countable),
        conflicting_share=_share(entry.rows_conflicting, entry.rows_read),
        identical_share=_share(entry.rows_identical, entry.rows_read),
        worst_bad_share=entry.worst_bad_share or 0.0,
        volume_share=_share(announced or 0, baseline[1]) if baseline else None,
        days_ahead=_days(entry.last_instant, entry.extracted_at),
        days_behind=_days_behind(entry, accepted),
        renamed_columns=min(len(missing), len(new)),
        missing_columns=0 if new else len(missing),
        new_columns=0 if missing else len(new),
        worst_column=entry.worst_column or "",
        accounted_text=f"{entry.rows_read:,} read, {entry.rows_accounted:,} loaded or explained",
        astray_text="" if announced is None else f"{announced:,} announced, {in_raw:,} found",
        volume_text=f"{announced:,} / {baseline[1]:,}, {baseline[0]}" if baseline else "",
        missing_text=_listed(missing),
        new_text=_listed(new),
    )


def _listed(columns: list[str]) -> str:
    """The first columns: nested JSON has hundreds, which nobody reads."""
    more = f", … (+{len(columns) - _COLUMNS_SHOWN})" if len(columns) > _COLUMNS_SHOWN else ""
    return ", ".join(columns[:_COLUMNS_SHOWN]) + more


def _share(part: int, whole: int) -> float:
    return part / whole if whole > 0 else 0.0


def _days(later: datetime | None, earlier: datetime) -> float | None:
    return None if later is None else (later - earlier).total_seconds() / _DAY_SECONDS


def _days_behind(entry: Entry, accepted: Sequence[Entry]) -> float | None:
    """Days by which a snapshot ends before the newest accepted instant of its system and contract."""
    if entry.delivery != "snapshot" or entry.last_instant is None:
        return None
    known = [
        other.last_instant
        for other in accepted
        if (other.source_system, other.contract) == (entry.source_system, entry.contract) and other.last_instant
    ]
    return _days(max(known), entry.last_instant) if known else None


def _column_changes(
    entry: Entry, accepted: Sequence[Entry], seen: dict[tuple[object, ...], set[str]]
) -> tuple[list[str], list[str]]:
    """Return the columns that vanished and those that appeared since the last accepted delivery of the same layout.

    `seen` are the unmapped columns of the candidates before this one: what is new is told once.
    """
    before = [other for other in accepted if other.layout == entry.layout]
    known = seen.get(entry.layout, set())
    if not before:
        return [], [name for name in entry.unmapped_columns if name not in known]
    last = max(before, key=lambda other: other.extracted_at)
    missing = [name for name in last.mapped_columns if name not in entry.mapped_columns]
    known_before = {*last.mapped_columns, *last.unmapped_columns} | (set() if missing else known)
    return missing, [name for name in entry.unmapped_columns if name not in known_before]


def _baselines(candidates: Sequence[Entry], accepted: Sequence[Entry]) -> dict[tuple[str, str], tuple[str, int]]:
    """Return file name and rows of the delivery that each candidate is compared with, by extract and contract.

    A snapshot is compared with the snapshot before it; that one may be a candidate too, unless it is short itself,
    so that a history landed at once is judged like one landed file by file. A delta or log is compared with the
    accepted version of the same file, if it is a restatement.
    """
    waiting = {entry.extract_id for entry in candidates}
    by_family: dict[tuple[str, str, str], dict[str, list[Entry]]] = defaultdict(lambda: defaultdict(list))
    for entry in (*accepted, *candidates):
        by_family[entry.family][entry.extract_id].append(entry)

    found: dict[tuple[str, str], tuple[str, int]] = {}
    for deliveries in by_family.values():
        usable: list[tuple[Entry, int]] = []
        for entries in sorted(deliveries.values(), key=lambda items: items[0].extracted_at):
            first, rows = entries[0], sum(entry.rows_loaded for entry in entries)
            is_candidate = first.extract_id in waiting
            baseline = _baseline_of(first, usable, waiting) if is_candidate else None
            if baseline is not None:
                found[first.extract_id, first.contract] = baseline
            is_short = baseline is not None and rule("volume").exceeded(_share(rows, baseline[1])) == "critical"
            if not (is_candidate and is_short):
                usable.append((first, rows))
    return found


def _baseline_of(entry: Entry, usable: list[tuple[Entry, int]], waiting: set[str]) -> tuple[str, int] | None:
    for other, rows in reversed(usable):
        is_waiting = other.extract_id in waiting
        if is_waiting and entry.extracted_at - other.extracted_at < _NEXT_DELIVERY:
            continue
        is_same_thing = entry.delivery == other.delivery == "snapshot" or (
            other.file_name == entry.file_name and not is_waiting
        )
        if is_same_thing and rows >= SMALLEST_BASELINE:
            return other.file_name, rows
    return None
