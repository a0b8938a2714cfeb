"""Landing a folder: what is new, what is known, what is refused, and what the manifest says about it."""

import gzip
import os
import shutil
from pathlib import Path

import pytest

from landing.delivery import withdraw
from landing.landing_folder import fingerprint_file
from warehouse.connections import writer
from warehouse.errors import ExtractError, MappingError
from warehouse.manifest import ExtractState, set_state, settle_replacements

TICKETS = """ticket_id,opened_at,status,customer_id,agent_id
T1,2025-10-31T08:30:00+08:00,new,K1,E1
T2,2025-10-31 09:00,closed,K2,E1
"""


def test_contract_files_land_by_name_with_lineage(site):
    site.deliver("acme/crm.tickets.csv", TICKETS)
    site.deliver("crm.tickets.2025-10.csv.gz", "ticket_id,opened_at\nT3,2025-10-31 10:00\n")
    report = site.land()
    assert [(e.file_name, e.contracts, e.rows_read, e.rows_loaded) for e in report.landed] == [
        ("acme/crm.tickets.csv", ("crm.tickets",), 2, 2),
        ("crm.tickets.2025-10.csv.gz", ("crm.tickets",), 1, 1),
    ]
    assert site.query(
        "select ticket_id, strftime(opened_at, '%d %H:%M'), status, _source_system, _extract_file, _row_number"
        " from raw.crm__tickets order by 1"
    ) == [
        ("T1", "31 00:30", "new", "acme", "acme/crm.tickets.csv", 1),
        ("T2", "31 01:00", "closed", "acme", "acme/crm.tickets.csv", 2),
        ("T3", "31 02:00", None, "contract", "crm.tickets.2025-10.csv.gz", 1),
    ]
    assert site.query("select file_name, state, mapping, source_system from meta.extracts order by 1") == [
        ("acme/crm.tickets.csv", "candidate", "contract", "acme"),
        ("crm.tickets.2025-10.csv.gz", "candidate", "contract", "contract"),
    ]
    counts = site.query(
        "select delivery, rows_read, rows_loaded, unmapped_columns from meta.extract_entries order by 1"
    )
    assert counts == [
        ("delta", 1, 1, []), ("snapshot", 2, 2, []),
    ]  # fmt: skip
    assert site.query("select count(*) from meta.source_capabilities") == [(0,)]


def test_unknown_columns_of_a_contract_file_are_listed_and_order_is_free(site):
    site.deliver("crm.tickets.csv", "colour,opened_at,ticket_id\nred,2025-10-31 10:00,T1\n")
    site.land()
    assert site.query("select unmapped_columns, mapped_columns from meta.extract_entries") == [
        (["colour"], ["ticket_id", "opened_at"])
    ]


def test_people_are_pseudonyms_in_raw_and_known_only_to_the_private_table(site):
    site.deliver("crm.tickets.csv", TICKETS)
    site.deliver("erp.employees.csv", "employee_id,effective_from,employee_name\nE1,2025-01-01,Zhang San\n")
    site.land()
    in_tickets = site.query("select distinct agent_id from raw.crm__tickets")
    assert in_tickets == site.query("select employee_id from raw.erp__employees")
    assert in_tickets == site.query("select pseudonym from private.identities where identifier = 'E1'")
    assert site.query("select count(*) from private.identities") == [(3,)]


def test_missing_required_column_refuses_with_a_sentence_in_both_languages(site):
    site.deliver("crm.tickets.csv", "opened_at,status\n2025-10-31 10:00,new\n")
    report = site.land()
    sentence = "crm.tickets.csv: required column ticket_id is missing; the file has opened_at, status"
    assert [(e.rows_loaded, e.reason_en) for e in report.refused] == [(0, sentence)]
    assert site.query("select state, reason_code, reason_en, reason_zh from meta.extracts") == [
        ("refused", "missing_column", sentence, "crm.tickets.csv：缺少必需列 ticket_id，文件中的列为 opened_at, status")
    ]
    assert site.query("select count(*) from raw.crm__tickets") == [(0,)]


def test_same_bytes_are_landed_once_whatever_their_name_or_state(site):
    site.deliver("crm.tickets.csv", TICKETS)
    site.deliver("crm.customers.csv", "wrong\n1\n")
    first = site.land()
    site.deliver("copy.of.crm.tickets.csv", TICKETS)
    second = site.land()
    assert (len(first.landed), len(first.refused), first.unchanged) == (1, 1, 0)
    assert (second.landed, second.refused, second.unchanged) == ((), (), 2)
    assert site.query("select count(*) from raw.crm__tickets") == [(2,)]


def test_same_name_with_new_bytes_is_a_new_extract_beside_the_old(site):
    site.deliver("crm.tickets.csv", TICKETS)
    site.land()
    site.deliver("crm.tickets.csv", TICKETS + "T9,2025-10-31 09:00,,,\n")
    site.land()
    assert site.query("select state, count(*) from meta.extracts group by 1") == [("candidate", 2)]
    assert site.query("select count(*) from raw.crm__tickets") == [(5,)]


