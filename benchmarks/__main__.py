"""`make bench`: companies of several sizes from nothing to published, measured step by step.

Times of different machines, or of one machine on different days, mean nothing side by side: what is compared are
ratios inside one run (docs/performance.md).
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.report import write_report

CHECKOUT = Path(__file__).resolve().parents[1]
LATEST = CHECKOUT / "benchmarks" / "latest.json"
SIZES = (200_000, 2_000_000)


def run_benchmark(sizes: list[int], work: Path) -> dict[str, Any]:
    """Return what each size took: generating, DuckDB alone, refreshing step by step, pages."""
    found: dict[str, Any] = {"machine": _machine(), "start_up_s": _start_up_seconds(), "sizes": {}}
    for tickets in sizes:
        folder = work / str(tickets)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        found["sizes"][str(tickets)] = _one_size(tickets, folder)
        shutil.rmtree(folder)
        found["ratios"] = ratios(found["sizes"])
        # a large company may take an hour: what is known by then is not lost with it
        (work / "so_far.json").write_text(json.dumps(found, indent=2), encoding="utf-8")
    return found


def ratios(sizes: dict[str, Any]) -> dict[str, float]:
    """Return the ratios that this run can tell; the smallest and the largest size are compared."""
    ordered = [sizes[key] for key in sorted(sizes, key=int)]
    small, large = ordered[0], ordered[-1]
    found = {
        "landing_ratio": large["bare_landing"]["wall_s"] / large["refresh"]["steps"]["land"]["wall_s"],
        "refresh_ratio": large["refresh"]["total_s"] / large["yardstick"]["wall_s"],
        "increment_share": _without_start_up(large["increment"]) / _without_start_up(large["refresh"]),
        "page_p95_ms": large["pages"]["page_p95_ms"],
        "peak_gb": max(step["peak_gb"] for step in large["refresh"]["steps"].values()),
    }
    if large is not small:
        between = f"growth_{_short(min(sizes, key=int))}_{_short(max(sizes, key=int))}"
        found[between] = large["refresh"]["total_s"] / small["refresh"]["total_s"]
        found["increment_growth"] = _without_start_up(large["increment"]) / _without_start_up(small["increment"])
    return {name: round(value, 3) for name, value in found.items()}


def _without_start_up(refresh: dict[str, Any]) -> float:
    """Seconds of a refresh from its first step on."""
    return float(refresh["total_s"]) - float(refresh["steps"]["start_up"]["wall_s"])


def _short(tickets: str) -> str:
    """`200k`, `2m`"""
    return f"{int(tickets) // 1_000_000}m" if int(tickets) >= 1_000_000 else f"{int(tickets) // 1_000}k"


def _one_size(tickets: int, folder: Path) -> dict[str, Any]:
    landing, home = folder / "home" / "landing", folder / "home"
    environment = {**_clean_environment(), "AFTERCARE_HOME": str(home)}
    began = time.perf_counter()
    _python(["-m", "demo.company", str(landing), "--tickets", str(tickets)], environment)
    generated = round(time.perf_counter() - began, 2)
    _python(["-m", "benchmarks.last_day", str(landing), str(folder / "day")], environment)
    size_gb = round(sum(file.stat().st_size for file in landing.iterdir()) / 1e9, 3)
    bare, report = folder / "bare.json", folder / "refresh.json"
    _python(["-m", "benchmarks.bare_landing", str(landing), str(folder / "bare.duckdb"), str(bare)], environment)
    (folder / "bare.duckdb").unlink()
    _python(["-m", "benchmarks.measured_refresh", str(report)], environment)
    alone, pages = folder / "yardstick.json", folder / "pages.json"
    _python(["-m", "benchmarks.yardstick", str(home), str(folder / "yardstick.duckdb"), str(alone)], environment)
    (folder / "yardstick.duckdb").unlink()
    slowest = _slowest_models(home)
    for file in (folder / "day").glob("*.csv.gz"):
        file.rename(landing / file.name)
    day = folder / "increment.json"
    _python(["-m", "benchmarks.measured_refresh", str(day)], environment)
    _python(["-m", "benchmarks.pages", str(home), str(pages)], environment)
    return {
        "generate_s": generated,
        "landing_gb": size_gb,
        "bare_landing": json.loads(bare.read_text(encoding="utf-8")),
        "refresh": json.loads(report.read_text(encoding="utf-8")),
        "yardstick": json.loads(alone.read_text(encoding="utf-8")),
        "pages": json.loads(pages.read_text(encoding="utf-8")),
        "slowest_models": slowest,
        "increment": json.loads(day.read_text(encoding="utf-8")),
        "published_gb": round(sum(file.stat().st_size for file in (home / "published").glob("*.duckdb")) / 1e9, 3),
    }


def _slowest_models(home: Path, most: int = 12) -> dict[str, float]:
    """Return the nodes of dbt that took longest, in seconds; a small company has two at a time."""
    results = json.loads((home / "dbt" / "run" / "run_results.json").read_text(encoding="utf-8"))["results"]
    ordered = sorted(results, key=lambda result: -result["execution_time"])[:most]
    return {result["unique_id"].split(".")[2]: round(result["execution_time"], 1) for result in ordered}


def _start_up_seconds() -> float:
    """Return the middle one of five times that `aftercare --help` takes."""
    taken = []
    for _ in range(5):
        began = time.perf_counter()
        _python(["-m", "orchestration.cli", "--help"], _clean_environment())
        taken.append(time.perf_counter() - began)
    return round(sorted(taken)[2], 2)


def _python(arguments: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(  # noqa: S603 - our own modules
        [sys.executable, *arguments], cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments)} failed:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")


def _clean_environment() -> dict[str, str]:
    return {
        name: value for name, value in os.environ.items() if not name.startswith(("AFTERCARE_", "DAGSTER_", "DBT_"))
    }


def _machine() -> dict[str, Any]:
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {"cores": os.cpu_count(), "memory_gb": round(pages / 1e9, 1)}


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure refreshes of companies of several sizes.")
    parser.add_argument("--tickets", default=",".join(map(str, SIZES)), help="sizes, comma-separated")
    parser.add_argument("--work", type=Path, default=CHECKOUT / "target" / "bench", help="folder for homes; emptied")
    parser.add_argument("--dry", action="store_true", help="print the figures, change neither latest.json nor the docs")
    chosen = parser.parse_args()
    found = run_benchmark([int(size) for size in chosen.tickets.split(",")], chosen.work)
    text = json.dumps(found, indent=2) + "\n"
    sys.stdout.write(text)
    if not chosen.dry:
        LATEST.write_text(text, encoding="utf-8")
        write_report(found, CHECKOUT / "docs" / "performance.md")


if __name__ == "__main__":
    main()
