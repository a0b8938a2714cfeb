"""kill -9 at any moment of landing: an extract is there as a whole or not at all, and the next run heals."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from landing.delivery import land
from landing.mapping import load_mappings
from tests.unit.landing.conftest import InProcessParser
from warehouse.settings import Settings, load_settings

CHECKOUT = Path(__file__).parents[3]
ROWS = 6_000
FILES = 4
_TABLES = ("raw.crm__tickets", "raw.crm__ticket_events", "meta.quarantine", "meta.bad_cells", "private.identities")

_MAPPING = """
system: acme
time_zone: UTC
tables:
  - contract: crm.tickets
    from: {files: 'in_*.csv'}
    columns: {ticket_id: id, opened_at: opened, customer_id: customer, priority: priority}
  - contract: crm.ticket_events
    from: {files: 'in_*.csv'}
    columns: {ticket_id: id, event_type: {const: created}, occurred_at: opened}
"""

_KEY = "a key for the tests only"

_RUN = """
import resource, signal, sys
from pathlib import Path
from landing.delivery import land
from landing.mapping import load_mappings
from warehouse.settings import load_settings

if __name__ == "__main__":
    if len(sys.argv) > 2:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
    settings = load_settings(home=Path(sys.argv[1]), threads=1, memory_limit="512MB")
    mappings = load_mappings(settings.home / "acme.yml")
    land(settings, run_id="killed", landing_dir=settings.landing_dir, mappings=mappings)
"""


def _site(home: Path) -> Settings:
    settings = load_settings(home=home, threads=1, memory_limit="512MB", pseudonym_key=_KEY)
    settings.make_folders()
    (home / "acme.yml").write_text(_MAPPING)
    return settings


def _deliver(settings: Settings, number: int) -> None:
    """A file with good rows, rows for the quarantine and bad cells."""
    lines = "".join(
        f"T{number}-{row},{'' if row % 500 == 0 else '2025-10-31 10:00'},K{row},{'p1' if row % 300 else 'urgent'}\n"
        for row in range(ROWS)
    )
    (settings.landing_dir / f"in_{number}.csv").write_text("id,opened,customer,priority\n" + lines)


def _land_here(settings: Settings) -> None:
    report = land(
        settings, run_id="next", landing_dir=settings.landing_dir, mappings=load_mappings(settings.home / "acme.yml")
    )
    assert not report.refused


def _start(settings: Settings, *arguments: str) -> subprocess.Popen[bytes]:
    script = settings.home / "run.py"
    script.write_text(_RUN)
    return subprocess.Popen(
        [sys.executable, str(script), str(settings.home), *arguments], cwd=CHECKOUT, stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(CHECKOUT), "AFTERCARE_PSEUDONYM_KEY": _KEY}, start_new_session=True,
    )  # fmt: skip


def _landed(settings: Settings) -> dict[str, list[tuple[object, ...]]]:
    """Rows and checksums by table, without what tells one run from another."""
    of_the_run = "_loaded_at, _extracted_at, quarantined_at"
    with duckdb.connect(str(settings.warehouse_file), read_only=True) as connection:
        found = {}
        for table in _TABLES:
            columns = [row[0] for row in connection.execute(f"describe {table}").fetchall()]
            listed = ", ".join(f'"{name}"' for name in columns if name not in of_the_run.split(", "))
            found[table] = connection.execute(f"select count(*), sum(hash({listed})::hugeint) from {table}").fetchall()
        found["manifest"] = connection.execute(
            "select extract_id, file_name, sha256, state from meta.extracts order by all"
        ).fetchall()
        found["entries"] = connection.execute(
            "select extract_id, entry, rows_read, rows_loaded, rows_quarantined, bad_cells from meta.extract_entries"
            " order by all"
        ).fetchall()
    return found


def _assert_whole(settings: Settings) -> None:
    """Every extract of the manifest has the rows that it promises, and no row is without one."""
    with duckdb.connect(str(settings.warehouse_file), read_only=True) as connection:
        if not connection.execute("select 1 from duckdb_tables() where table_name = 'extract_entries'").fetchone():
            return
        rows = connection.execute(
            """
            select coalesce(entries.extract_id, rows._extract_id), rows_loaded, count(rows._extract_id)
            from (from meta.extract_entries semi join meta.extracts using (extract_id) where contract = 'crm.tickets')
                as entries
            full join raw.crm__tickets as rows on rows._extract_id = entries.extract_id
            group by all
            """
        ).fetchall()
    assert all(promised == found for _, promised, found in rows), rows


def _assert_nothing_left(settings: Settings) -> None:
    assert list(settings.temp_dir.iterdir()) == []
    with duckdb.connect(str(settings.warehouse_file), read_only=True) as connection:
        known = {row[0] for row in connection.execute("select distinct sha256 from meta.extracts").fetchall()}
    assert {path.name for path in settings.archive_dir.iterdir()} == known


def _kill_at_random(tmp_path: Path, seed: int, kills: int) -> None:
    draws = random.Random(seed)  # noqa: S311 - no secret
    settings, undisturbed = _site(tmp_path / "home"), _site(tmp_path / "undisturbed")
    for number in range(FILES):
        _deliver(undisturbed, number)
    _land_here(undisturbed)
    delivered = 0
    for kill in range(kills):
        # some files come between one kill and the next
        while delivered < FILES and (delivered == 0 or kill * FILES >= delivered * kills):
            _deliver(settings, delivered)
            delivered += 1
        process = _start(settings)
        deadline = time.monotonic() + 120
        while process.poll() is None and not list(settings.temp_dir.glob(f"landing-{process.pid}-*")):
            assert time.monotonic() < deadline
            time.sleep(0.005)
        time.sleep(draws.choice((0.01, 0.1, 0.5, 1.5, 3)) * draws.random())
        os.killpg(process.pid, signal.SIGKILL) if draws.random() < 0.5 else process.kill()
        process.wait()
        if settings.warehouse_file.exists():
            _assert_whole(settings)
    for number in range(delivered, FILES):
        _deliver(settings, number)
    _land_here(settings)
    assert _landed(settings) == _landed(undisturbed)
    _assert_nothing_left(settings)


@pytest.fixture(autouse=True)
def _in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """The runs that are not killed parse here; the killed ones have their parsing process."""
    monkeypatch.setattr("landing.delivery.Parser", InProcessParser)


def test_five_kills(tmp_path: Path) -> None:
    _kill_at_random(tmp_path, seed=1, kills=5)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(10))
def test_a_hundred_kills(tmp_path: Path, seed: int) -> None:
    _kill_at_random(tmp_path, seed=1_000 + seed, kills=10)


@pytest.mark.parametrize("largest_file", [100_000, 700_000, 2_000_000])
def test_a_full_disk_loses_nothing(tmp_path: Path, largest_file: int) -> None:
    """No file may grow beyond a size: copies, parsed rows or the warehouse cannot be written."""
    settings, undisturbed = _site(tmp_path / "home"), _site(tmp_path / "undisturbed")
    for site in (settings, undisturbed):
        _deliver(site, 0)
    process = _start(settings, str(largest_file))
    _, said = process.communicate(timeout=120)
    assert process.returncode != 0, said
    if settings.warehouse_file.exists():
        _assert_whole(settings)
    for site in (settings, undisturbed):
        _land_here(site)
    assert _landed(settings) == _landed(undisturbed)
    _assert_nothing_left(settings)
