"""What the benchmark measures and how it tells it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.__main__ import ratios
from benchmarks.measuring import measuring
from benchmarks.report import tables, write_report


def _size(land: float, bare: float, total: float, peak: float) -> dict[str, object]:
    row = {"wall_s": land, "cpu_s": land, "peak_gb": peak}
    start_up = {"wall_s": 5, "cpu_s": 5, "peak_gb": 0.3}
    return {
        "generate_s": 1.0,
        "landing_gb": 0.1,
        "published_gb": 0.2,
        "slowest_models": {"measures_tickets": 30.5, "int_case_events": 4.0},
        "bare_landing": {"wall_s": bare, "cpu_s": bare, "peak_gb": 0.5},
        "yardstick": {"wall_s": total / 2, "cpu_s": total, "peak_gb": 1.0},
        "pages": {
            "alone_s": {"overview": 0.5, "regions": 0.4},
            "sessions": 20,
            "page_p50_ms": 300,
            "page_p95_ms": 900,
            "peak_gb": 0.6,
        },
        "refresh": {
            "total_s": total,
            "steps": {"start_up": start_up, "land": row, "transform": {**row, "peak_gb": peak / 2}},
        },
        "increment": {"total_s": 5 + total / 10, "steps": {"start_up": start_up, "merge_increment": row}},
    }


FOUND = {
    "machine": {"cores": 2, "memory_gb": 24.0},
    "start_up_s": 0.4,
    "sizes": {"2000000": _size(40, 24, 330, 5.5), "200000": _size(5, 3, 60, 2.0)},
}


def test_ratios_compare_the_largest_with_the_smallest() -> None:
    assert ratios(FOUND["sizes"]) == {
        "landing_ratio": 0.6,
        "refresh_ratio": 2.0,
        "increment_share": 0.102,
        "increment_growth": 5.5,
        "page_p95_ms": 900,
        "peak_gb": 5.5,
        "growth_200k_2m": 5.5,
    }
    assert "growth_200k_2m" not in ratios({"200000": FOUND["sizes"]["200000"]})


def test_the_tables_replace_those_of_the_last_run(tmp_path: Path) -> None:
    document = tmp_path / "performance.md"
    marks = "<!-- figures of benchmarks/latest.json: begin -->\nold\n<!-- end -->"
    document.write_text(f"before\n{marks}\nafter\n", encoding="utf-8")
    found = {**FOUND, "ratios": ratios(FOUND["sizes"])}
    for _ in range(2):
        write_report(found, document)
    text = document.read_text(encoding="utf-8")
    assert (text.startswith("before\n"), text.endswith("<!-- end -->\nafter\n"), "old" in text) == (True, True, False)
    assert tables(found) in text
    assert text.index("200,000 tickets") < text.index("2,000,000 tickets")
    assert "| land | 40 | 40 | 5.5 |" in text
    assert "| DuckDB alone makes the marts | 165.0 | 330 | 1.0 |" in text
    assert "overview 0.5, regions 0.4. 20 sessions at a time: P50 300 ms, P95 900 ms, peak 0.6 GB." in text
    assert "seconds: `measures_tickets` 30.5, `int_case_events` 4.0." in text
    document.write_text("no marks", encoding="utf-8")
    with pytest.raises(ValueError, match="lacks the lines"):
        write_report(found, document)


def test_children_count() -> None:
    """A child that holds 200 MB and works for a while is in memory and processor time."""
    work = "import time; data = bytearray(200_000_000); end = time.process_time() + 0.5\n"
    work += "while time.process_time() < end: pass"
    with measuring() as found:
        subprocess.run([sys.executable, "-c", work], check=True)
    assert found.peak_gb > 0.2
    assert found.cpu_s >= 0.5
    assert found.wall_s >= 0.5
    assert json.dumps(found.rounded())
