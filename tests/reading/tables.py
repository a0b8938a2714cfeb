"""The input of the independent reading: contract tables as frames, reference data, and the context of a run."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from warehouse.contract import get_contract

Row = dict[str, Any]

#: Before and after everything, in naive UTC like all instants here.
BEGINNING, END_OF_TIME = datetime(1, 1, 1), datetime(9999, 12, 31)

#: The readers' own copy of the stages (ruling E6); the product's seed has to be the same.
STAGES_FILE = Path(__file__).parent / "stages.csv"
#: The readers' own copy of the terms of hidden_complaint_rate; the product's seed has to be the same.
TERMS_FILE = Path(__file__).parent / "comment_terms.csv"


@dataclass(frozen=True)
class Seeds:
    """Reference data as lists of rows of text; empty text is None."""

    regions: list[Row]
    root_causes: list[Row]
    sla_policies: list[Row]
    working_days: list[Row]
    working_hours: list[Row]
    exclusion_rules: list[Row]
    stages: list[Row]
    exchange_rates: list[Row]
    comment_terms: list[Row]


@dataclass(frozen=True)
class Context:
    """What a run knows beside the data: its as-of instant (naive UTC) and the company's zone and calendar."""

    as_of: datetime
    zone: str = "Asia/Shanghai"
    calendar_id: str = "CN"
    currency: str = "CNY"


@dataclass(frozen=True)
class Evidence:
    """What each source system can know (ruling B21): event types its mapping can produce, columns it states."""

    event_types: Mapping[str, frozenset[str]]
    ticket_columns: Mapping[str, frozenset[str]]
    event_columns: Mapping[str, frozenset[str]]

    def has_event(self, system: str, event_types: Iterable[str]) -> bool:
        """True where the system can tell of one of these kinds of events."""
        return bool(self.event_types.get(system, frozenset()) & frozenset(event_types))

    def has_column(self, system: str, *names: str) -> bool:
        """True where the system delivers one of these columns of tickets."""
        return bool(self.ticket_columns.get(system, frozenset()) & frozenset(names))

    def has_event_column(self, system: str, name: str) -> bool:
        """True where the system states this column of events."""
        return name in self.event_columns.get(system, frozenset())


@dataclass(frozen=True)
class Tables:
    """The landed rows of each contract in all versions, with `_source_system`, `_extracted_at`, `_row_number`."""

    frames: Mapping[str, pd.DataFrame]

    def current(self, contract: str) -> list[Row]:
        """Return the valid version of every key (rulings B1, B2, B3)."""
        frame = self.frames.get(contract)
        return [] if frame is None else current_rows(as_rows(frame), contract)

    def without(self, contract: str) -> "Tables":
        """Return the tables as if a contract had never landed."""
        return Tables({name: frame for name, frame in self.frames.items() if name != contract})


def as_rows(frame: pd.DataFrame) -> list[Row]:
    """Return the rows of a frame as dicts with None for everything missing and datetimes for instants."""
    return [{str(name): _plain(value) for name, value in row.items()} for row in frame.to_dict("records")]


def _plain(value: Any) -> Any:
    if value is None or value is pd.NaT or (isinstance(value, float) and value != value):
        return None
    return value.to_pydatetime() if isinstance(value, pd.Timestamp) else value


def current_rows(rows: Iterable[Row], contract_name: str) -> list[Row]:
    """Return the last version of every key: newest `updated_at` (null loses), then last landed."""
    contract = get_contract(contract_name)
    versions: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in rows:
        if all(row.get(name) is not None for name in contract.required_columns):
            versions[tuple(row.get(name) for name in contract.key)].append(row)

    def rank(row: Row) -> tuple[Any, ...]:
        updated = row.get(contract.version_column) if contract.version_column else None
        return (updated is not None, updated or BEGINNING, *landing_order(row))

    return [max(group, key=rank) for group in versions.values()]


def landing_order(row: Row) -> tuple[datetime, int]:
    return row["_extracted_at"], row["_row_number"]


def read_seeds(folder: Path) -> Seeds:
    """Read the seeds of a company from CSV files; a company without rates has none."""

    def read(name: str) -> list[Row]:
        return read_csv(folder / f"{name}.csv")

    return Seeds(
        read("regions"),
        read("root_causes"),
        read("sla_policies"),
        read("working_days"),
        read("working_hours"),
        read("exclusion_rules"),
        read_csv(STAGES_FILE),
        read("exchange_rates") if (folder / "exchange_rates.csv").exists() else [],
        read_csv(TERMS_FILE),
    )


def read_csv(path: Path) -> list[Row]:
    """Return the rows of a CSV file as text, None for empty text."""
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    return [{str(k): v or None for k, v in row.items()} for row in frame.to_dict("records")]


def as_known(row: Row, names: Iterable[str], as_of: datetime) -> Row:
    """Return a row as of an instant: the named instants after it are not known yet (ruling A13)."""
    return row | {name: None if row.get(name) and row[name] > as_of else row.get(name) for name in names}


def as_date(value: Any) -> date | None:
    """Return a local date from text, a date or a datetime."""
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
