"""kill -9 in the middle of landing: afterwards an extract is there as a whole or not at all, and the next run heals."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from landing.delivery import land
from warehouse.settings import Settings, load_settings

CHECKOUT = Path(__file__).parents[3]
ROWS = 60_000
FILES = 3

_RUN = """
import sys
from pathlib import Path
from landing.delivery import land
from warehouse.settings import load_settings

if __name__ == "__main__":
    settings = load_settings(home=Path(sys.argv[1]), threads=1, memory_limit="512MB")
    land(settings, run_id="killed", landing_dir=settings.landing_dir, mappings=())
"""


def _deliver(settings: Settings) -> None:
    settings.make_folders()
    for number in range(FILES):
        lines = "".join(f"T{number}-{row},2025-10-31 10:00,K{row}\n" for row in range(ROWS))
        (settings.landing_dir / f"crm.tickets.{number}.csv").write_text("ticket_id,opened_at,customer_id\n" + lines)


def _state(settings: Settings) -> dict[str, int]:
    """Rows in raw per extract of the manifest; fails when they are not whole."""
    with duckdb.connect(str(settings.warehouse_file), read_only=True) as connection:
        rows = connection.execute(
            """
            select coalesce(extracts.extract_id, rows._extract_id), rows_loaded, count(rows._extract_id)
            from meta.extracts
            inner join meta.extract_entries using (extract_id)
            full join raw.crm__tickets as rows on rows._extract_id = extracts.extract_id
            group by all
            """
        ).fetchall()
    assert all(promised == found for _, promised, found in rows), rows
    return {extract_id: found for extract_id, _, found in rows}


@pytest.mark.parametrize("seconds", [1.2, 2.0, 2.8])
def test_all_or_nothing(tmp_path: Path, seconds: float) -> None:
    settings = load_settings(home=tmp_path / "home", threads=1, memory_limit="512MB")
    _deliver(settings)
    script = tmp_path / "run.py"
    script.write_text(_RUN)
    process = subprocess.Popen(
        [sys.executable, str(script), str(settings.home)], cwd=CHECKOUT, env=os.environ | {"PYTHONPATH": str(CHECKOUT)}
    )
    deadline = time.monotonic() + 30
    while not settings.warehouse_file.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    process.wait()

    survived = _state(settings) if _has_manifest(settings) else {}
    report = land(settings, run_id="next", landing_dir=settings.landing_dir, mappings=())
    assert report.unchanged == len(survived)
    assert len(report.landed) == FILES - len(survived)
    assert sorted(_state(settings).values()) == [ROWS] * FILES
    assert list(settings.temp_dir.glob("landing-*")) == []


def _has_manifest(settings: Settings) -> bool:
    with duckdb.connect(str(settings.warehouse_file), read_only=True) as connection:
        row = connection.execute(
            "select count(*) from duckdb_tables() where schema_name = 'meta' and table_name = 'extract_entries'"
        ).fetchone()
    return bool(row and row[0])
