"""Each way of filling a column: what it makes of good text, and what of bad text."""

from datetime import date, datetime
from decimal import Decimal

import pytest


def filled(bench, column, form, cells, contract="crm.tickets", header="x", **options):
    """Values of one column for one cell per row, and the reason codes of bad cells by row."""
    lines = "".join(f"{number},{cell}\n" for number, cell in enumerate(cells, start=1))
    parsed = bench.parse("in.csv", f"id,{header}\n{lines}", bench.table({column: form}, contract, **options))[0]
    return parsed.column(column), {row["row_number"]: row["reason_code"] for row in parsed.bad_cells}


def test_declared_format_reads_unpadded_dates_and_nothing_else(bench):
    form = {"from": "x", "format": "%d/%m/%Y %H:%M"}
    cells = ["5/3/2016 1:16", "29/02/2016 01:16", "2016-03-05 01:16", "31/4/2016 1:16", "5/3/16 1:16", "5/3/2016 1:16x"]
    values, bad = filled(bench, "closed_at", form, cells)
    assert values == [datetime(2016, 3, 5, 1, 16), datetime(2016, 2, 29, 1, 16), None, None, None, None]
    assert bad == dict.fromkeys((3, 4, 5, 6), "bad_instant")


def test_local_times_become_utc_by_the_zone_of_the_mapping(bench):
    values, _ = filled(bench, "closed_at", "x", ["2025-07-01 08:00"], time_zone="Europe/Berlin")
    assert values == [datetime(2025, 7, 1, 6, 0)]


def test_zone_of_a_column_overrides_that_of_the_mapping(bench):
    form = {"from": "x", "zone": "Asia/Shanghai"}
    values, _ = filled(bench, "closed_at", form, ["2025-07-01 08:00"], time_zone="Europe/Berlin")
    assert values == [datetime(2025, 7, 1, 0, 0)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-10-31T08:30:00+08:00", datetime(2025, 10, 31, 0, 30)),
        ("2025-10-31T08:30:00Z", datetime(2025, 10, 31, 8, 30)),
        ("2025-10-31T08:30+0800", datetime(2025, 10, 31, 0, 30)),
        ("2025-10-31 08:30:00.250-05:00", datetime(2025, 10, 31, 13, 30, 0, 250000)),
        ("2025-10-31 08:30", datetime(2025, 10, 31, 8, 30)),
        ("2025-10-31", None),
        ("2025-10-31T", None),
        ("31.10.2025 08:30", None),
        ("infinity", None),
        ("2025-10-31 08:30:00 Europe/Berlin", None),
        ("0025-10-31 08:30", None),
    ],
)
def test_times_without_format_are_iso_with_a_time_of_day(bench, text, expected):
    values, bad = filled(bench, "closed_at", "x", [text])
    assert values == [expected]
    assert bad == ({} if expected else {1: "bad_instant"})


def test_format_with_zone_keeps_its_own_zone(bench):
    form = {"from": "x", "format": "%d.%m.%Y %H:%M %z"}
    values, bad = filled(bench, "closed_at", form, ["31.10.2025 08:30 +02:00"], time_zone="Asia/Shanghai")
    assert (values, bad) == ([datetime(2025, 10, 31, 6, 30)], {})


def test_assumed_time_of_day_must_be_declared(bench):
    form = {"from": "x", "format": "%d/%m/%Y", "time_of_day": "12:00"}
    values, _ = filled(bench, "closed_at", form, ["3/4/2025"], time_zone="Asia/Shanghai")
    assert values == [datetime(2025, 4, 3, 4, 0)]


def test_several_formats_are_tried_in_order(bench):
    form = {"from": "x", "format": ["%d/%m/%Y %H:%M", "%d/%m/%Y"], "time_of_day": "09:00"}
    values, bad = filled(bench, "closed_at", form, ["3/4/2025", "x"])
    assert (values, bad) == ([datetime(2025, 4, 3, 9, 0), None], {2: "bad_instant"})


def test_codes_are_translated_and_unknown_ones_are_bad(bench):
    form = {"from": "x", "values": {"Phone": "hotline", "-100": None}}
    values, bad = filled(bench, "channel", form, ["Phone", "-100", "", "phone", "Fax"])
    assert values == ["hotline", None, None, None, None]
    assert bad == {4: "not_in_values", 5: "not_in_values"}


def test_otherwise_covers_every_other_text_and_the_empty_cell(bench):
    form = {"from": "x", "values": {"Yes": True}, "otherwise": False}
    values, bad = filled(bench, "is_warranty", form, ["Yes", "No", ""])
    assert (values, bad) == ([True, False, False], {})


def test_empty_cell_can_be_kept_unknown_beside_otherwise(bench):
    form = {"from": "x", "values": {"Yes": True, "": None}, "otherwise": False}
    assert filled(bench, "is_warranty", form, ["Yes", "No", ""])[0] == [True, False, None]


def test_plain_code_column_must_hold_codes_of_the_contract(bench):
    values, bad = filled(bench, "priority", "x", ["p1", "P1", ""])
    assert (values, bad) == (["p1", None, None], {2: "not_in_values"})


def test_booleans_are_true_and_false_in_any_case(bench):
    values, bad = filled(bench, "is_warranty", "x", ["TRUE", "false", "1", "yes"])
    assert (values, bad) == ([True, False, None, None], {3: "bad_boolean", 4: "bad_boolean"})


