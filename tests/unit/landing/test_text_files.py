"""Bytes to rows: encodings, quotes, ragged rows, headers. Every row is loaded or accounted for."""

import gzip

import pytest

from landing.refusal import RefusalError
from landing.text_file import _with_line_feeds

RARE = "𠮷野家"  # outside the basic plane: four bytes in GB18030


def subjects(bench, content, name="in.csv", **source):
    return bench.parse(name, content, bench.table({"subject": "x"}, source={"files": "in*"} | source))[0]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_chinese_text_survives_its_encoding(bench, encoding):
    content = f"id,x\n1,{RARE}（空调）\n".encode(encoding)
    assert subjects(bench, content, encoding=encoding).column("subject") == [f"{RARE}（空调）"]


def test_gbk_and_latin_1(bench):
    assert subjects(bench, "id,x\n1,维修\n".encode("gbk"), encoding="gbk").column("subject") == ["维修"]
    assert subjects(bench, "id,x\n1,Gerät\n".encode("latin-1"), encoding="latin-1").column("subject") == ["Gerät"]


def test_byte_order_mark_is_no_part_of_the_first_column(bench):
    assert subjects(bench, b"\xef\xbb\xbfid,x\n1,a\n").column("ticket_id") == ["1"]


def test_bytes_of_another_encoding_are_quarantined_not_replaced(bench):
    parsed = subjects(bench, b"id,x\n1,a\n2,\xb9\xc3\n3,b\n")
    assert parsed.column("subject") == ["a", "b"]
    assert parsed.column("_row_number") == [1, 3]
    assert [(row["row_number"], row["reason_code"]) for row in parsed.quarantine] == [(2, "parse_invalid_encoding")]


def test_wrong_declared_encoding_refuses_the_file_and_names_the_line(bench):
    with pytest.raises(RefusalError, match=r"in\.csv: near line 3 there are bytes that are not gb18030") as caught:
        subjects(bench, b"id,x\n1,a\n2,\xff\xff\n", encoding="gb18030")
    assert caught.value.code == "bad_encoding"


def test_header_of_another_encoding_refuses_the_file(bench):
    with pytest.raises(RefusalError, match="in the header there are bytes that are not utf-8"):
        subjects(bench, "编号,x\n1,a\n".encode("gbk"))


def test_ragged_rows_are_rejected_one_by_one_with_their_number(bench):
    parsed = subjects(bench, 'id,x\n1,a\n2\n3,b,c\n4,"d"e\n5,f\n')
    assert parsed.column("_row_number") == [1, 5]
    rejected = sorted((row["row_number"], row["reason_code"]) for row in parsed.quarantine)
    assert rejected == [
        (2, "parse_missing_columns"), (3, "parse_too_many_columns"), (4, "parse_unquoted_value"),
    ]  # fmt: skip
    assert (parsed.entry.rows_read, parsed.entry.rows_rejected, parsed.entry.rows_loaded) == (5, 3, 2)


def test_row_numbers_do_not_count_blank_lines_and_count_multi_line_cells_once(bench):
    parsed = subjects(bench, 'id,x\n\n1,"two\nlines"\n\n2\n3,c\n')
    assert parsed.column("subject") == ["two\nlines", "c"]
    assert parsed.column("_row_number") == [1, 3]
    assert parsed.quarantine[0]["row_number"] == 2


def test_unterminated_quote_takes_the_rest_of_the_file_into_quarantine(bench):
    parsed = subjects(bench, 'id,x\n1,a\n2,"b\n3,c\n')
    assert parsed.column("subject") == ["a"]
    assert (parsed.entry.rows_read, parsed.entry.rows_rejected) == (2, 1)
    assert "3,c" in parsed.quarantine[0]["row_text"]


def test_a_row_with_a_nul_byte_is_quarantined(bench):
    parsed = subjects(bench, b"id,x\n1,a\n2,b\0c\n3,d\n")
    assert parsed.column("subject") == ["a", "d"]
    assert [(row["row_number"], row["reason_code"]) for row in parsed.quarantine] == [(2, "parse_nul_byte")]


def test_quotes_doubled_quotes_and_separators_inside(bench):
    assert subjects(bench, 'id,x\r\n1,"a ""b"", c"\r\n').column("subject") == ['a "b", c']


def test_declared_dialect(bench):
    parsed = subjects(bench, "a report\nof two lines\nid;x\n1;'a;b'\n2;5\" pipe\n", delimiter=";", quote="'", skip=2)
    assert parsed.column("subject") == ["a;b", '5" pipe']
    assert parsed.column("_row_number") == [1, 2]


def test_rejected_row_below_skipped_lines_keeps_its_number(bench):
    parsed = subjects(bench, "a report\n\nid,x\n1,a\n2\n3,c\n", skip=2)
    assert (parsed.column("_row_number"), parsed.quarantine[0]["row_number"]) == ([1, 3], 2)


