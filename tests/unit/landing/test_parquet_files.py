"""Parquet: typed columns keep their type, ids keep their digits, and what is absurd is refused before it is read."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from landing.refusal import RefusalError


def parquet(columns, **options):
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer, **options)
    return buffer.getvalue()


def orders(bench, columns, forms, **options):
    source = {"files": "in*"} | options.pop("source", {})
    table = bench.table({"work_order_id": "id"} | forms, "erp.work_orders", source=source, **options)
    content = columns if isinstance(columns, bytes) else parquet(columns)
    return bench.parse("in.parquet", content, table)[0]


def test_typed_columns_keep_their_type(bench):
    columns = {
        "id": pa.array([12345678901234567890], pa.uint64()),
        "zoned": pa.array([datetime(2025, 7, 1, 8, 30, tzinfo=UTC)], pa.timestamp("ms", "America/New_York")),
        "local": pa.array([datetime(2025, 7, 1, 8, 30)], pa.timestamp("ns")),
        "visits": pa.array([3], pa.int8()),
        "cost": pa.array([Decimal("12345678901234.5678")], pa.decimal128(18, 4)),
        "hours": pa.array([1.1], pa.float32()),
        "yes": pa.array([True]),
    }
    forms = {
        "requested_at": "zoned",
        "arrived_at": "local",
        "visit_number": "visits",
        "labour_cost": "cost",
        "labour_hours": "hours",
        "is_warranty": "yes",
    }
    parsed = orders(bench, columns, forms, time_zone="Asia/Shanghai")
    assert parsed.rows == [
        {"_row_number": 1, "work_order_id": "12345678901234567890", "requested_at": datetime(2025, 7, 1, 8, 30),
         "arrived_at": datetime(2025, 7, 1, 0, 30), "visit_number": 3, "labour_cost": Decimal("12345678901234.5678"),
         "labour_hours": 1.1, "is_warranty": True}
    ]  # fmt: skip
    assert parsed.bad_cells == []


def test_an_instant_with_zone_is_a_local_day_where_a_date_is_asked_for(bench):
    late = pa.array([datetime(2025, 7, 1, 20, 0, tzinfo=UTC)], pa.timestamp("us", "UTC"))
    days = pa.array([date(2025, 7, 3)])
    forms = {"employee_id": "id", "employee_name": "id", "hired_on": "late", "left_on": "day"}
    table = bench.table(forms, "erp.employees", time_zone="Asia/Shanghai")
    parsed = bench.parse("in.parquet", parquet({"id": ["1"], "late": late, "day": days}), table)[0]
    assert (parsed.column("hired_on"), parsed.column("left_on")) == ([date(2025, 7, 2)], [date(2025, 7, 3)])


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        (pa.array(["007", " 8 ", ""]), ["007", " 8 ", None]),
        (pa.array([9007199254740993, None, -1]), ["9007199254740993", None, "-1"]),
        (pa.array([1.0, 1e15, 1e20]), ["1", "1000000000000000", "100000000000000000000"]),
        (pa.array([1.5, float("nan"), float("inf")]), ["1.5", None, "inf"]),
        (pa.array([Decimal(10) ** 20 + 1, None], pa.decimal128(38, 0)), ["100000000000000000001", None]),
        (pa.array([b"abc", b"\xff"], pa.binary()), ["abc", "\\xFF"]),
        (pa.array(["a", "b", "a"]).dictionary_encode(), ["a", "b", "a"]),
        (pa.array([[1, 2], [], None]), ["[1,2]", "[]", None]),
        (pa.array([datetime(2025, 7, 1, 8, 30)], pa.timestamp("us", "UTC")), ["2025-07-01 08:30:00+00"]),
    ],
)
def test_texts_are_exact(bench, values, texts):
    count = len(values)
    content = {"id": pa.array([str(n) for n in range(count)]), "x": values}
    assert orders(bench, content, {"asset_id": "x"}).column("asset_id") == texts


def test_fields_of_structs_are_dotted_columns(bench):
    nested = pa.array([{"channel": "web", "by": {"id": 7}}, None, {"channel": None, "by": None}])
    parsed = orders(
        bench,
        {"id": ["1", "2", "3"], "via": nested},
        {"asset_id": "via.channel", "employee_id": {"expr": '"via.by.id"'}},
    )
    assert parsed.column("asset_id") == ["web", None, None]
    assert len(parsed.identities) == 1


def test_infinite_numbers_and_times_are_bad_cells(bench):
    content = {
        "id": ["1", "2"],
        "n": pa.array([float("inf"), 2.0]),
        "t": pa.array([2**63 - 1, 0], pa.int64()).cast(pa.timestamp("us")),
    }
    parsed = orders(bench, content, {"labour_hours": "n", "arrived_at": "t"})
    assert parsed.column("labour_hours") == [None, 2.0]
    assert parsed.column("arrived_at") == [None, datetime(1970, 1, 1)]
    assert sorted(row["column_name"] for row in parsed.bad_cells) == ["arrived_at", "labour_hours"]


def test_null_values_empty_typed_cells_too(bench):
    parsed = orders(bench, {"id": ["1", "2"], "n": [-1, 5]}, {"labour_hours": "n"}, source={"null_values": "-1"})
    assert (parsed.column("labour_hours"), parsed.bad_cells) == ([None, 5.0], [])


def test_rows_keep_their_number_over_row_groups_and_conditions_see_them(bench):
    content = parquet({"id": [str(n) for n in range(1, 1001)]}, row_group_size=100)
    parsed = orders(bench, content, {}, where="_row_number % 250 = 0")
    assert [(row["_row_number"], row["work_order_id"]) for row in parsed.rows] == [
        (250, "250"), (500, "500"), (750, "750"), (1000, "1000"),
    ]  # fmt: skip
    assert (parsed.entry.rows_read, parsed.entry.rows_filtered) == (1000, 996)


def test_rows_without_key_and_rows_with_a_nul_byte_go_to_quarantine(bench):
    parsed = orders(bench, {"id": ["1", None, "3", "4\0"], "x": ["a", "b", "c", "d"]}, {"asset_id": "x"})
    assert parsed.column("work_order_id") == ["1", "3"]
    found = sorted((row["row_number"], row["reason_code"]) for row in parsed.quarantine)
    assert found == [(2, "missing_required"), (4, "parse_nul_byte")]
    assert (parsed.entry.rows_read, parsed.entry.rows_rejected, parsed.entry.rows_quarantined) == (4, 1, 1)


def test_contract_table_in_parquet_needs_no_mapping(bench):
    content = parquet({"ticket_id": [1], "opened_at": pa.array([datetime(2025, 7, 1)], pa.timestamp("us", "UTC"))})
    parsed = bench.parse("crm.tickets.parquet", content)[0]
    assert (parsed.entry.delivery, parsed.column("opened_at")) == ("snapshot", [datetime(2025, 7, 1)])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "damaged_file"),
        (b"PAR1 no parquet PAR1", "damaged_file"),
        (parquet({"id": ["1"] * 1000})[:-30], "damaged_file"),
        (parquet({"id": ["1"], "ID": ["2"]}), "duplicate_column"),
        (parquet({f"c{n}": [1] for n in range(17_000)}), "too_many_columns"),
        (parquet({"id": pa.nulls(11_000_000, pa.int8())}, row_group_size=11_000_000), "archive_too_large"),
        (parquet({"no_id": ["1"]}), "missing_column"),
    ],
)
def test_what_cannot_be_landed_is_refused(bench, content, code):
    with pytest.raises(RefusalError) as caught:
        orders(bench, content, {})
    assert caught.value.code == code
    assert "in.parquet" in caught.value.zh
