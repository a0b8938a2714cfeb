"""What landing is measured against: DuckDB alone reads every delivered CSV as text into tables of a file.

`python -m benchmarks.bare_landing LANDING FILE REPORT.json`
"""

import json
import sys
from pathlib import Path

import duckdb

from benchmarks.measuring import measuring


def main(landing: Path, file: Path, report: Path) -> None:
    """Read all CSV files of a folder, one table per contract."""
    contracts: dict[str, list[str]] = {}
    for path in sorted(landing.glob("*.csv*")):
        contracts.setdefault(".".join(path.name.split(".")[:2]), []).append(str(path))
    with measuring() as found, duckdb.connect(file) as connection:
        for contract, paths in contracts.items():
            rows = "read_csv($paths, all_varchar = true, union_by_name = true)"
            connection.execute(f'create table "{contract}" as from {rows}', {"paths": paths})
        connection.execute("checkpoint")
    report.write_text(json.dumps(found.rounded()), encoding="utf-8")


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:4]))
