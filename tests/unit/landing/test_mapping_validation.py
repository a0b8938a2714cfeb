# ruff: noqa: E501 - a table of faults reads best with one line each
"""A wrong mapping is refused before anything is read, with one sentence that says where."""

from pathlib import Path

import pytest

from landing.mapping import contract_mapping, load_mappings
from warehouse.contract import load_contracts
from warehouse.errors import MappingError

GOOD = """
system: acme
time_zone: Asia/Shanghai
tables:
  - contract: crm.tickets
    from: {files: "in*.csv"}
    columns:
      ticket_id: number
      opened_at: {from: opened, format: "%d/%m/%Y %H:%M"}
"""


def refusal(tmp_path: Path, text: str) -> str:
    path = tmp_path / "acme.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(MappingError) as caught:
        load_mappings(path)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("crm.tickets", "crm.ticket", "acme.yml: table entry 1 (crm.ticket): contract: unknown contract 'crm.ticket'; known are crm.tickets"),
        ("ticket_id: number", "ticket_id: number\n      colour: x", "table entry 1 (crm.tickets): the contract has no column 'colour'; it has ticket_id"),
        ("ticket_id: number", "status: number", "table entry 1 (crm.tickets): required column ticket_id is not mapped"),
        ("system: acme", "systm: acme", "acme.yml: "),
        ('{files: "in*.csv"}', '{files: "in*.csv", encodng: gbk}', "table entry 1 (crm.tickets): from: unknown key 'encodng'"),
        ('{files: "in*.csv"}', '{files: "in*.csv", encoding: klingon}', "'klingon' is no supported encoding"),
        ('{files: "in*.csv"}', "{database: crm, query: select 1}", "reading from database is not supported yet"),
        ("Asia/Shanghai", "Asia/Peking", "time_zone: 'Asia/Peking' is no IANA time zone"),
        ('format: "%d/%m/%Y %H:%M"', 'fromat: "%d"', "column opened_at: unknown key 'fromat'"),
        ('format: "%d/%m/%Y %H:%M"', 'format: "%d/%m/%Y"', "column opened_at: format '%d/%m/%Y' has no time of day"),
        ('format: "%d/%m/%Y %H:%M"', 'format: "%d %Q %H"', "format '%d %Q %H' is not understood"),
        ('{from: opened, format: "%d/%m/%Y %H:%M"}', "{expr: 'strp(opened)'}", "column opened_at: uses the function strp, which does not exist"),
        ('{from: opened, format: "%d/%m/%Y %H:%M"}', "{expr: 'opened), (1'}", "column opened_at: is more than one SQL expression"),
        ('{from: opened, format: "%d/%m/%Y %H:%M"}', "{expr: '(select 1)'}", "contains a sub-select"),
        ('{from: opened, format: "%d/%m/%Y %H:%M"}', "{expr: 'now()'}", "uses the function now, which is not allowed"),
        ('{from: opened, format: "%d/%m/%Y %H:%M"}', "{expr: $inner}", "contains a parameter"),
        ('{from: opened, format: "%d/%m/%Y %H:%M"}', "{expr: a, from: b}", "needs exactly one of from, expr and const"),
        ("    columns:", "    where: foo(x) over () > 1\n    columns:", "table entry 1 (crm.tickets): where uses the function foo"),
        ("    columns:", "    where: status = 'x' --\n    columns:", ""),
        ("    columns:", "    where: 'a ='\n    columns:", "where is no SQL expression: syntax error"),
        ("    columns:", "    where: a in (select b from read_csv('x'))\n    columns:", "where contains a sub-select"),
        ("    columns:", "    computed: {a: foo(x)}\n    columns:", "table entry 1 (crm.tickets): computed a uses the function foo"),
        ("    columns:", "    computed: {a: now()}\n    columns:", "computed a uses the function now, which is not allowed"),
        ("    columns:", "    one_row_per: {key: number, order_by: foo(x)}\n    columns:", "order_by uses the function foo"),
        ("    columns:", "    delivery: full\n    columns:", "table entry 1 (crm.tickets): delivery: Input should be 'snapshot', 'delta' or 'log'"),
        ("ticket_id: number", "ticket_id: 2016", "column ticket_id: 2016 is no column name; write it in quotes"),
        ("ticket_id: number", "ticket_id: number\n      ticket_id: id", "'ticket_id' is written twice"),
        ("ticket_id: number", "ticket_id: number\n      status: {from: s, values: {New: nwe}}", "column status: 'nwe' is no value of the column; allowed are new, assigned"),
        ("ticket_id: number", "ticket_id: number\n      status: {from: s, otherwise: new}", "column status: otherwise needs values"),
        ("ticket_id: number", "ticket_id: number\n      is_warranty: {from: s, values: {A: x}}", "column is_warranty: 'x' is neither true nor false"),
        ("ticket_id: number", "ticket_id: number\n      status: {from: s, scale: [1, 5]}", "column status: scale is for columns of type integer or number or money"),
        ("ticket_id: number", "ticket_id: number\n      channel: {const: fax}", "column channel: 'fax' is no value of the column"),
    ],
)  # fmt: skip
def test_the_sentence_names_file_entry_and_fault(tmp_path, old, new, sentence):
    assert old in GOOD
    text = GOOD.replace(old, new, 1)
    if not sentence:
        assert load_mappings(_written(tmp_path, text))
        return
    message = refusal(tmp_path, text)
    assert message.startswith("acme.yml")
    assert sentence in message


