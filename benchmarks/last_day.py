"""Holds back what came on the last day of a demo company's history, so that it can be delivered by itself:
`python -m benchmarks.last_day LANDING FOLDER`. The files of the last month lose those rows."""

import sys
from pathlib import Path

import duckdb

from landing.quoting import identifier, literal

#: By which column a row comes on a day, the first one that has a value.
COMES = {
    "crm.tickets": ("updated_at", "opened_at"),
    "crm.ticket_events": ("occurred_at",),
    "crm.collaborations": ("completed_at", "responded_at", "requested_at"),
    "crm.quality_inspections": ("inspected_at",),
    "erp.work_orders": ("updated_at", "requested_at"),
    "erp.parts_requests": ("available_at", "requested_at"),
    "survey.responses": ("responded_at", "invited_at"),
}


def hold_back(landing: Path, folder: Path) -> int:
    """Move the rows of the last local day of the newest monthly files into the folder; returns how many these are."""
    folder.mkdir(parents=True)
    rows = 0
    with duckdb.connect(":memory:") as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"set temp_directory = {literal(str(folder / 'temp'))}")
        events = _newest(landing, "crm.ticket_events")
        day = _one(connection, f"select max(substr(occurred_at, 1, 10)) from {_rows(events)}")  # noqa: S608
        for contract, columns in COMES.items():
            file = _newest(landing, contract)
            moment = f"coalesce({', '.join(map(identifier, columns))})"
            is_held = f"({moment} >= {literal(day)}) is true"
            held = folder / f"{contract}.{day}.csv.gz"
            kept = folder / f"{file.name}.kept.csv.gz"
            connection.execute(f"copy (from {_rows(file)} where {is_held}) to {literal(str(held))}")
            connection.execute(f"copy (from {_rows(file)} where not {is_held}) to {literal(str(kept))}")
            rows += int(_one(connection, f"select count(*) from {_rows(held)}"))  # noqa: S608
            kept.replace(file)
    return rows


def _newest(landing: Path, contract: str) -> Path:
    return sorted(landing.glob(f"{contract}.*.csv.gz"))[-1]


def _rows(file: Path) -> str:
    return f"read_csv({literal(str(file))}, all_varchar = true, header = true)"


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> str:
    row = connection.execute(query).fetchone()
    assert row is not None  # noqa: S101 - an aggregate without group by has one row
    return str(row[0])


if __name__ == "__main__":
    sys.stdout.write(f"{hold_back(Path(sys.argv[1]), Path(sys.argv[2])):,} rows of the last day\n")
