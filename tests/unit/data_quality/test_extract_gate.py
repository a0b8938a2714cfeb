"""Gate 1 from end to end: one failing and one passing extract for every rule about delivered files."""

import time
from datetime import datetime, timedelta
from string import ascii_lowercase
from typing import Any

import pytest

from data_quality import extract_gate, gate_file
from data_quality.gate_file import Observation
from data_quality.rule import waivable_rules
from warehouse.connections import writer
from warehouse.contract import load_contracts
from warehouse.errors import ExtractError
from warehouse.manifest import ExtractState, accept_refused
from warehouse.operations import Gate, GateRecord, OperationsStore, Verdict
from warehouse.settings import Settings

ACCEPTED, REFUSED, CANDIDATE = ExtractState.ACCEPTED, ExtractState.REFUSED, ExtractState.CANDIDATE


@pytest.fixture
def judge(settings: Settings, store: OperationsStore):
    def run(run_id: str = "run-1") -> GateRecord:
        return extract_gate.judge_extracts(settings, store, run_id=run_id, build_id="build-1")

    return run


def violations(record: GateRecord) -> set[tuple[str, str]]:
    return {(result.rule, result.severity) for result in record.results if result.outcome == "failed"}


def test_good_extract_is_accepted_and_the_record_is_stored(warehouse, judge, store):
    warehouse.land("e1", "crm.tickets")
    record = judge()
    assert record.verdict is Verdict.PASSED
    assert violations(record) == set()
    assert warehouse.states() == {"e1": ACCEPTED}
    stored = store.last_gate(Gate.RAW, "build-1")
    assert stored.results == record.results
    assert stored.rules_checked == record.rules_checked > 20
    assert {result.suite for result in record.results} == {"raw.crm__tickets", "meta.extract_entries"}


def test_nothing_to_judge_passes_without_rules(settings, judge, warehouse):
    assert (judge().verdict, judge().rules_checked) == (Verdict.PASSED, 0)
    settings.warehouse_file.unlink()
    assert (judge().verdict, judge().rules_checked) == (Verdict.PASSED, 0)


def test_extract_refused_by_landing_fails_the_gate_of_its_run_only(warehouse, judge):
    warehouse.land("bad", rows=0, state=REFUSED, reason="zip bomb", file_name="a.xlsx", run_id="run-1")
    warehouse.land("good", "crm.customers")
    record = judge("run-1")
    assert record.verdict is Verdict.FAILED
    (result,) = [result for result in record.results if result.outcome == "failed"]
    assert (result.rule, result.extract_id, result.file_name) == ("extract_landed", "bad", "a.xlsx")
    assert result.reason_en == "a.xlsx was refused when it landed: zip bomb"
    assert warehouse.states() == {"bad": REFUSED, "good": ACCEPTED}
    assert judge("run-2").verdict is Verdict.PASSED


ENTRY_CASES: list[tuple[str, str | None, dict[str, Any]]] = [
    ("file_has_rows", "critical", {"rows": 0}),
    ("rows_loaded", "critical", {"rows": 0, "rows_quarantined": 40}),
    ("rows_loaded", None, {"rows": 100, "rows_filtered": 900}),
    ("rows_accounted", "critical", {"rows_read": 103}),
    ("rows_accounted", None, {"rows_folded": 40}),
    ("rows_arrived", "critical", {"rows_in_raw": 99}),
    ("rows_quarantined", "critical", {"rows_quarantined": 6, "worst_column": "csat_score"}),
    ("rows_quarantined", "warning", {"rows_quarantined": 1, "rows_rejected": 1}),
    ("rows_quarantined", None, {"rows_quarantined": 1}),
    ("rows_quarantined", "critical", {"rows_quarantined": 6, "rows_filtered": 5000}),
    ("bad_cells", "critical", {"bad_cells": 6, "worst_bad_share": 0.06, "worst_column": "csat_score"}),
    ("bad_cells", None, {"bad_cells": 5, "worst_bad_share": 0.05, "worst_column": "csat_score"}),
    ("rows_conflicting", "critical", {"rows_conflicting": 2}),
    ("rows_conflicting", None, {"rows_conflicting": 1}),
    ("rows_identical", "critical", {"rows_identical": 26}),
    ("rows_identical", "warning", {"rows_identical": 25}),
    ("rows_identical", None, {"rows_identical": 1}),
    ("not_from_the_future", "warning", {"last_instant": datetime(2025, 10, 8)}),
    ("not_from_the_future", None, {"last_instant": datetime(2025, 10, 7, 1)}),
    ("columns_new", "warning", {"unmapped_columns": ["colour"]}),
]