def test_whole_numbers_are_never_rounded(bench):
    values, bad = filled(bench, "reopened_count", "x", ["2", "3.0", "3.7", "-1", "1e3", " 4", "99999999999999999999"])
    assert values == [2, 3, None, None, None, None, None]
    assert bad == {3: "bad_number", 4: "out_of_range", 5: "bad_number", 6: "bad_number", 7: "bad_number"}


def test_numbers_with_declared_separators(bench):
    form = {"from": "x", "number": {"decimal": ",", "thousands": "."}}
    cells = ['"1.234,50"', '"7,5"', "1.23", "1234", '"12.34,5"', "abc"]
    columns = {"work_order_id": "id", "labour_cost": form}
    lines = "".join(f"{number},{cell}\n" for number, cell in enumerate(cells, start=1))
    parsed = bench.parse("in.csv", f"id,x\n{lines}", bench.table(columns, "erp.work_orders"))[0]
    assert parsed.column("labour_cost") == [Decimal("1234.5"), Decimal("7.5"), None, Decimal(1234), None, None]
    assert [(row["row_number"], row["reason_code"]) for row in parsed.bad_cells] == [
        (3, "bad_number"), (5, "bad_number"), (6, "bad_number"),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["nan", "inf", "1_000", "0x10", "1,5"])
def test_what_databases_take_for_numbers_but_people_do_not(bench, text):
    columns = {"work_order_id": "id", "labour_hours": "x"}
    parsed = bench.parse("in.csv", f'id,x\n1,"{text}"\n', bench.table(columns, "erp.work_orders"))[0]
    assert parsed.column("labour_hours") == [None]
    assert parsed.bad_cells[0]["value"] == text


def test_scale_becomes_zero_to_hundred(bench):
    columns = {"response_id": "id", "csat_score": {"from": "x", "scale": [1, 5]}}
    parsed = bench.parse("in.csv", "id,x\n1,1\n2,4\n3,5\n4,6\n5,0\n", bench.table(columns, "survey.responses"))[0]
    assert parsed.column("csat_score") == [0.0, 75.0, 100.0, None, None]
    assert [row["reason_code"] for row in parsed.bad_cells] == ["out_of_range", "out_of_range"]


def test_scale_may_run_downwards(bench):
    columns = {"response_id": "id", "csat_score": {"from": "x", "scale": [6, 1]}}
    parsed = bench.parse("in.csv", "id,x\n1,1\n2,6\n", bench.table(columns, "survey.responses"))[0]
    assert parsed.column("csat_score") == [100.0, 0.0]


def test_dates_are_iso_unless_declared(bench):
    columns = {"record_id": "id", "employee_id": "id", "held_on": "x"}
    text = "id,x\n1,2025-10-31\n2,2025-13-01\n3,31/10/2025\n"
    parsed = bench.parse("in.csv", text, bench.table(columns, "erp.training_records"))
    assert parsed[0].column("held_on") == [date(2025, 10, 31)]
    assert [row["reason_code"] for row in parsed[0].quarantine] == ["bad_date", "bad_date"]


def test_pattern_of_the_contract(bench):
    columns = {"review_id": "id", "employee_id": "id", "quarter": "x", "score": {"const": 50}}
    parsed = bench.parse("in.csv", "id,x\n1,2025-Q4\n2,2025Q4\n", bench.table(columns, "survey.peer_reviews"))[0]
    assert parsed.column("quarter") == ["2025-Q4"]
    assert [(row["reason_code"], row["value"]) for row in parsed.quarantine] == [("bad_pattern", "2025Q4")]


def test_expression_over_the_row(bench):
    form = {"expr": "upper(x) || '-' || _row_number"}
    assert filled(bench, "root_cause_id", form, ["a", "b"])[0] == ["A-1", "B-2"]


def test_typed_expression_is_local_time_of_the_mapping(bench):
    form = {"expr": "strptime(x, '%d/%m/%Y %H:%M')"}
    values, bad = filled(bench, "closed_at", form, ["1/7/2025 08:00"], time_zone="Asia/Shanghai")
    assert (values, bad) == ([datetime(2025, 7, 1)], {})


def test_expression_may_be_translated_like_a_column(bench):
    form = {"expr": "split_part(x, ' ', 1)", "values": {"1": "p1"}, "otherwise": "p4"}
    assert filled(bench, "priority", form, ["1 - Critical", "2 - High"])[0] == ["p1", "p4"]


def test_constants(bench):
    assert filled(bench, "channel", {"const": "hotline"}, ["a", "b"])[0] == ["hotline", "hotline"]


def test_prefix_is_put_before_every_id_and_only_ids(bench):
    table = bench.table({"region_id": "x", "subject": "x"}, id_prefix="DE-")
    parsed = bench.parse("in.csv", "id,x\n1,a\n2,\n", table)[0]
    assert parsed.column("ticket_id") == ["DE-1", "DE-2"]
    assert parsed.column("region_id") == ["DE-a", None]
    assert parsed.column("subject") == ["a", None]


def test_declared_nulls_are_null_in_every_column(bench):
    table = bench.table({"region_id": "x", "closed_at": "y"}, source={"files": "in*", "null_values": ["?", "-"]})
    parsed = bench.parse("in.csv", "id,x,y\n1,?,-\n2,,\n", table)[0]
    assert (parsed.column("region_id"), parsed.column("closed_at"), parsed.bad_cells) == (
        [None, None],
        [None, None],
        [],
    )