def _judge(site, extract_id, state):
    """What gate 1 does with a candidate."""
    with writer(site.settings.warehouse_file, site.settings) as connection:
        set_state(connection, [extract_id], state)
        settle_replacements(connection)


def test_changed_mapping_replaces_when_it_is_accepted_and_changing_back_reinstates(site, bench):
    site.deliver("in.csv", "id,x,y\n1,a,b\n")
    one, two = bench.table({"subject": "x"}), bench.table({"subject": "y"})
    first = site.land(one).landed[0].extract_id
    _judge(site, first, ExtractState.ACCEPTED)
    second = site.land(two).landed[0].extract_id
    states = "select extract_id, state, replaced_by from meta.extracts order by loaded_at"
    assert site.query(states) == [(first, "accepted", second), (second, "candidate", None)]
    _judge(site, second, ExtractState.ACCEPTED)
    assert site.query(states) == [(first, "replaced", second), (second, "accepted", None)]
    assert site.land(two).unchanged == 1
    back = site.land(one)
    assert [e.extract_id for e in back.landed] == [first]
    assert site.query(states) == [(first, "candidate", None), (second, "accepted", first)]
    _judge(site, first, ExtractState.ACCEPTED)
    assert site.query(states) == [(first, "accepted", None), (second, "replaced", first)]
    assert site.query("select count(*) from raw.crm__tickets") == [(2,)]


def test_a_new_mapping_that_gate_1_refuses_leaves_the_old_rows_in_force(site, bench):
    site.deliver("in.csv", "id,x,y\n1,a,b\n")
    first = site.land(bench.table({"subject": "x"})).landed[0].extract_id
    _judge(site, first, ExtractState.ACCEPTED)
    second = site.land(bench.table({"subject": "y"})).landed[0].extract_id
    _judge(site, second, ExtractState.REFUSED)
    states = "select extract_id, state, replaced_by from meta.extracts order by loaded_at"
    assert site.query(states) == [(first, "accepted", None), (second, "refused", None)]


def test_a_mapping_that_goes_back_before_it_was_judged_replaces_nothing(site, bench):
    site.deliver("in.csv", "id,x,y\n1,a,b\n")
    one = bench.table({"subject": "x"})
    first = site.land(one).landed[0].extract_id
    _judge(site, first, ExtractState.ACCEPTED)
    second = site.land(bench.table({"subject": "y"})).landed[0].extract_id
    assert site.land(one).unchanged == 1
    _judge(site, second, ExtractState.ACCEPTED)
    states = "select extract_id, state from meta.extracts order by loaded_at"
    assert site.query(states) == [(first, "accepted"), (second, "replaced")]


def test_a_new_mapping_that_landing_refuses_leaves_the_old_rows_in_force(site, bench):
    site.deliver("in.csv", "id,x\n1,a\n")
    site.land(bench.table({"subject": "x"}))
    assert len(site.land(bench.table({"ticket_id": "gone"})).refused) == 1
    assert site.query("select state from meta.extracts order by loaded_at") == [("candidate",), ("refused",)]


def test_one_bad_file_does_not_stop_the_next(site):
    site.deliver("a/crm.tickets.csv", b"\xff\xfe\x00garbage")
    site.deliver("b/crm.tickets.xlsx", b"no workbook")
    site.deliver("c/crm.tickets.csv", TICKETS)
    report = site.land()
    assert [e.file_name for e in report.refused] == ["a/crm.tickets.csv", "b/crm.tickets.xlsx"]
    assert [e.file_name for e in report.landed] == ["c/crm.tickets.csv"]


def test_mapping_wins_over_the_contract_rule(site, bench):
    site.deliver("crm.tickets.csv", "id,x\n1,a\n")
    report = site.land(bench.table({"subject": "x"}, source={"files": "crm.tickets.csv"}))
    assert report.landed[0].rows_loaded == 1
    assert site.query("select _source_system, subject from raw.crm__tickets") == [("acme", "a")]


def test_pattern_with_a_folder_looks_at_the_whole_path(site, bench):
    site.deliver("eu/in.csv", "id\n1\n")
    site.deliver("us/in.csv", "id\n2\n")
    report = site.land(bench.table({}, source={"files": "eu/*.csv"}))
    assert ([e.file_name for e in report.landed], report.unmatched_files) == (["eu/in.csv"], ("us/in.csv",))


def test_two_mappings_of_one_system_may_not_claim_one_file(site, bench):
    site.deliver("in.csv", "id\n1\n")
    one = bench.table({})
    with pytest.raises(MappingError, match=r"both map in\.csv for system acme"):
        site.land(one, one.model_copy(update={"name": "other"}))


