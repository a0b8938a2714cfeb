"""What a source no longer has: by the snapshots of its system, contract and part."""

from datetime import datetime

import duckdb
import pytest

from warehouse.contract import get_contract
from warehouse.gone_rows import gone_sql, sightings_sql, snapshots_sql
from warehouse.manifest import prepare_warehouse

PRODUCTS = get_contract("erp.products")


class Source:
    """Deliveries of products, each named after the day on which it was taken."""

    def __init__(self) -> None:
        self.connection = duckdb.connect()
        prepare_warehouse(self.connection)
        self.connection.execute("create table counting (extract_id varchar)")

    def deliver(
        self, day: int, keys: str, *, delivery: str = "snapshot", part: str = "", state: str = "accepted",
        quarantined: str = "", without_key: int = 0, system: str = "erp", name: str = "",
    ) -> None:  # fmt: skip
        extract = f"{system}{day}{part}{name}{delivery}"
        values = {
            "id": extract,
            "system": system,
            "day": datetime(2025, 6, day),
            "name": name or extract,
            "state": state,
        }
        self.connection.execute(
            """
            insert into meta.extracts by name select $id as extract_id, $system as source_system, 'm' as mapping,
                'f' as mapping_fingerprint, $name as file_name, $id as sha256, 1 as bytes, $day as extracted_at,
                $day as loaded_at, 'r' as run_id, $state as state, $day as state_changed_at,
                ['erp.products'] as contracts
            """,
            values,
        )
        if state == "refused":
            return
        self.connection.execute(
            """
            insert into meta.extract_entries by name select $id as extract_id, 0 as entry, 'erp.products' as contract,
                $delivery as delivery, $n as rows_read, $n as rows_loaded, 0 as rows_rejected, 0 as rows_quarantined,
                0 as rows_folded, 0 as rows_filtered, 0 as rows_identical, 0 as rows_conflicting, 0 as bad_cells,
                [] as mapped_columns, [] as unmapped_columns, $part as part, $without as rows_without_key
            """,
            {"id": extract, "delivery": delivery, "n": len(keys), "without": without_key,
             "part": part if delivery == "snapshot" else None},
        )  # fmt: skip
        for number, key in enumerate(keys):
            self.connection.execute(
                "insert into raw.erp__products by name select $key as product_id, $id as _extract_id,"
                " $system as _source_system, $number as _row_number",
                {"key": key, "id": extract, "system": system, "number": number},
            )
        for key in quarantined:
            self.connection.execute(
                "insert into meta.quarantine by name select $id as extract_id, 0 as entry, 'erp.products' as contract,"
                " 'x' as file_name, 1 as row_number, 'r' as reason_code, 'r' as reason, $day as quarantined_at,"
                " $key as row_key",
                {"id": extract, "day": values["day"], "key": f'["{key}"]'},
            )
        self.connection.execute("insert into counting values ($id)", {"id": extract})

    def gone(self) -> dict[str, int]:
        """Keys that are gone, with the day since when."""
        connection = self.connection
        connection.execute(f"create or replace table snapshots as {snapshots_sql('', 'counting')}")
        connection.execute(f"create or replace table sightings as {sightings_sql('', 'counting', 'snapshots')}")
        rows = connection.execute(
            f"select source_system, row_id, day(gone_since) from ({gone_sql(PRODUCTS, '', 'snapshots', 'sightings')})"
        )
        return {row[1]: row[2] for row in rows.fetchall()}


@pytest.fixture
def source() -> Source:
    return Source()


def test_a_key_is_gone_since_the_first_snapshot_without_it(source: Source) -> None:
    source.deliver(1, "abc")
    assert source.gone() == {}
    source.deliver(2, "ac")
    source.deliver(3, "a")
    assert source.gone() == {"b": 2, "c": 3}


@pytest.mark.parametrize("delivery", ["snapshot", "delta", "log"])
def test_it_comes_back_when_it_reappears(source: Source, delivery: str) -> None:
    source.deliver(1, "ab")
    source.deliver(2, "a")
    source.deliver(3, "ab", delivery=delivery)
    assert source.gone() == {}


def test_a_late_file_from_before_the_snapshot_brings_nothing_back(source: Source) -> None:
    source.deliver(1, "ab")
    source.deliver(5, "a")
    source.deliver(3, "b", delivery="delta")
    assert source.gone() == {"b": 5}


def test_what_only_changes_know_is_gone_too(source: Source) -> None:
    source.deliver(1, "z", delivery="delta")
    source.deliver(2, "a")
    assert source.gone() == {"z": 2}


def test_several_files_taken_together_are_one_snapshot(source: Source) -> None:
    source.deliver(1, "abcd")
    source.deliver(2, "ab", name="one")
    source.deliver(2, "c", name="two")
    assert source.gone() == {"d": 2}


def test_a_row_in_quarantine_is_there(source: Source) -> None:
    source.deliver(1, "abc")
    source.deliver(2, "a", quarantined="b")
    assert source.gone() == {"c": 2}


def test_a_snapshot_that_is_not_whole_takes_nothing_away(source: Source) -> None:
    source.deliver(1, "abc")
    source.deliver(2, "ab", without_key=1)
    source.deliver(3, "a", name="one")
    source.deliver(3, "", name="two", state="refused")
    assert source.gone() == {}
    source.deliver(3, "b", name="two", part="")
    assert source.gone() == {"c": 3}


def test_systems_and_parts_speak_for_themselves(source: Source) -> None:
    source.deliver(1, "ab", part="north")
    source.deliver(1, "cd", part="south")
    source.deliver(1, "ab", system="other")
    source.deliver(2, "a", part="north")
    assert source.gone() == {"b": 2}
    # who moved from one part to the other is gone from neither
    source.deliver(3, "acx", part="north")
    source.deliver(4, "d", part="south")
    assert source.gone() == {"b": 2}


def test_a_key_that_no_snapshot_ever_had_may_be_in_any_part(source: Source) -> None:
    source.deliver(1, "z", delivery="delta")
    source.deliver(2, "a", part="north")
    source.deliver(1, "d", part="south")
    assert source.gone() == {}
    source.deliver(3, "d", part="south")
    assert source.gone() == {"z": 3}
