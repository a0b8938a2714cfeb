"""A large company's models are built one by one, so that two of them do not push each other to disk."""

import duckdb
import pytest

from orchestration.dbt_runner import models_at_a_time
from warehouse.manifest import landed_rows, prepare_warehouse


def test_rows_of_accepted_extracts_decide() -> None:
    with duckdb.connect() as connection:
        prepare_warehouse(connection)
        assert landed_rows(connection) == 0
        for extract, state, rows in (("a", "accepted", 3_000_000), ("b", "accepted", 2_000_001), ("c", "withdrawn", 9)):
            connection.execute(
                "insert into meta.extracts by name select $id as extract_id, 's' as source_system, 'm' as mapping,"
                " 'f' as mapping_fingerprint, 'n' as file_name, 'x' as sha256, 1 as bytes, 'r' as run_id,"
                " timestamp '2025-01-01' as extracted_at, timestamp '2025-01-01' as loaded_at, $state as state,"
                " timestamp '2025-01-01' as state_changed_at",
                {"id": extract, "state": state},
            )
            counts = ("rejected", "quarantined", "folded", "filtered", "identical", "conflicting")
            connection.execute(
                "insert into meta.extract_entries by name select $id as extract_id, 1 as entry,"
                " 'crm.tickets' as contract, 'delta' as delivery, $rows as rows_read, $rows as rows_loaded,"
                " 0 as bad_cells,"
                f" {', '.join(f'0 as rows_{name}' for name in counts)}, [] as mapped_columns, [] as unmapped_columns",
                {"id": extract, "rows": rows},
            )
        assert landed_rows(connection) == 5_000_001


@pytest.mark.parametrize(("rows", "models"), [(0, 2), (5_000_000, 2), (5_000_001, 1), (200_000_000, 1)])
def test_models_at_a_time(rows: int, models: int) -> None:
    assert models_at_a_time(rows) == models