def test_gzip(bench):
    assert subjects(bench, gzip.compress(b"id,x\n1,a\n"), "in.csv.gz").column("subject") == ["a"]


def test_cut_off_gzip_is_refused(bench):
    with pytest.raises(RefusalError, match="damaged or cut off") as caught:
        subjects(bench, gzip.compress(b"id,x\n1,a\n" * 1000)[:-20], "in.csv.gz")
    assert caught.value.code == "damaged_file"


def test_two_columns_of_one_name_are_refused(bench):
    with pytest.raises(RefusalError, match="two columns are called 'X'"):
        subjects(bench, "id,x,X\n1,a,b\n")


def test_nameless_first_column_gets_its_position_as_name(bench):
    table = bench.table({"ticket_id": "column_1", "subject": "x"})
    assert bench.parse("in.csv", ",x\n7,a\n", table)[0].column("ticket_id") == ["7"]


def test_empty_file_and_header_only(bench):
    with pytest.raises(RefusalError, match="the file is empty"):
        subjects(bench, b"")
    assert subjects(bench, "id,x\n").entry.rows_read == 0


def test_one_column_file(bench):
    parsed = bench.parse("in.csv", "id\n1\n2\n", bench.table({}))[0]
    assert parsed.column("ticket_id") == ["1", "2"]


def test_last_line_without_line_end(bench):
    assert subjects(bench, "id,x\n1,a\n2,b").column("subject") == ["a", "b"]


def test_unmapped_columns_are_listed(bench):
    parsed = subjects(bench, "id,x,y,Z z\n1,a,,\n")
    assert parsed.entry.unmapped_columns == ("y", "Z z")
    assert parsed.entry.mapped_columns == ("ticket_id", "opened_at", "subject")


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_row_numbers_stay_right_in_a_long_file_with_quoted_line_ends(bench, line_end):
    rows = [
        f'{number},"text with ""quotes""{line_end}and lines"' if number % 7 == 0 else f"{number},{'x' * (number % 50)}"
        for number in range(1, 60_001)
    ]
    rows[1233] = "B"
    rows[58_999] = '"x"y,1'
    parsed = subjects(bench, line_end.join(["id,x", *rows]))
    assert {row["row_number"]: row["row_text"] for row in parsed.quarantine} == {1234: '"B"', 59_000: '"\\"x\\"y,1"'}
    assert parsed.entry.rows_loaded == 59_998
    assert all(row["ticket_id"] == str(row["_row_number"]) for row in parsed.rows)


@pytest.mark.parametrize(
    ("encoding", "text"),
    [("big5", "維修"), ("shift_jis", "修理"), ("cp932", "①修理"), ("euc-jp", "修理"), ("euc-kr", "수리"),
     ("utf-16-le", RARE), ("utf-16-be", RARE)],
)  # fmt: skip
def test_encodings_of_the_neighbours(bench, encoding, text):
    content = f"id,x\n1,{text}\n".encode(encoding)
    assert subjects(bench, content, encoding=encoding).column("subject") == [text]


def test_utf_16_is_seen_by_its_mark_and_refused_without(bench):
    assert subjects(bench, f"id,x\n1,{RARE}\n".encode("utf-16")).column("subject") == [RARE]
    marked = gzip.compress(b"\xfe\xff" + "id,x\n1,é\n".encode("utf-16-be"))
    assert subjects(bench, marked, "in.csv.gz").column("subject") == ["é"]
    with pytest.raises(RefusalError, match=r"in\.csv: at the start there are bytes that are not utf-16"):
        subjects(bench, "id,x\n1,é\n".encode("utf-16-le"), encoding="utf-16")


def test_line_ends_may_be_mixed_and_those_in_quotes_stay(bench):
    parsed = subjects(bench, 'id,x\r\n1,a\n2,"b\r\nc\nd"\r\n3,e\n')
    assert parsed.column("subject") == ["a", "b\r\nc\nd", "e"]
    assert subjects(bench, "id,x\r1,a\r2,b\r").column("subject") == ["a", "b"]


def test_mixed_line_ends_over_the_borders_of_chunks():
    parts = [b"a\r", b'\n"b\r', b'\nc"\r', b"\nd\n", b"e\r"]
    assert b"".join(_with_line_feeds(iter(parts), '"')) == b'a\n"b\r\nc"\nd\ne\r'


def test_a_giant_cell_is_rejected_and_the_others_land(bench):
    parsed = subjects(bench, f"id,x\n1,a\n2,{'y' * 3_000_000}\n3,c\n")
    assert parsed.column("subject") == ["a", "c"]
    assert [(row["row_number"], row["reason_code"]) for row in parsed.quarantine] == [
        (2, "parse_line_size_over_maximum")
    ]


def test_a_million_columns_are_refused(bench):
    with pytest.raises(RefusalError) as caught:
        subjects(bench, ",".join(f"c{n}" for n in range(1_000_000)) + "\n")
    assert caught.value.code == "too_many_columns"
