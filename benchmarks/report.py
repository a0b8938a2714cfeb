"""The figures of a benchmark as the tables of docs/performance.md; the words around them are written by people."""

from pathlib import Path
from typing import Any

_BEGIN, _END = "<!-- figures of benchmarks/latest.json: begin -->", "<!-- end -->"


def write_report(found: dict[str, Any], document: Path) -> None:
    """Replace the tables between the marks of the document; raises ValueError when the marks are not there."""
    text = document.read_text(encoding="utf-8")
    if _BEGIN not in text or _END not in text:
        raise ValueError(f"{document} lacks the lines {_BEGIN} and {_END}")
    head, _, rest = text.partition(_BEGIN)
    document.write_text(f"{head}{_BEGIN}\n{tables(found)}\n{_END}{rest.partition(_END)[2]}", encoding="utf-8")


def tables(found: dict[str, Any]) -> str:
    """Return the figures as Markdown: the run, the steps of each size, the ratios."""
    machine = found["machine"]
    parts = [f"{machine['cores']} cores, {machine['memory_gb']} GB; `aftercare --help` {found['start_up_s']} s."]
    for tickets, size in sorted(found["sizes"].items(), key=lambda pair: int(pair[0])):
        parts.append(
            f"\n**{int(tickets):,} tickets** ({size['landing_gb']} GB of CSV.GZ, generated in {size['generate_s']} s; "
            f"published file {size['published_gb']} GB)\n"
        )
        rows = {
            "DuckDB alone reads the CSVs as text": size["bare_landing"],
            "DuckDB alone makes the marts": size["yardstick"],
            **size["refresh"]["steps"],
        }
        parts += _steps(rows, size["refresh"]["total_s"])
        parts.append("\nThe last day of its history, delivered by itself afterwards:\n")
        parts += _steps(size["increment"]["steps"], size["increment"]["total_s"])
        slowest = ", ".join(f"`{name}` {seconds}" for name, seconds in size["slowest_models"].items())
        pages = size["pages"]
        alone = ", ".join(f"{name} {seconds}" for name, seconds in pages["alone_s"].items())
        parts.append(
            f"\nPages, server seconds alone: {alone}. {pages['sessions']} sessions at a time: "
            f"P50 {pages['page_p50_ms']} ms, P95 {pages['page_p95_ms']} ms, peak {pages['peak_gb']} GB."
        )
        parts.append(f"\nLongest in `transform`, seconds: {slowest}.")
    parts.append("\n| ratio | value |\n|---|---|")
    parts += [f"| {name} | {value} |" for name, value in found["ratios"].items()]
    return "\n".join(parts)


def _steps(rows: dict[str, Any], total: float) -> list[str]:
    return [
        "| step | wall s | CPU s | peak GB |\n|---|---|---|---|",
        *(f"| {name} | {row['wall_s']} | {row['cpu_s']} | {row['peak_gb']} |" for name, row in rows.items()),
        f"| whole refresh | {total} | | |",
    ]