def _written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "acme.yml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("key", ["Yes", "1", "null", "2025-01-01"])
def test_keys_that_yaml_does_not_read_as_text_are_refused_with_a_hint(tmp_path, key):
    text = GOOD + f"      is_warranty: {{from: w, values: {{{key}: true}}}}\n"
    assert "write it in quotes" in refusal(tmp_path, text)


def test_quoted_keys_are_fine(tmp_path):
    text = GOOD + '      is_warranty: {from: w, values: {"Yes": true, "1": true}}\n'
    mapping = load_mappings(_written(tmp_path, text))[0]
    assert mapping.tables[0].columns["is_warranty"].values == {"Yes": True, "1": True}


def test_unknown_key_at_the_top(tmp_path):
    assert refusal(tmp_path, GOOD + "tabels: []\n") == "acme.yml: unknown key 'tabels'"


def test_a_folder_gives_its_own_files_in_order_and_not_the_presets(tmp_path):
    (tmp_path / "presets").mkdir()
    (tmp_path / "presets" / "other.yml").write_text("nonsense: [")
    (tmp_path / "b.yml").write_text(GOOD.replace("acme", "bbb"))
    (tmp_path / "a.yml").write_text(GOOD.replace("acme", "aaa"))
    assert [mapping.system for mapping in load_mappings(tmp_path)] == ["aaa", "bbb"]


def test_a_missing_folder_has_no_mappings_and_a_missing_file_is_an_error(tmp_path):
    assert load_mappings(tmp_path / "nowhere") == ()
    with pytest.raises(MappingError, match="does not exist"):
        load_mappings(tmp_path / "acme.yml")


def test_the_presets_load():
    presets = Path(__file__).parents[3] / "sources" / "presets"
    assert "servicenow" in {mapping.system for mapping in load_mappings(presets)}


def test_fingerprint_ignores_file_patterns_and_sees_everything_else(tmp_path):
    def fingerprint(text: str) -> str:
        return load_mappings(_written(tmp_path, text))[0].fingerprint((0,))

    original = fingerprint(GOOD)
    assert fingerprint(GOOD.replace("in*.csv", "out*.csv")) == original
    assert fingerprint("# a comment\n" + GOOD) == original
    for old, new in (("Asia/Shanghai", "UTC"), ("%d/%m", "%m/%d"), ("number", "id"), ("acme", "other")):
        assert fingerprint(GOOD.replace(old, new)) != original


def test_contract_mapping_covers_every_contract_as_snapshot_and_delta():
    mapping = contract_mapping("Asia/Shanghai")
    assert {(entry.contract, entry.delivery) for entry in mapping.tables} == {
        (name, delivery) for name in load_contracts() for delivery in ("snapshot", "delta")
    }


def test_a_shared_block_is_taken_over_and_its_keys_can_be_written_anew(tmp_path):
    path = tmp_path / "acme.yml"
    path.write_text(
        """
system: acme
time_zone: UTC
tables:
  - contract: crm.ticket_events
    from: &log {files: "log*.csv"}
    columns: &event {ticket_id: id, event_type: {const: assigned}, occurred_at: changed}
  - contract: crm.ticket_events
    from: *log
    columns:
      <<: *event
      event_type: {const: transferred}
""",
        encoding="utf-8",
    )
    first, second = load_mappings(path)[0].tables
    assert second.columns["ticket_id"] == first.columns["ticket_id"]
    assert [entry.columns["event_type"].const for entry in (first, second)] == ["assigned", "transferred"]
