"""JSON: lines, lists, documents and records inside of records; numbers keep their digits."""

import gzip
import json
from decimal import Decimal

import pytest

from landing.refusal import RefusalError


def subjects(bench, content, forms=None, name="in.json", **source):
    table = bench.table({"subject": "x"} | (forms or {}), source={"files": "in*"} | source)
    return bench.parse(name, content, table)[0]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("in.jsonl", '{"id": 1, "x": "a"}\n{"id": 2, "x": "b"}\n'),
        ("in.ndjson", '\ufeff{"id": 1, "x": "a"}\r\n\r\n{"id": 2, "x": "b"}'),
        ("in.json", '{"id": 1, "x": "a"}\n{"id": 2, "x": "b"}\n'),
        ("in.json", '[{"id": 1, "x": "a"},\n {"id": 2, "x": "b"}]'),
        ("in.json", ' \n[\n{\n"id": 1, "x": "a"},{"id": 2, "x": "b"}]\n\n'),
        ("in.jsonl.gz", gzip.compress(b'{"id": 1, "x": "a"}\n{"id": 2, "x": "b"}\n', mtime=0)),
        ("in.json.gz", gzip.compress(b'[{"id": 1, "x": "a"}, {"id": 2, "x": "b"}]', mtime=0)),
    ],
)
def test_lines_and_lists_are_told_apart(bench, name, content):
    parsed = subjects(bench, content, name=name)
    assert (parsed.column("ticket_id"), parsed.column("subject")) == (["1", "2"], ["a", "b"])
    assert parsed.entry.rows_read == 2


def test_one_object_is_one_row_and_other_encodings_can_be_declared(bench):
    assert subjects(bench, '{"id": 7,\n "x": "空调"}').column("subject") == ["空调"]
    assert subjects(bench, '[{"id": 7, "x": "空调"}]'.encode("utf-16"), encoding="utf-16").column("subject") == ["空调"]
    assert subjects(bench, '{"id": 7, "x": "空调"}\n'.encode("gbk"), encoding="gbk").column("subject") == ["空调"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("12345678901234567890", "12345678901234567890"),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
        ("123456789012345678.12", "123456789012345678.12"),
        ("1.10", "1.10"),
        ("-0.1", "-0.1"),
        ("1E5", "1E5"),
        ("true", "true"),
        ("null", None),
        ('""', None),
        ('"007"', "007"),
        ('"a \\"1.10\\" \\\\ 1e5"', 'a "1.10" \\ 1e5'),
        ('"\\u7a7a\\ud842\\udfb7"', "空𠮷"),
        ('[1, {"a": "2"}]', '[1,{"a":"2"}]'),
        ("[]", "[]"),
        ("{}", "{}"),
    ],
)
def test_texts_are_exact(bench, value, text):
    lines = f'{{"id": 1, "x": {value}}}\n{{"id": 2}}\n'
    assert subjects(bench, lines).column("subject") == [text, None]


def test_money_keeps_its_last_digit(bench):
    table = bench.table({"work_order_id": "id", "labour_cost": "c"}, "erp.work_orders", source={"files": "in*"})
    parsed = bench.parse("in.json", '[{"id": 1, "c": 12345678901234.5678}]', table)[0]
    assert parsed.column("labour_cost") == [Decimal("12345678901234.5678")]


def test_nested_objects_are_dotted_columns_and_keys_may_be_anything(bench):
    content = (
        '[{"id": 1, "via": {"channel": "web", "a/b~c": {"x y": 5}}}, {"id": 2, "via": null}, {"id": 3, "via": "old"}]'
    )
    parsed = subjects(bench, content, {"subject": "via.channel", "description": "via.a/b~c.x y", "asset_id": "via"})
    assert parsed.column("subject") == ["web", None, None]
    assert parsed.column("description") == ["5", None, None]
    assert parsed.column("asset_id")[1:] == [None, "old"]
    assert subjects(bench, content, {"subject": {"expr": 'upper("via.channel")'}}).column("subject")[0] == "WEB"


PAGE = json.dumps(
    {
        "count": 2,
        "next_page": None,
        "tickets": [
            {"id": 11, "via": {"channel": "web"}, "events": [{"n": 1, "at": {"t": "x"}}, {"n": 2}]},
            {"id": 12, "via": {"channel": "api"}, "events": []},
            {"id": 13, "events": [{"n": 3}]},
        ],
    }
)


def test_records_says_where_the_rows_are(bench):
    parsed = subjects(bench, PAGE, {"subject": "via.channel", "asset_id": "$.count"}, records="tickets")
    assert parsed.column("ticket_id") == ["11", "12", "13"]
    assert parsed.column("subject") == ["web", "api", None]
    assert parsed.column("asset_id") == ["2", "2", "2"]


def test_lists_on_the_way_become_rows_and_the_objects_around_them_stay_in_reach(bench):
    forms = {"ticket_id": "n", "subject": "tickets.id", "description": "at.t", "asset_id": "tickets.via.channel"}
    for records in ("tickets.events", ["tickets", "events"]):
        parsed = subjects(bench, PAGE, forms, records=records)
        assert parsed.column("_row_number") == [1, 2, 3]
        assert parsed.column("ticket_id") == ["1", "2", "3"]
        assert parsed.column("subject") == ["11", "11", "13"]
        assert parsed.column("asset_id") == ["web", "web", None]
        assert parsed.column("description") == ["x", None, None]


