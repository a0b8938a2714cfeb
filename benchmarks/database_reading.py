"""`python -m benchmarks.database_reading`: reading PostgreSQL, against the server's own `COPY TO`.

A private server on loopback gets a table of tickets. Each repetition copies it with psql (`\\copy` to a file, as text)
and extracts it to Parquet, one after the other, so that both meet the same machine. What counts is the ratio of the
medians; seconds of different machines or days mean nothing side by side.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from landing.databases.extraction import extract_databases
from landing.delivery import land
from landing.mapping_model import Mapping
from tests.database_servers import PASSWORD, Server, postgres_server
from warehouse.settings import Settings, load_settings

_TABLE = """
create table tickets as
select 10000000000 + n as id, 'INC' || n as number, md5(n::text) as asset,
    timestamptz '2024-01-01Z' + n * interval '31 seconds' as opened,
    timestamptz '2024-01-01Z' + n * interval '31 seconds' + n % 90000 * interval '1 second' as changed,
    case when n % 7 > 0 then timestamp '2024-01-01' + n * interval '32 seconds' end as resolved,
    (array['new', 'assigned', 'resolved', 'closed'])[1 + n % 4] as state, n % 31 as region, n % 5 = 0 as warranty,
    (n % 100000 / 100.0)::numeric(18, 4) as cost, '屏幕不亮，客户第 ' || n % 97 || ' 次来电' as subject
from generate_series(1, {rows}) as n
"""
_COLUMNS = {
    "ticket_id": "id", "opened_at": "opened", "updated_at": "changed", "resolved_at": "resolved", "status": "state",
    "region_id": "region", "asset_id": "asset", "is_warranty": "warranty", "subject": "subject",
}  # fmt: skip


def measure(rows: int, repetitions: int) -> dict[str, float]:
    """Return median seconds of copying, extracting and landing `rows` rows, sizes in MB, and the ratios."""
    work = Path(tempfile.mkdtemp(prefix="aftercare-reading-"))
    try:
        with postgres_server() as server:
            server.run(_TABLE.format(rows=rows), "vacuum analyze tickets", database="crm")
            os.environ["AFTERCARE_DATABASE_CRM"] = server.url()
            return _measure(server, work, repetitions)
    finally:
        shutil.rmtree(work)


def _measure(server: Server, work: Path, repetitions: int) -> dict[str, float]:
    settings = load_settings(home=work / "home", pseudonym_key="the key of a benchmark")
    settings.make_folders()
    entry = {"contract": "crm.tickets", "from": {"database": "crm", "table": "tickets"}, "columns": _COLUMNS}
    mapping = Mapping.model_validate({"system": "bench", "time_zone": "Asia/Shanghai", "tables": [entry]})
    copied = work / "tickets.txt"
    seconds: dict[str, list[float]] = {"copy": [], "extract": []}
    for _ in range(repetitions):
        seconds["copy"].append(_timed(lambda: _copy(server, copied)))
        shutil.rmtree(settings.extracts_dir, ignore_errors=True)
        seconds["extract"].append(_timed(lambda: _extract(settings, mapping)))
    extract = next(settings.extracts_dir.rglob("*.parquet"))
    found = {f"{name}_s": round(statistics.median(each), 2) for name, each in seconds.items()}
    found |= {"copy_mb": round(copied.stat().st_size / 1e6, 1), "extract_mb": round(extract.stat().st_size / 1e6, 1)}
    shutil.rmtree(settings.extracts_dir)
    landed = _timed(lambda: land(settings, run_id="bench", landing_dir=settings.landing_dir, mappings=(mapping,)))
    found["land_s"] = round(landed, 2)
    found["extract_ratio"] = round(found["extract_s"] / found["copy_s"], 2)
    return found


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _copy(server: Server, target: Path) -> None:
    psql = shutil.which("psql") or "psql"
    command = [psql, "-qX", "-h", "127.0.0.1", "-p", str(server.port), "-U", server.user, "-d", "crm"]
    environment = os.environ | {"PGPASSWORD": PASSWORD}
    subprocess.run([*command, "-c", f"\\copy tickets to '{target}'"], check=True, env=environment)  # noqa: S603


def _extract(settings: Settings, mapping: Mapping) -> None:
    for unread in extract_databases(settings, (mapping,), {}, settings.temp_dir):
        raise unread.reason


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repetitions", type=int, default=5)
    arguments = parser.parse_args()
    print(json.dumps(measure(arguments.rows, arguments.repetitions), indent=2))  # noqa: T201
