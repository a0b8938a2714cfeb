"""A small warehouse that tests fill with extracts, in the shape in which landing leaves it."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from warehouse.connections import writer
from warehouse.contract import get_contract
from warehouse.manifest import ExtractState, list_extracts, prepare_warehouse
from warehouse.operations import OperationsStore
from warehouse.settings import Settings, load_settings

MONDAY = datetime(2025, 10, 6, 2)


class Warehouse:
    """Lands extracts by hand: rows into raw, one row into each manifest table."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        with writer(settings.warehouse_file, settings) as connection:
            prepare_warehouse(connection)

    def land(
        self,
        extract_id: str,
        contract: str = "survey.responses",
        rows: int | Sequence[dict[str, Any]] = 100,
        *,
        file_name: str | None = None,
        day: int = 0,
        state: ExtractState = ExtractState.CANDIDATE,
        run_id: str = "run-1",
        delivery: str = "snapshot",
        system: str = "crm",
        fingerprint: str = "m1",
        reason: str | None = None,
        rows_in_raw: int | None = None,
        **entry: Any,
    ) -> None:
        """Land one extract with one entry; `entry` overrides what meta.extract_entries says about it."""
        table = get_contract(contract)
        landed_at = MONDAY + timedelta(days=day)
        file_name = file_name or f"{contract}_{landed_at:%Y%m%d}.csv"
        values = self._rows(contract, rows)
        counts = dict.fromkeys(
            ("rows_rejected", "rows_quarantined", "rows_folded", "rows_filtered", "rows_identical", "rows_conflicting",
             "bad_cells"), 0,
        )  # fmt: skip
        written = {
            "extract_id": extract_id, "entry": 0, "contract": contract, "delivery": delivery,
            "rows_loaded": len(values), "first_instant": landed_at - timedelta(days=30),
            "last_instant": landed_at - timedelta(hours=3), "worst_column": None, "worst_bad_share": 0.0,
            "mapped_columns": list(table.column_names), "unmapped_columns": [], **counts, **entry,
        }  # fmt: skip
        written.setdefault(
            "rows_read", written["rows_loaded"] + sum(written[name] for name in counts if name != "bad_cells")
        )
        with writer(self.settings.warehouse_file, self.settings) as connection:
            connection.execute(
                """
                insert into meta.extracts by name select $id as extract_id, $system as source_system, 'm' as mapping,
                    $fingerprint as mapping_fingerprint, $file as file_name, md5($id) as sha256, 1 as bytes,
                    $at as extracted_at, $at as loaded_at, $run as run_id, $state as state,
                    $reason as reason_code, $reason as reason_en, $reason as reason_zh, $at as state_changed_at
                """,
                {"id": extract_id, "system": system, "fingerprint": fingerprint, "file": file_name, "at": landed_at,
                 "run": run_id, "state": str(state), "reason": reason},
            )  # fmt: skip
            self._insert(connection, "meta.extract_entries", [written])
            lineage = {
                "_source_system": system, "_extract_id": extract_id, "_extract_file": file_name,
                "_extracted_at": landed_at, "_loaded_at": landed_at,
            }  # fmt: skip
            kept = values if rows_in_raw is None else values[:rows_in_raw]
            self._insert(
                connection,
                f"raw.{table.raw_table}",
                [{**lineage, "_row_number": number, **row} for number, row in enumerate(kept, 1)],
            )

    def _rows(self, contract: str, rows: int | Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        if not isinstance(rows, int):
            return list(rows)
        samples: dict[str, Any] = {
            "id": "X{}", "text": "2025-Q4", "instant": MONDAY, "date": MONDAY.date(), "integer": 1, "number": 10.0,
            "money": 10, "boolean": True,
        }  # fmt: skip
        columns = get_contract(contract).columns
        return [
            {
                column.name: column.values[0]
                if column.values
                else samples["id"].format(number)
                if column.type == "id"
                else samples[column.type]
                for column in columns
            }
            for number in range(rows)
        ]

    @staticmethod
    def _insert(connection: Any, table: str, rows: list[dict[str, Any]]) -> None:
        if not rows:
            return
        names = ", ".join(rows[0])
        connection.register("landed", pa.Table.from_pylist(rows))
        connection.execute(f"insert into {table} ({names}) select {names} from landed")
        connection.unregister("landed")

    def execute(self, sql: str) -> None:
        with writer(self.settings.warehouse_file, self.settings) as connection:
            connection.execute(sql)

    def states(self) -> dict[str, ExtractState]:
        with writer(self.settings.warehouse_file, self.settings) as connection:
            return {extract.extract_id: extract.state for extract in list_extracts(connection)}

    def reasons(self) -> dict[str, tuple[str | None, str | None, str | None]]:
        with writer(self.settings.warehouse_file, self.settings) as connection:
            return {
                item.extract_id: (item.reason_code, item.reason_en, item.reason_zh)
                for item in list_extracts(connection)
            }


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = load_settings(home=tmp_path / "home", threads=2, memory_limit="1GB")
    made.make_folders()
    return made


@pytest.fixture
def store(settings: Settings) -> OperationsStore:
    return OperationsStore(settings)


@pytest.fixture
def warehouse(settings: Settings) -> Iterator[Warehouse]:
    return Warehouse(settings)
