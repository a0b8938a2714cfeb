"""A preset over its small export: the files of tests/fixtures/presets/<system>, parsed in this process."""

import csv
import io
import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from landing.landing_folder import match_file
from landing.mapping import contract_mapping, load_mappings
from landing.mapping_model import Mapping
from tests.unit.landing.conftest import ZONE, Bench, Rows

TESTS = Path(__file__).parents[3]
PRESETS = TESTS.parent / "sources" / "presets"
FIXTURES = TESTS / "fixtures" / "presets"

#: Columns of an event that a test compares, in this order; trailing nulls are left out.
_EVENT = ("event_type", "occurred_at", "status", "team_id", "agent_id", "actor", "is_public")


@dataclass(frozen=True)
class Landed:
    """What a preset makes of all files of its fixture, with people and customers under their own ids again."""

    mapping: Mapping
    entries: tuple[Rows, ...]

    def rows(self, contract: str, key: str) -> dict[str, dict[str, Any]]:
        """Rows of a contract by a column that is unique in it."""
        found = list(self._rows(contract))
        by_key = {row[key]: row for row in found}
        assert len(by_key) == len(found), f"{key} is not unique in {contract}"
        return by_key

    def events(self, ticket: str) -> list[tuple[Any, ...]]:
        """Events of a ticket in the order of the warehouse, by time and sequence; one for each key."""
        keys = ("event_type", "occurred_at", "sequence")
        rows = [row for row in self._rows("crm.ticket_events") if row["ticket_id"] == ticket]
        own = list({tuple(row[key] for key in keys): row for row in rows}.values())
        own.sort(key=lambda row: (row["occurred_at"], row["sequence"] if row["sequence"] is not None else -1))
        return [_trimmed(tuple(row.get(column) for column in _EVENT)) for row in own]

    @property
    def sequences_agree(self) -> bool:
        """False when an event has a higher sequence than one that happened later: it would be put out."""
        events = [row for row in self._rows("crm.ticket_events") if row["sequence"] is not None]
        ordered = sorted(events, key=lambda row: (row["ticket_id"], row["sequence"]))
        pairs = itertools.pairwise(ordered)
        return all(a["ticket_id"] != b["ticket_id"] or a["occurred_at"] <= b["occurred_at"] for a, b in pairs)

    @property
    def bad_cells(self) -> list[tuple[str, Any]]:
        return [(cell["column_name"], cell["value"]) for entry in self.entries for cell in entry.bad_cells]

    @property
    def quarantine(self) -> list[tuple[str, Any, str]]:
        return [
            (row["column_name"], row["value"], row["reason_code"]) for entry in self.entries for row in entry.quarantine
        ]

    def _rows(self, contract: str) -> Iterator[dict[str, Any]]:
        for entry in self.entries:
            names = {row["pseudonym"]: row["identifier"] for row in entry.identities}
            for row in entry.rows if entry.entry.contract == contract else ():
                yield {
                    "sequence": None,
                    **{column: names.get(value, value) if isinstance(value, str) else value
                       for column, value in row.items()},
                }  # fmt: skip


def _trimmed(event: tuple[Any, ...]) -> tuple[Any, ...]:
    end = max((position for position, value in enumerate(event) if value is not None), default=-1)
    return event[: end + 1]


def at(text: str) -> datetime:
    """An instant in UTC, as `03-30 01:15` of 2025 or with its year, with or without seconds."""
    full = text if len(text.split()[0]) == 10 else f"2025-{text}"
    return datetime.fromisoformat(full)


@pytest.fixture(scope="session")
def land_preset(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Landed]:
    def land(preset: str, files: dict[str, bytes], zone: str | None = None) -> Landed:
        [mapping] = load_mappings(PRESETS / f"{preset}.yml")
        if zone:
            mapping = mapping.model_copy(update={"time_zone": zone})
        bench = Bench(tmp_path_factory.mktemp(preset))
        entries: list[Rows] = []
        for name, content in sorted(files.items()):
            assert match_file(name, (mapping,), contract_mapping(ZONE))[0].mapping is mapping, name
            entries.extend(bench.parse(name, content, mapping, folder=name))
        return Landed(mapping, tuple(entries))

    return land


def fixture_files(system: str) -> dict[str, bytes]:
    """The files of a fixture by name."""
    return {path.name: path.read_bytes() for path in sorted((FIXTURES / system).iterdir())}


def workbook_of(content: bytes, sheet: str = "Sheet1", text_columns: tuple[str, ...] = ()) -> bytes:
    """The rows of a CSV as a workbook, with typed cells: times, numbers, truth."""
    buffer = io.BytesIO()
    header, *rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    with xlsxwriter.Workbook(buffer) as book:
        page = book.add_worksheet(sheet)
        page.write_row(0, 0, header)
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for number, row in enumerate(rows, start=1):
            for position, cell in enumerate(row):
                if re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", cell):
                    page.write_datetime(number, position, datetime.fromisoformat(cell), moment)
                elif cell in ("True", "False"):
                    page.write_boolean(number, position, cell == "True")
                elif re.fullmatch(r"\d+(\.\d+)?", cell) and header[position] not in text_columns:
                    page.write_number(number, position, float(cell))
                elif cell:
                    page.write_string(number, position, cell)
    return buffer.getvalue()


def shown(row: dict[str, Any], *columns: str) -> tuple[Any, ...]:
    return tuple(row.get(column) for column in columns)