def test_rules_about_one_file(warehouse, judge):
    """All examples land together: each extract is judged alone."""
    for number, (_, _, landed) in enumerate(ENTRY_CASES):
        warehouse.land(f"e{number}", file_name=f"{ascii_lowercase[number]}.csv", **{"rows": 100, **landed})
    record = judge()
    assert record.verdict is Verdict.FAILED
    states = warehouse.states()
    for number, (rule, severity, _) in enumerate(ENTRY_CASES):
        failed = {r.rule: r for r in record.results if r.outcome == "failed" and r.extract_id == f"e{number}"}
        assert (rule in failed) is (severity is not None), (number, rule)
        assert states[f"e{number}"] is (REFUSED if severity == "critical" else ACCEPTED)
        for result in failed.values():
            assert result.severity == severity, (number, rule)
            assert result.file_name == f"{ascii_lowercase[number]}.csv"
            assert result.file_name in result.reason_en
            assert result.file_name in result.reason_zh


def test_refusal_names_file_column_observed_and_limit(warehouse, judge):
    warehouse.land("e1", bad_cells=30, worst_bad_share=0.3, worst_column="csat_score")
    judge()
    code, english, chinese = warehouse.reasons()["e1"]
    assert code == "bad_cells"
    assert english == (
        "survey.responses_20251006.csv: 30 % of the values in column csat_score of survey.responses cannot be read, "
        "at most 5 % is allowed"
    )
    assert (
        chinese == "survey.responses_20251006.csv：survey.responses 的 csat_score 列有 30 % 的值无法识别，允许至多 5 %"
    )


def test_critical_limit_is_told_once(warehouse, judge):
    warehouse.land("e1", rows_quarantined=50)
    assert violations(judge()) == {("rows_quarantined", "critical")}


def test_each_extract_is_judged_alone(warehouse, judge):
    warehouse.land("e1")
    warehouse.land("e2", day=1, rows_conflicting=30)
    warehouse.land("e3", "crm.tickets", rows_conflicting=1)
    assert judge().verdict is Verdict.FAILED
    assert warehouse.states() == {"e1": ACCEPTED, "e2": REFUSED, "e3": ACCEPTED}
    assert judge("run-2").verdict is Verdict.PASSED


VOLUME_CASES = [
    (60, "snapshot", "critical"),
    (85, "snapshot", "warning"),
    (95, "snapshot", None),
    (200, "snapshot", None),
    (60, "delta", None),
]


@pytest.mark.parametrize(("rows", "delivery", "severity"), VOLUME_CASES)
def test_volume_against_the_delivery_before(warehouse, judge, rows, delivery, severity):
    warehouse.land("old", rows=100, state=ACCEPTED, delivery=delivery)
    warehouse.land("new", rows=rows, day=7, delivery=delivery)
    record = judge()
    rules = ("volume", "rows_gone") if delivery == "snapshot" else ("volume",)
    assert violations(record) == ({(rule, severity) for rule in rules} if severity else set())
    if severity == "critical":
        assert "60 %" in warehouse.reasons()["new"][1]
        assert "60 / 100, survey.responses_20251006.csv" in warehouse.reasons()["new"][1]


def test_volume_does_not_compare_other_systems_families_or_small_files(warehouse, judge):
    warehouse.land("other system", rows=100, state=ACCEPTED, system="erp")
    warehouse.land("other family", rows=100, state=ACCEPTED, file_name="archive.csv", part="archive.csv")
    warehouse.land("small", "erp.employees", rows=5, state=ACCEPTED)
    warehouse.land("new", rows=10, day=7, part="responses*.csv")
    warehouse.land("new small", "erp.employees", rows=2, day=7)
    assert violations(judge()) == set()


def test_volume_of_a_restated_delta(warehouse, judge):
    warehouse.land("old", rows=100, state=ACCEPTED, delivery="delta", file_name="october.csv")
    warehouse.land("new", rows=69, day=7, delivery="delta", file_name="october.csv")
    assert violations(judge()) == {("volume", "critical")}


def test_a_mass_disappearance_stops_until_a_person_accepts_it(warehouse, judge):
    warehouse.land("old", rows=100, state=ACCEPTED, part="")
    half = [row for row in warehouse._rows("survey.responses", 120) if int(row["response_id"][1:]) >= 20]
    warehouse.land("new", rows=half, day=7, part="")
    assert violations(judge()) == {("rows_gone", "critical")}
    code, english, chinese = warehouse.reasons()["new"]
    assert code == "rows_gone"
    assert "20 % of the rows of survey.responses (20 / 100)" in english
    assert "20 %（20 / 100）" in chinese
    with writer(warehouse.settings.warehouse_file, warehouse.settings) as connection:
        accept_refused(connection, "new", waivable_rules())
    record = judge("run-2")
    assert (record.verdict, violations(record)) == (Verdict.PASSED, {("rows_gone", "warning")})
    assert warehouse.states()["new"] is ACCEPTED