def test_records_inside_of_lines(bench):
    lines = (
        '{"id": 1, "log": [{"x": "a"}, {"x": "b"}]}\nbroken\n{"id": 2, "log": 5}\n{"id": 3, "log": [7, {"x": "c"}]}\n'
    )
    parsed = subjects(bench, lines, {"ticket_id": "$.id"}, name="in.jsonl", records="log")
    assert [tuple(row[name] for name in ("_row_number", "ticket_id", "subject")) for row in parsed.rows] == [
        (1, "1", "a"), (2, "1", "b"), (6, "3", "c"),
    ]  # fmt: skip
    found = sorted((row["row_number"], row["reason_code"]) for row in parsed.quarantine)
    assert found == [(3, "parse_invalid_json"), (4, "parse_no_records"), (5, "parse_not_an_object")]
    assert (parsed.entry.rows_read, parsed.entry.rows_rejected) == (6, 3)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b'{"id": 2, "x": "b"', "parse_invalid_json"),
        (b'{"id": 2, "x": NaN}', "parse_invalid_json"),
        (b'{"id": 2, "x": -Infinity}', "parse_invalid_json"),
        (b'{"id": 02}', "parse_invalid_json"),
        (b'{"id": 2} trailing', "parse_invalid_json"),
        (b'{"id": 2, "x": "\\ud842"}', "parse_invalid_json"),
        (b'{"id": 2, "x": "a\tb"}', "parse_invalid_json"),
        (b'{"id": 2, "id": 3}', "parse_duplicate_key"),
        (b'{"id": 2, "y": {"a": 1, "a": 2}}', "parse_duplicate_key"),
        (b'{"id": 2, "x": "a\\u0000"}', "parse_nul_byte"),
        (b'{"id": 2, "x": "\xb9\xc3"}', "parse_invalid_encoding"),
        (b'[{"id": 2}]', "parse_not_an_object"),
        (b"5", "parse_not_an_object"),
        (b"null", "parse_not_an_object"),
        (b'{"id": ' + b"[" * 300 + b"]" * 300 + b"}", "parse_too_deep"),
        (b'{"id": ' + b'{"a":' * 100_000 + b"1" + b"}" * 100_001, "parse_too_deep"),
        (b'{"id": 2, "x": "' + b"x" * (17 << 20) + b'"}', "parse_line_size_over_maximum"),
    ],
)
def test_a_broken_line_is_rejected_and_the_others_land(bench, line, code):
    parsed = subjects(bench, b'{"id": 1, "x": "NaN"}\n\n' + line + b'\n{"id": 4, "x": "c"}\n', name="in.jsonl")
    assert (parsed.column("_row_number"), parsed.column("subject")) == ([1, 4], ["NaN", "c"])
    assert [(row["row_number"], row["reason_code"]) for row in parsed.quarantine] == [(3, code)]
    assert (parsed.entry.rows_read, parsed.entry.rows_rejected, parsed.entry.rows_loaded) == (3, 1, 2)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b" \n\n", "empty_file"),
        (b"<html>", "damaged_file"),
        (b'"text"', "damaged_file"),
        (b'[{"id": 1}, {"id": 2}', "damaged_file"),
        (b'[{"id": 1}, {"id": 2]', "damaged_file"),
        (b'[{"id": 1}] x', "damaged_file"),
        (b'[{"id": 1, "x": "\xff"}]', "damaged_file"),
        (b'{"id": 1,\n "x": "\xff"}', "damaged_file"),
        (b'{"id": 1,\n "x": "a"', "damaged_file"),
        (b'{"id": 1,\n "x": NaN}', "damaged_file"),
        (b'{"id": 1,\n "x": ' + b"[" * 1000 + b"]" * 1000 + b"}", "damaged_file"),
        (b'[{"id": 1, "ID": 2}]', "duplicate_column"),
        (b'[{"y": 1}]', "missing_column"),
        (json.dumps([{f"k{n}": n for n in range(17_000)}]), "too_many_columns"),
    ],
)
def test_what_cannot_be_landed_is_refused(bench, content, code):
    with pytest.raises(RefusalError) as caught:
        subjects(bench, content)
    assert caught.value.code == code
    assert "in.json" in caught.value.zh


def test_a_page_without_the_records_is_refused_and_an_empty_page_is_none(bench):
    with pytest.raises(
        RefusalError, match="no list 'issues' of records; the outermost object has count, next_page, tickets"
    ):
        subjects(bench, PAGE, records="issues")


def test_contract_table_in_json_lines_needs_no_mapping(bench):
    line = '{"ticket_id": 1, "opened_at": "2025-07-01T08:30:00Z", "is_warranty": true}\n'
    parsed = bench.parse("crm.tickets.2025-07.jsonl", line)[0]
    assert (parsed.entry.delivery, parsed.column("is_warranty")) == ("delta", [True])


def test_a_list_without_records_has_no_rows_as_a_table_without_rows_has_none(bench):
    parsed = subjects(bench, "[]")
    assert (parsed.rows, parsed.entry.rows_read) == ([], 0)


def test_a_key_that_no_record_has_is_empty_where_sql_reads_it(bench):
    table = bench.table(
        {"subject": {"expr": "coalesce(gone, 'none')"}, "asset_id": "lost"},
        source={"files": "in*"},
        where="gone is null",
    )
    [parsed] = bench.parse("in.json", '[{"id": 1}]', table)
    assert [(row["ticket_id"], row["subject"], row["asset_id"]) for row in parsed.rows] == [("1", "none", None)]
    # so a page without them is no page of another layout
    assert {"subject", "asset_id"} <= set(parsed.entry.mapped_columns)
    assert parsed.entry.absent_columns == ("gone", "lost")
    with pytest.raises(RefusalError, match="column id, from which the mapping makes ticket_id, is missing"):
        bench.parse("in.json", '[{"other": 1}]', table)
