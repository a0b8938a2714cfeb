"""Who gets which file: histories, monthly deltas, snapshots and workbooks of one run."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from demo.clock import Window
from demo.dirt import Dirt
from demo.extract import CsvExtract, write_xlsx


@dataclass
class Delivery:
    """The files of one run: names in the order of their first rows, rows per contract (dirt included)."""

    directory: Path
    window: Window
    dirt: Dirt
    writer: ThreadPoolExecutor
    files: list[str] = field(default_factory=list)
    rows: Counter[str] = field(default_factory=Counter)
    _open: dict[tuple[str, int], CsvExtract] = field(default_factory=dict)

    def add(self, contract: str, position: int, table: pa.Table) -> None:
        """Append a table to the delivery `position` (0 is the history) of a contract; no rows, no file."""
        if not table.num_rows:
            return
        key = (contract, position)
        if key not in self._open:
            name = f"{contract}.{self.window.qualifiers[position]}.csv.gz"
            self._open[key] = CsvExtract(self.directory / name, contract, self.writer)
            self.files.append(name)
        self._open[key].add(table)
        self.rows[contract] += table.num_rows

    def snapshot(self, contract: str, table: pa.Table) -> None:
        extract = CsvExtract(self.directory / f"{contract}.csv", contract, self.writer)
        extract.add(table)
        extract.close()
        self.files.append(extract.path.name)
        self.rows[contract] += table.num_rows

    def workbook(self, contract: str, table: pa.Table) -> None:
        name = f"{contract}.xlsx"
        write_xlsx(self.directory / name, contract, table)
        self.files.append(name)
        self.rows[contract] += table.num_rows

    def close(self) -> None:
        for extract in self._open.values():
            extract.close()