def test_only_a_refused_extract_can_be_accepted_and_one_that_never_landed_is_read_again(warehouse):
    warehouse.land("good", rows=10, state=ACCEPTED)
    warehouse.land("unread", rows=0, state=REFUSED, reason="parser_timeout")
    warehouse.execute("delete from meta.extract_entries where extract_id = 'unread'")
    with writer(warehouse.settings.warehouse_file, warehouse.settings) as connection:
        accept_refused(connection, "unread", waivable_rules())
        for extract_id, reason in (("good", "is accepted; only a refused"), ("nonsense", "no extract nonsense")):
            with pytest.raises(ExtractError, match=reason):
                accept_refused(connection, extract_id, waivable_rules())
    assert warehouse.states() == {"good": ACCEPTED}


def test_a_snapshot_whose_rows_do_not_tell_their_key_takes_nothing_away(warehouse, judge):
    warehouse.land("old", rows=100, state=ACCEPTED, part="")
    rows = warehouse._rows("survey.responses", 98)[18:]
    warehouse.land("new", rows=rows, day=7, part="", rows_rejected=1, rows_without_key=1)
    assert violations(judge()) == {
        ("snapshot_is_whole", "warning"),
        ("volume", "warning"),
        ("rows_quarantined", "warning"),
    }


def test_history_landed_at_once_is_judged_like_one_landed_file_by_file(warehouse, judge):
    for day, rows in ((0, 100), (7, 55), (14, 101), (21, 100)):
        warehouse.land(f"e{day}", rows=rows, day=day)
    judge()
    assert warehouse.states() == {"e0": ACCEPTED, "e7": REFUSED, "e14": ACCEPTED, "e21": ACCEPTED}


def test_parts_of_one_export_are_no_yardstick_for_each_other(warehouse, judge):
    warehouse.land("p1", rows=100, file_name="tickets_part1.csv")
    warehouse.land("p2", rows=20, file_name="tickets_part2.csv")
    assert judge().verdict is Verdict.PASSED


def test_old_snapshot_warns(warehouse, judge):
    warehouse.land("new", state=ACCEPTED, day=30)
    warehouse.land("late", day=31, last_instant=datetime(2025, 10, 6) + timedelta(days=10))
    assert violations(judge()) == {("snapshot_is_fresh", "warning")}


def test_columns_against_the_delivery_before(warehouse, judge):
    columns = ["response_id", "ticket_id", "csat_score"]
    warehouse.land("old", state=ACCEPTED, mapped_columns=columns, unmapped_columns=["colour"])
    warehouse.land("same", day=7, mapped_columns=columns, unmapped_columns=["colour"])
    assert violations(judge()) == set()
    warehouse.land("less", day=8, mapped_columns=columns[:2], unmapped_columns=["colour"])
    assert violations(judge()) == {("columns_missing", "warning")}
    warehouse.land("renamed", day=9, mapped_columns=columns[:2], unmapped_columns=["colour", "csat"], fingerprint="m1")
    # the delivery before it had no csat_score either: nothing vanished, one column is new
    assert violations(judge()) == {("columns_new", "warning")}


def test_of_many_new_columns_the_first_are_named(warehouse, judge):
    columns = ["response_id", "ticket_id"]
    warehouse.land("json", mapped_columns=columns, unmapped_columns=[f"key_{number}" for number in range(40)])
    [reason] = [result.reason_en for result in judge().results if result.rule == "columns_new"]
    assert "column key_0, key_1, " in reason
    assert "key_11, … (+28) is new" in reason


def test_renamed_column_stops(warehouse, judge):
    columns = ["response_id", "ticket_id", "csat_score"]
    warehouse.land("old", state=ACCEPTED, mapped_columns=columns)
    warehouse.land("renamed", day=7, mapped_columns=columns[:2], unmapped_columns=["csat"])
    warehouse.land("mapped", day=7, mapped_columns=columns[:2], unmapped_columns=["csat"], fingerprint="m2")
    assert judge().verdict is Verdict.FAILED
    assert warehouse.states() == {"old": ACCEPTED, "renamed": REFUSED, "mapped": ACCEPTED}
    assert "csat_score" in warehouse.reasons()["renamed"][1]


ROW_CASES: list[tuple[str, str, str, dict[str, Any]]] = [
    ("required_value", "opened_at", "crm.tickets", {"opened_at": None}),
    ("known_code", "status", "crm.tickets", {"status": "reborn"}),
    ("value_in_range", "csat_score", "survey.responses", {"csat_score": 101.0}),
    ("value_in_range", "nps_score", "survey.responses", {"nps_score": -1.0}),
    ("value_in_pattern", "quarter", "survey.peer_reviews", {"quarter": "2025Q4"}),
    ("lineage_value", "_row_number", "crm.tickets", {"_row_number": None}),
    ("key_is_unique", "ticket_id", "crm.tickets", {"ticket_id": "X1"}),
]


