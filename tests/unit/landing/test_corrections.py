"""Quarantined rows go out as a file, come back corrected, and are released."""

import csv
import io

import pytest

from tests.unit.landing.test_redelivery import accept
from warehouse.connections import reader
from warehouse.quarantine import file_accounts, quarantine_groups
from warehouse.quarantine_file import QuarantinedRow, neutralise, to_csv, to_table, to_xlsx

TICKETS = """ticket_id,opened_at,priority,subject
T1,soon,p1,=1+1
T2,2025-10-31 10:00,p2,fine
T3,later,p3,broken
T4
"""


def _export(site, kind=to_csv):
    rows = site.query(
        "select extract_id, file_name, row_number, column_name, reason, row_text from meta.quarantine"
        " semi join (from meta.extracts where state = 'accepted') using (extract_id) order by row_number"
    )
    return kind(*to_table(QuarantinedRow(*row) for row in rows))


def _corrected(content, changes, encoding="utf-8-sig", delimiter=","):
    """The file as a person saves it: cells changed by the ticket of their row."""
    lines = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    for line in lines:
        line.update(changes.get(line["_row"], {}))
    text = io.StringIO()
    writer = csv.DictWriter(text, list(lines[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(lines)
    return text.getvalue().encode(encoding)


@pytest.fixture
def quarantined(site):
    site.deliver("crm.tickets.csv", TICKETS)
    site.land()
    accept(site)
    return site


def test_the_file_has_the_columns_as_delivered_and_which_row_it_is(quarantined):
    lines = list(csv.DictReader(io.StringIO(_export(quarantined).decode("utf-8-sig"))))
    assert [(line["_row"], line["ticket_id"], line["opened_at"], line["subject"]) for line in lines] == [
        ("1", "T1", "soon", "'=1+1"), ("3", "T3", "later", "broken"), ("4", "", "", ""),
    ]  # fmt: skip
    assert lines[2]["_row_as_delivered"] == "T4"
    assert lines[0]["_reason"].startswith("opened_at: 'soon' is not")


@pytest.mark.parametrize(("encoding", "delimiter"), [("utf-8-sig", ","), ("gb18030", ","), ("utf-8", ";")])
def test_corrected_rows_are_released_where_they_were(quarantined, encoding, delimiter):
    site = quarantined
    changes = {
        "1": {"opened_at": "2025-10-30 09:00", "ticket_id": "工单1"},
        "4": {"ticket_id": "T4", "opened_at": "2025-10-30 10:00"},
    }
    site.deliver("quarantine_fixed.csv", _corrected(_export(site), changes, encoding, delimiter))
    report = site.land()
    assert [(e.file_name, e.rows_read, e.rows_loaded) for e in report.landed] == [("crm.tickets.csv", 4, 3)]
    with reader(site.settings.warehouse_file, site.settings) as connection:
        # while the corrected reading waits for gate 1, the first one is not listed beside it
        assert [group.rows for group in quarantine_groups(connection)] == [1]
    accept(site)
    assert site.query(
        "select ticket_id, subject, _row_number from raw.crm__tickets"
        " semi join (from meta.extracts where state = 'accepted') on extract_id = _extract_id order by 3"
    ) == [("工单1", "=1+1", 1), ("T2", "fine", 2), ("T4", None, 4)]
    assert site.query("select list(state order by state), count(distinct extracted_at) from meta.extracts") == [
        (["accepted", "replaced"], 1)
    ]
    with reader(site.settings.warehouse_file, site.settings) as connection:
        (account,) = file_accounts(connection)
        (group,) = quarantine_groups(connection)
    assert (account.rows, account.open, account.released) == (3, 1, 2)
    assert (group.reason_code, group.rows, group.examples) == ("bad_instant", 1, "crm.tickets.csv row 3")
    # read = loaded + rejected + quarantined (nothing else here), before and after
    assert site.query(
        "select rows_read, rows_loaded, rows_rejected, rows_quarantined from meta.extract_entries order by rows_loaded"
    ) == [(4, 1, 1, 2), (4, 3, 0, 1)]
    assert site.query("select correction_name, row_numbers from meta.corrections") == [
        ("quarantine_fixed.csv", [1, 3, 4])
    ]
    assert site.land().unchanged == 2


def test_a_second_file_corrects_what_the_first_one_left(quarantined):
    site = quarantined
    site.deliver("quarantine_1.xlsx", _export(site, to_xlsx))
    site.land()
    accept(site)
    site.deliver("quarantine_2.csv", _corrected(_export(site), {"3": {"opened_at": "2025-10-30 10:00"}}))
    (site.settings.landing_dir / "crm.tickets.csv").unlink()
    assert [e.rows_loaded for e in site.land().landed] == [2]
    accept(site)
    assert site.query("select len(corrections) from meta.extracts where state = 'accepted'") == [(2,)]


def test_a_changed_mapping_keeps_the_corrections(site, bench):
    site.deliver("in.csv", "id,when,x,y\n1,soon,a,b\n2,2025-10-31 10:00,c,d\n")
    columns = {"opened_at": "when", "subject": "x"}
    site.land(bench.table(columns))
    accept(site)
    site.deliver("quarantine.csv", _corrected(_export(site), {"1": {"when": "2025-10-30 10:00"}}))
    assert [e.rows_loaded for e in site.land(bench.table(columns)).landed] == [2]
    accept(site)
    assert [e.rows_loaded for e in site.land(bench.table(columns | {"subject": "y"})).landed] == [2]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("ticket_id,opened_at\nT1,x\n", "no_quarantine_id"),
        ("_quarantine_id,opened_at\nnonsense,x\n", "bad_correction"),
        ("_quarantine_id,opened_at\n0123456789abcdef-1\n", "bad_correction"),
        ("_quarantine_id,opened_at\n0123456789abcdef-1,x\n", "unknown_quarantine_rows"),
        ("", "empty_file"),
    ],
)
def test_a_correction_that_cannot_be_understood_is_refused_and_changes_nothing(quarantined, content, code):
    quarantined.deliver("quarantine_x.csv", content)
    report = quarantined.land()
    assert [e.file_name for e in report.refused] == ["quarantine_x.csv"]
    assert all(e.reason_en and e.reason_zh for e in report.refused)
    assert quarantined.query("select reason_code from meta.extracts where state = 'refused'") == [(code,)]
    assert quarantined.query("select count(*) from meta.corrections") == [(0,)]
    assert quarantined.land().unchanged == 2


@pytest.mark.parametrize("text", ["=1+1", "+86", "-5", "@x", "'=1", "''-2"])
def test_formulas_are_harmless_outside_and_themselves_inside(site, text):
    site.deliver("crm.tickets.csv", f"ticket_id,opened_at,subject\nT1,soon,{text}\n")
    site.land()
    accept(site)
    exported = _export(site)
    assert neutralise(text).startswith("'")
    assert neutralise(text).encode() in exported
    site.deliver("quarantine.csv", _corrected(exported, {"1": {"opened_at": "2025-10-30 10:00"}}))
    site.land()
    assert site.query("select subject from raw.crm__tickets") == [(text,)]
