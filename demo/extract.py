"""Extract files as other systems would deliver them: CSV, gzipped CSV and XLSX, the same bytes every time."""

import gzip
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.csv as pa_csv
import xlsxwriter

from warehouse.contract import get_contract

GZIP_LEVEL = 4
ROWS_PER_BLOCK = 200_000
#: No clock may leak into a file.
CREATED_AT = datetime(2025, 1, 1)  # noqa: DTZ001 - the XLSX format knows no zone
_FORMAT = pa_csv.WriteOptions(include_header=False, quoting_style="needed")


def in_contract_order(contract: str, table: pa.Table) -> pa.Table:
    """Return the table with the columns of the contract, in its order; raises KeyError when one is missing."""
    return table.select(list(get_contract(contract).column_names))


def _encoded(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    pa_csv.write_csv(table, sink, _FORMAT)
    return sink.getvalue().to_pybytes()


@dataclass
class CsvExtract:
    """One growing CSV file of a contract; `.gz` names are compressed. Writing happens in a thread of its own."""

    path: Path
    contract: str
    writer: ThreadPoolExecutor
    rows: int = 0
    _stream: IO[bytes] | gzip.GzipFile | None = None
    _file: IO[bytes] | None = None
    _pending: list[Future[None]] = field(default_factory=list)

    def add(self, table: pa.Table) -> None:
        """Append rows in contract format; the file exists after the first call, even if there are none."""
        table = in_contract_order(self.contract, table)
        self.rows += table.num_rows
        # At most one table per file waits, which bounds memory.
        self._settle()
        self._pending.append(self.writer.submit(self._write, table))

    def close(self) -> None:
        self._settle()
        if self._stream is not None and self._file is not None:
            self._stream.close()
            self._file.close()

    def _settle(self) -> None:
        for future in self._pending:
            future.result()
        self._pending.clear()

    def _write(self, table: pa.Table) -> None:
        stream = self._stream or self._started()
        for start in range(0, table.num_rows, ROWS_PER_BLOCK):
            stream.write(_encoded(table.slice(start, ROWS_PER_BLOCK)))

    def _started(self) -> IO[bytes] | gzip.GzipFile:
        """Open the file and write its header; the gzip header carries no name and no time."""
        self._file = self.path.open("wb")
        is_packed = self.path.suffix == ".gz"
        self._stream = gzip.GzipFile("", "wb", GZIP_LEVEL, self._file, mtime=0) if is_packed else self._file
        self._stream.write((",".join(get_contract(self.contract).column_names) + "\n").encode())
        return self._stream


def write_xlsx(path: Path, contract: str, table: pa.Table) -> None:
    """Write a sheet with typed cells: real dates, numbers and booleans, as people's spreadsheets have them."""
    table = in_contract_order(contract, table)
    types = [column.type for column in get_contract(contract).columns]
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    book.set_properties({"created": CREATED_AT})
    sheet = book.add_worksheet("Data")
    bold, day_format = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, table.column_names, bold)
    for number, row in enumerate(_rows(table), start=1):
        for position, (value, kind) in enumerate(zip(row, types, strict=True)):
            if value is None:
                continue
            if kind == "date":
                sheet.write_datetime(number, position, datetime.fromisoformat(value), day_format)
            elif kind in ("number", "integer", "money"):
                sheet.write_number(number, position, float(value))
            elif kind == "boolean":
                sheet.write_boolean(number, position, value == "true")
            else:
                sheet.write_string(number, position, value)
    book.close()


def _rows(table: pa.Table) -> Iterable[Sequence[str | None]]:
    return zip(*(column.to_pylist() for column in table.columns), strict=True)