def test_rules_about_landed_rows(warehouse, judge):
    for number, (_, _, contract, wrong) in enumerate(ROW_CASES):
        rows = warehouse._rows(contract, 100)
        warehouse.land(f"good{number}", contract, rows, file_name=f"good {ascii_lowercase[number]}.csv")
        spoilt = [{**row, **(wrong if position < 6 else {})} for position, row in enumerate(rows)]
        warehouse.land(f"bad{number}", contract, spoilt, file_name=f"bad {ascii_lowercase[number]}.csv")
    record = judge()
    failed = [(r.rule, r.column_name, r.extract_id) for r in record.results if r.outcome == "failed"]
    assert sorted(failed) == sorted((rule, column, f"bad{n}") for n, (rule, column, _, _) in enumerate(ROW_CASES))
    for number, (rule, column, contract, _) in enumerate(ROW_CASES):
        assert warehouse.states()[f"good{number}"] is ACCEPTED
        assert warehouse.states()[f"bad{number}"] is REFUSED
        code, english, chinese = warehouse.reasons()[f"bad{number}"]
        assert code == rule
        for text in (english, chinese):
            assert f"bad {ascii_lowercase[number]}.csv" in text
            assert column in text
            assert contract in text


def test_key_may_repeat_in_a_log(warehouse, judge):
    rows = warehouse._rows("crm.ticket_events", 50)
    warehouse.land("log", "crm.ticket_events", [*rows, *rows], delivery="log")
    assert judge().verdict is Verdict.PASSED


def test_offenders_are_counted_beyond_what_great_expectations_lists(warehouse, judge):
    rows = [{**row, "status": "reborn"} for row in warehouse._rows("crm.tickets", 600)]
    warehouse.land("e1", "crm.tickets", rows)
    (result,) = [result for result in judge().results if result.outcome == "failed"]
    assert result.observed == "600"


def test_candidate_without_entries_is_refused(warehouse, judge):
    warehouse.land("e1")
    warehouse.execute("delete from meta.extract_entries")
    assert judge().verdict is Verdict.FAILED
    assert warehouse.states() == {"e1": REFUSED}


def test_broken_rule_leaves_candidates_for_the_next_run(warehouse, judge, monkeypatch):
    warehouse.land("e1")
    with monkeypatch.context() as patch:
        patch.setattr(gate_file, "_observe", lambda check, result: Observation(None, "no such function"))
        record = judge()
    assert record.verdict is Verdict.BROKEN
    assert {result.outcome for result in record.results} == {"errored"}
    assert "no such function" in record.results[0].reason_en
    assert warehouse.states() == {"e1": CANDIDATE}
    assert judge("run-2").verdict is Verdict.PASSED
    assert warehouse.states() == {"e1": ACCEPTED}


def test_disagreement_of_the_two_counts_is_a_broken_gate(warehouse, judge, monkeypatch):
    warehouse.land("e1")
    monkeypatch.setattr(gate_file, "_observe", lambda check, result: Observation(7))
    assert judge().verdict is Verdict.BROKEN
    assert warehouse.states() == {"e1": CANDIDATE}


def test_column_that_the_table_lost_breaks_the_gate_and_accepts_nothing(warehouse, judge):
    warehouse.land("e1")
    warehouse.execute("alter table raw.survey__responses drop column csat_score")
    record = judge()
    assert record.verdict is Verdict.BROKEN
    assert warehouse.states() == {"e1": CANDIDATE}


def test_exception_is_a_broken_gate(warehouse, judge, monkeypatch, store):
    warehouse.land("e1")

    def explode(*_: object) -> None:
        raise RuntimeError("out of memory")

    monkeypatch.setattr(extract_gate, "measure_entries", explode)
    assert judge().verdict is Verdict.BROKEN
    assert store.last_gate(Gate.RAW).results[0].observed == "out of memory"
    assert warehouse.states() == {"e1": CANDIDATE}


def test_forty_extracts_are_judged_together(warehouse, settings, store):
    """By the processor time of one process: forty extracts cost four or five times what one costs."""

    def judged(numbers: range) -> float:
        for number in numbers:
            warehouse.land(
                f"e{number:02}", contracts[number % len(contracts)], rows=200, file_name=f"f{number}.csv",
                delivery="log",
            )  # fmt: skip
        before = time.process_time()
        assert extract_gate.judge_extracts(settings, store, run_id="r", build_id="b").verdict == "passed"
        return time.process_time() - before

    contracts = list(load_contracts())
    judged(range(1))  # imports
    one = judged(range(1, 2))
    forty = judged(range(2, 42))
    assert set(warehouse.states().values()) == {ACCEPTED}
    assert forty < 12 * one