def test_what_is_passed_over(site, tmp_path):
    outside = tmp_path / "crm.tickets.csv"
    outside.write_text(TICKETS)
    for name in (".hidden/crm.tickets.csv", ".crm.tickets.csv", "crm.tickets.csv.part", "crm.tickets.csv.tmp"):
        site.deliver(name, TICKETS)
    site.deliver("notes.docx", "x")
    site.deliver("unknown.csv", "x\n")
    (site.settings.landing_dir / "link").mkdir()
    (site.settings.landing_dir / "link" / "crm.tickets.csv").symlink_to(outside)
    report = site.land()
    assert report.unmatched_files == ("notes.docx", "unknown.csv")
    assert (report.landed, report.refused) == ((), ())


def test_a_file_that_grows_while_it_is_read_waits_for_the_next_run(tmp_path, monkeypatch):
    path = tmp_path / "crm.tickets.csv"
    path.write_text(TICKETS)
    opened = Path.open

    def growing(self, *args, **kwargs):
        stream = opened(self, *args, **kwargs)
        if args == ("rb",):
            os.utime(path, ns=(1, 1))
        return stream

    monkeypatch.setattr(Path, "open", growing)
    assert fingerprint_file(path, tmp_path) is None
    monkeypatch.undo()
    assert fingerprint_file(path, tmp_path).bytes == len(TICKETS)


def test_archive_holds_the_delivered_bytes_read_only(site):
    path = site.deliver("crm.tickets.csv.gz", TICKETS)
    site.land()
    ((sha256,),) = site.query("select sha256 from meta.extracts")
    copy = site.settings.archive_dir / sha256
    assert gzip.decompress(copy.read_bytes()).decode() == TICKETS
    assert copy.stat().st_mode & 0o777 == 0o444
    assert path.exists()


def test_traces_of_dead_runs_are_removed_and_none_are_left(site):
    stale = site.settings.temp_dir / "landing-999999999-x"
    stale.mkdir()
    (site.settings.archive_dir / ".incoming-x").write_text("half")
    site.deliver("crm.tickets.csv", TICKETS)
    site.land()
    assert list(site.settings.temp_dir.glob("landing-*")) == []
    assert list(site.settings.archive_dir.glob(".incoming-*")) == []


def test_progress_and_extraction_time(site):
    from datetime import datetime

    site.deliver("a.csv", "x\n")
    site.deliver("crm.tickets.csv", TICKETS)
    seen = []
    site.land(extracted_at=datetime(2025, 11, 1), report=lambda *step: seen.append(step))
    assert seen == [("crm.tickets.csv", 0, 1), ("crm.tickets.csv", 1, 1)]
    assert site.query("select distinct _extracted_at = '2025-11-01' from raw.crm__tickets") == [(True,)]


def test_extraction_time_of_a_mapping_is_local_to_its_zone(site, bench):
    site.deliver("in.csv", "id\n1\n")
    mapping = bench.table({}).model_copy(update={"time_zone": "Asia/Shanghai"})
    document = mapping.model_dump(by_alias=True, exclude_unset=True) | {"extracted_at": "2025-11-01T08:00:00"}
    site.land(type(mapping).model_validate(document))
    assert site.query("select strftime(extracted_at, '%Y-%m-%d %H:%M') from meta.extracts") == [("2025-11-01 00:00",)]


def test_withdraw(site):
    site.deliver("crm.tickets.csv", TICKETS)
    extract_id = site.land().landed[0].extract_id
    withdraw(site.settings, extract_id)
    assert site.query("select state, reason_code from meta.extracts") == [("withdrawn", "withdrawn")]
    assert site.land().unchanged == 1
    with pytest.raises(ExtractError, match="is withdrawn; only"):
        withdraw(site.settings, extract_id)
    with pytest.raises(ExtractError, match="no extract nonsense has landed"):
        withdraw(site.settings, "nonsense")


def test_landing_folder_that_does_not_exist(site):
    shutil.rmtree(site.settings.landing_dir)
    report = site.land()
    assert (report.landed, report.unmatched_files) == ((), ())


def test_quarantine_and_bad_cells_carry_extract_entry_and_file(site):
    site.deliver("crm.tickets.csv", "ticket_id,opened_at,priority\nT1,soon,p1\nT2,2025-10-31 10:00,urgent\nT3\n")
    site.land()
    assert site.query(
        "select entry >= 0, contract, file_name, row_number, column_name, value, reason_code"
        " from meta.quarantine order by 4"
    ) == [
        (True, "crm.tickets", "crm.tickets.csv", 1, "opened_at", "soon", "bad_instant"),
        (True, "crm.tickets", "crm.tickets.csv", 3, None, None, "parse_missing_columns"),
    ]
    assert site.query("select row_number, column_name, value, reason_code, reason from meta.bad_cells") == [
        (2, "priority", "urgent", "not_in_values", "priority: 'urgent' is not one of p1, p2, p3, p4")
    ]
    assert site.query(
        "select rows_read, rows_loaded, rows_quarantined, rows_rejected, bad_cells from meta.extract_entries"
    ) == [(3, 1, 1, 1, 1)]
