"""What landing one large file costs, format by format, against DuckDB alone reading it as text into a table.

`python -m benchmarks.formats WORK [--gigabytes 1] [--formats csv,parquet,jsonl]` prints one line of JSON per format.
Sizes are those of the CSV file; the other formats hold the same rows.
"""

import argparse
import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb

from benchmarks.measuring import measuring

CHECKOUT = Path(__file__).resolve().parents[1]
_ROWS_PER_GIGABYTE = 7_300_000
_STEM = "crm.ticket_events.2025"


@dataclass(frozen=True)
class Format:
    """How DuckDB writes the rows of a format, and how it reads them as text on its own."""

    options: str
    scan: str


FORMATS = {
    "csv": Format("format csv, header", "read_csv($path, all_varchar = true)"),
    "parquet": Format("format parquet", "read_parquet($path)"),
    "jsonl": Format("format json", "read_ndjson($path, columns = {columns})"),
}
_COLUMNS = ("ticket_id", "event_type", "occurred_at", "sequence", "status", "team_id", "agent_id", "actor", "note")


def write_events(path: Path, options: str, rows: int) -> None:
    """Write that many ticket events: plain ids, times with zone, a note in both languages."""
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(
            f"""
            copy (
                select 'T-' || lpad((n // 8)::varchar, 9, '0') as ticket_id,
                    ['created', 'assigned', 'first_response', 'status_changed'][n % 4 + 1] as event_type,
                    strftime(timestamp '2025-01-01' + to_seconds(n * 3), '%Y-%m-%dT%H:%M:%S+08:00') as occurred_at,
                    n % 8 as sequence, ['new', 'assigned', 'in_progress', 'resolved'][n % 4 + 1] as status,
                    'TEAM-' || n % 97 as team_id, 'AGENT-' || n % 4001 as agent_id, 'agent' as actor,
                    '已联系客户，安排上门 called back, case ' || hash(n)::varchar as note
                from range({rows}) as numbers(n)
            ) to '{path}' ({options})
            """  # noqa: S608 - our own numbers and paths
        )


def read_bare(path: Path, scan: str, database: Path) -> dict[str, float]:
    """Read the file as text into a table of a DuckDB file; return what it took."""
    texts = "{" + ", ".join(f"'{column}': 'varchar'" for column in _COLUMNS) + "}"
    with measuring() as found, duckdb.connect(database) as connection:
        connection.execute(
            f"create table events as select columns(*)::varchar from {scan.replace('{columns}', texts)}",  # noqa: S608
            {"path": str(path)},
        )
        connection.execute("checkpoint")
    return found.rounded()


def land_file(landing: Path, home: Path) -> dict[str, float]:
    """Land the folder into a new home, as `aftercare land` does; return what it took and the rows."""
    from landing.delivery import land
    from warehouse.settings import load_settings

    settings = load_settings(home=home)
    with measuring() as found:
        report = land(settings, run_id="bench", landing_dir=landing, mappings=())
    if report.refused or len(report.landed) != 1:
        raise SystemExit(f"not landed: {[extract.reason_en for extract in report.refused]}")
    return found.rounded() | {"rows": report.landed[0].rows_loaded}


def measure(name: str, rows: int, work: Path) -> dict[str, object]:
    """Return size, both times and their ratio of one format; each side runs in a process of its own."""
    folder = work / name
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "landing").mkdir(parents=True)
    path = folder / "landing" / f"{_STEM}.{name}"
    write_events(path, FORMATS[name].options, rows)
    bare = _in_own_process("bare", name, path, folder / "bare.duckdb")
    landed = _in_own_process("land", name, path.parent, folder / "home")
    found = {"format": name, "gb": round(path.stat().st_size / 1e9, 3), "bare": bare, "land": landed,
             "ratio": round(bare["wall_s"] / landed["wall_s"], 2)}  # fmt: skip
    shutil.rmtree(folder)
    return found


def _in_own_process(side: str, name: str, source: Path, target: Path) -> dict[str, float]:
    done = subprocess.run(  # noqa: S603 - this module
        [sys.executable, "-m", "benchmarks.formats", str(target), "--side", side, "--formats", name, "--from",
         str(source)],
        cwd=CHECKOUT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"{side} {name} failed:\n{done.stderr[-4000:]}")
    measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return measured


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the landing of one large file, format by format.")
    parser.add_argument("work", type=Path, help="folder for files and homes")
    parser.add_argument("--gigabytes", type=float, default=1.0)
    parser.add_argument("--formats", default=",".join(FORMATS))
    parser.add_argument("--side", choices=("bare", "land"), help=argparse.SUPPRESS)
    parser.add_argument("--from", dest="source", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.side == "bare":
        print(json.dumps(read_bare(chosen.source, FORMATS[chosen.formats].scan, chosen.work)))  # noqa: T201
    elif chosen.side == "land":
        print(json.dumps(land_file(chosen.source, chosen.work)))  # noqa: T201
    else:
        rows = int(chosen.gigabytes * _ROWS_PER_GIGABYTE)
        for name in chosen.formats.split(","):
            print(json.dumps(measure(name, rows, chosen.work)), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
