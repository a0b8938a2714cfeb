"""Filtering, folding, bad cells, quarantine, repeated rows: which rows load, and that every row is accounted for."""

from datetime import datetime

import pytest

from landing.refusal import RefusalError

LOG = """number,state,changed,who
A,New,2025-01-01 10:00,x
A,Active,2025-01-01 11:00,y
B,New,2025-01-01 10:30,x
A,Closed,2025-01-01 12:00,z
B,Active,2025-01-01 10:10,
"""


def accounts(parsed):
    e = parsed.entry
    return {
        name: value
        for name in ("read", "loaded", "rejected", "quarantined", "folded", "filtered", "identical", "conflicting")
        if (value := getattr(e, f"rows_{name}"))
    }


def tickets(bench, columns, content=LOG, **entry):
    needed = {"ticket_id": "number", "opened_at": {"const": "2025-01-01 00:00"}}
    return bench.parse("in.csv", content, bench.table(needed | columns, **entry))[0]


def test_keep_last_reads_the_last_row_of_each_key(bench):
    parsed = tickets(bench, {"region_id": "who", "subject": "state"}, one_row_per={"key": "number", "keep": "last"})
    assert [(r["ticket_id"], r["subject"], r["region_id"], r["_row_number"]) for r in parsed.rows] == [
        ("A", "Closed", "z", 4), ("B", "Active", None, 5),
    ]  # fmt: skip
    assert accounts(parsed) == {"read": 5, "loaded": 2, "folded": 3}


def test_keep_first(bench):
    parsed = tickets(bench, {"subject": "state"}, one_row_per={"key": "number", "keep": "first"})
    assert parsed.column("_row_number") == [1, 3]


def test_order_by_beats_the_order_of_the_file(bench):
    fold = {"key": "number", "keep": "last", "order_by": "try_cast(changed as timestamp)"}
    parsed = tickets(bench, {"subject": "state"}, one_row_per=fold)
    assert parsed.column("subject") == ["New", "Closed"]


def test_expression_sees_the_group(bench):
    columns = {"reassigned_count": {"expr": "count(distinct who) - 1"}, "closed_at": {"expr": "max(changed)"}}
    parsed = tickets(bench, columns, one_row_per={"key": "number"})
    assert parsed.column("reassigned_count") == [2, 0]
    assert [str(value) for value in parsed.column("closed_at")] == ["2025-01-01 12:00:00", "2025-01-01 10:30:00"]


def test_rows_without_key_are_not_folded_together(bench):
    parsed = tickets(bench, {}, "number,x\n,1\n,2\nA,3\nA,4\n", one_row_per={"key": "number"})
    assert accounts(parsed) == {"read": 4, "loaded": 1, "quarantined": 2, "folded": 1}


def test_where_with_a_window_over_all_rows(bench):
    where = "state <> lag(state) over (partition by number order by _row_number)"
    parsed = tickets(bench, {"subject": "state"}, where=where)
    assert [(r["_row_number"], r["subject"]) for r in parsed.rows] == [(2, "Active"), (4, "Closed"), (5, "Active")]
    assert accounts(parsed) == {"read": 5, "loaded": 3, "filtered": 2}


def test_where_then_fold(bench):
    parsed = tickets(bench, {"subject": "state"}, where="state <> 'Closed'", one_row_per={"key": "number"})
    assert [(r["ticket_id"], r["subject"]) for r in parsed.rows] == [("A", "Active"), ("B", "Active")]
    assert accounts(parsed) == {"read": 5, "loaded": 2, "folded": 2, "filtered": 1}


def test_one_file_feeds_several_entries_with_one_reading(bench):
    table = {"contract": "crm.ticket_events", "from": {"files": "in*"}, "delivery": "log"}
    event = {"ticket_id": "number", "occurred_at": "changed"}
    mapping = bench.mapping(
        {"system": "acme", "time_zone": "UTC", "tables": [
            table | {"where": "state = 'New'", "columns": event | {"event_type": {"const": "created"}}},
            table | {"where": "state = 'Closed'", "columns": event | {"event_type": {"const": "closed"}}},
        ]}
    )  # fmt: skip
    created, closed = bench.parse("in.csv", LOG, mapping)
    assert (created.column("ticket_id"), closed.column("ticket_id")) == (["A", "B"], ["A"])
    assert created.entry.capabilities == (("event_type", "created"),)
    assert closed.entry.unmapped_columns == ("who",)


def test_capabilities_are_targets_of_the_mapping_and_nothing_for_plain_columns(bench):
    columns = {
        "status": {
            "from": "state",
            "values": {"New": "new", "Closed": "closed", "X": None},
            "otherwise": "in_progress",
        },
        "channel": {"const": "hotline"},
        "priority": "who",
        "resolution_mode": {"expr": "'remote'"},
    }
    assert tickets(bench, columns).entry.capabilities == (
        ("status", "new"), ("status", "closed"), ("status", "in_progress"), ("channel", "hotline"),
    )  # fmt: skip


def test_bad_required_cell_costs_the_row_and_bad_optional_cell_only_the_cell(bench):
    content = "id,opened,n,s\n1,2025-01-01 10:00,3,a\n2,yesterday,4,b\n,2025-01-01 10:00,5,c\n4,,6,d\n"
    content += "5,2025-01-01 10:00,x,e\n"
    columns = {"opened_at": "opened", "reopened_count": "n", "subject": "s"}
    parsed = bench.parse("in.csv", content, bench.table(columns))[0]
    assert [(r["ticket_id"], r["reopened_count"]) for r in parsed.rows] == [("1", 3), ("5", None)]
    assert [
        (q["row_number"], q["column_name"], q["value"], q["reason_code"])
        for q in sorted(parsed.quarantine, key=lambda q: q["row_number"])
    ] == [
        (2, "opened_at", "yesterday", "bad_instant"),
        (3, "ticket_id", None, "missing_required"),
        (4, "opened_at", None, "missing_required"),
    ]
    assert [
        (b["row_number"], b["column_name"], b["value"], b["reason_code"], b["reason"]) for b in parsed.bad_cells
    ] == [(5, "reopened_count", "x", "bad_number", "reopened_count: 'x' is not a plain whole number")]
    assert accounts(parsed) == {"read": 5, "loaded": 2, "quarantined": 3}
    assert '"s":"b"' in next(q["row_text"] for q in parsed.quarantine if q["row_number"] == 2)


def test_worst_column_and_its_share(bench):
    content = "id,n,m\n1,x,1\n2,y,2\n3,3,z\n4,4,4\n"
    parsed = bench.parse("in.csv", content, bench.table({"reopened_count": "n", "reassigned_count": "m"}))[0]
    assert (parsed.entry.bad_cells, parsed.entry.worst_column, parsed.entry.worst_bad_share) == (
        3,
        "reopened_count",
        0.5,
    )


def test_bad_key_cell_quarantines_even_when_the_key_column_is_optional(bench):
    columns = {
        "ticket_id": "id",
        "event_type": {"const": "created"},
        "occurred_at": {"const": "2025-01-01 10:00"},
        "sequence": "n",
    }
    parsed = bench.parse("in.csv", "id,n\n1,1\n2,x\n3,\n", bench.table(columns, "crm.ticket_events"))[0]
    assert parsed.column("sequence") == [1, None]
    assert [(q["row_number"], q["reason_code"]) for q in parsed.quarantine] == [(2, "bad_number")]


def test_personal_values_are_masked_in_quarantine_and_bad_cells(bench):
    columns = {"employee_id": "id", "effective_from": "since", "employee_name": "name"}
    parsed = bench.parse(
        "in.csv", "id,since,name\n,2025-01-01,Zhang San\nE7,soon,Li Si\n", bench.table(columns, "erp.employees")
    )[0]
    values = [q["value"] for q in parsed.quarantine] + [b["value"] for b in parsed.bad_cells]
    assert "soon" in values
    assert not {"E7", "Li Si", "Zhang San"} & set(values)


def test_identical_rows_load_once(bench):
    parsed = bench.parse("in.csv", "id,x\n1,a\n2,b\n1,a\n1,a\n", bench.table({"subject": "x"}))[0]
    assert (parsed.column("ticket_id"), parsed.column("_row_number")) == (["1", "2"], [1, 2])
    assert accounts(parsed) == {"read": 4, "loaded": 2, "identical": 2}


def test_identical_events_with_null_sequence(bench):
    columns = {"ticket_id": "id", "event_type": "e", "occurred_at": "at", "sequence": "n"}
    content = "id,e,at,n\n1,created,2025-01-01 10:00,\n1,created,2025-01-01 10:00,\n1,created,2025-01-01 10:00,1\n"
    parsed = bench.parse("in.csv", content, bench.table(columns, "crm.ticket_events"))[0]
    assert (parsed.column("sequence"), parsed.entry.rows_identical) == ([None, 1], 1)


def test_versions_of_a_key_all_load_from_a_delta(bench):
    parsed = bench.parse("in.csv", "id,x\n1,a\n1,b\n", bench.table({"subject": "x"}, delivery="delta"))[0]
    assert parsed.column("subject") == ["a", "b"]


def test_conflicting_rows_of_a_snapshot_go_to_quarantine_all_of_them(bench):
    content = "id,x\n1,a\n2,b\n1,c\n1,a\n2,b\n3,d\n"
    parsed = bench.parse("in.csv", content, bench.table({"subject": "x"}, delivery="snapshot"))[0]
    assert parsed.column("ticket_id") == ["2", "3"]
    assert sorted((q["row_number"], q["reason_code"]) for q in parsed.quarantine) == [
        (1, "conflicting_key"), (3, "conflicting_key"),
    ]  # fmt: skip
    assert accounts(parsed) == {"read": 6, "loaded": 2, "identical": 2, "conflicting": 2}


def test_missing_column_behind_a_required_one_refuses(bench):
    with pytest.raises(RefusalError) as caught:
        bench.parse("in.csv", "nr,x\n1,a\n", bench.table({}))
    assert caught.value.en == (
        "in.csv: column id, from which the mapping makes ticket_id, is missing; the file has nr, x"
    )


@pytest.mark.parametrize(
    "entry",
    [{"where": "gone = 'x'"}, {"one_row_per": {"key": "gone"}}, {"columns": {"subject": {"expr": "upper(gone)"}}}],
)
def test_missing_column_in_where_key_or_expression_refuses(bench, entry):
    columns = entry.pop("columns", {})
    with pytest.raises(RefusalError, match="column gone, from which"):
        bench.parse("in.csv", "id,x\n1,a\n", bench.table(columns, **entry))


def test_missing_column_behind_an_optional_one_is_absent_and_listed(bench):
    parsed = bench.parse("in.csv", "id,x\n1,a\n", bench.table({"subject": "x", "region_id": "district"}))[0]
    assert parsed.entry.absent_columns == ("district",)
    assert "region_id" not in parsed.entry.mapped_columns
    assert "region_id" not in parsed.rows[0]


def test_failing_expression_refuses_with_its_place(bench):
    with pytest.raises(RefusalError, match=r"in\.csv: the columns of the mapping cannot be computed: .*Conversion"):
        bench.parse("in.csv", "id,x\n1,a\n", bench.table({"subject": {"expr": "cast(x as integer)"}}))


def test_same_person_has_one_pseudonym_in_every_column_and_file(bench):
    tickets_table = bench.table({"agent_id": "a", "customer_id": "c"})
    first = bench.parse("in.csv", "id,a,c\n1,E7,K1\n2,E8,E7\n3,E7,\n", tickets_table)[0]
    agents, customers = first.column("agent_id"), first.column("customer_id")
    columns = {
        "inspection_id": "id",
        "ticket_id": "id",
        "inspected_at": {"const": "2025-01-01 10:00"},
        "inspector_id": "a",
    }
    second = bench.parse("in.csv", "id,a\n1,E7\n", bench.table(columns, "crm.quality_inspections"))[0]
    assert agents[0] == agents[2] == second.column("inspector_id")[0]
    assert agents[0].startswith("emp_")
    assert agents[0] != agents[1]
    # The same text as customer and as employee is two different people.
    assert customers[1].startswith("cus_")
    assert customers[1][4:] != agents[0][4:]


def test_identities_hold_each_person_once_with_prefix(bench):
    parsed = bench.parse("in.csv", "id,a\n1,E7\n2,E7\n3,\n", bench.table({"agent_id": "a"}, id_prefix="DE-"))[0]
    assert [(row["kind"], row["identifier"], row["pseudonym"]) for row in parsed.identities] == [
        ("employee", "DE-E7", parsed.column("agent_id")[0])
    ]


def test_first_and_last_business_instant_leave_plans_out(bench):
    columns = {"opened_at": "o", "closed_at": "c", "resolution_due_at": "d"}
    content = "id,o,c,d\n1,2025-01-02 10:00,2025-01-03 10:00,2030-01-01 00:00\n2,2025-01-01 10:00,,2020-01-01 00:00\n"
    entry = bench.parse("in.csv", content, bench.table(columns))[0].entry
    assert (str(entry.first_instant), str(entry.last_instant)) == ("2025-01-01 10:00:00", "2025-01-03 10:00:00")


def test_business_dates_count_as_local_midnight_of_the_company(bench):
    columns = {"record_id": "id", "employee_id": "id", "held_on": "x"}
    entry = bench.parse("in.csv", "id,x\n1,2025-10-31\n", bench.table(columns, "erp.training_records"))[0].entry
    assert str(entry.first_instant) == "2025-10-30 16:00:00"


def test_computed_columns_are_read_by_where_expr_and_later_ones(bench):
    mapping = bench.table(
        {
            "ticket_id": "id", "opened_at": "opened", "is_warranty": "is_second", "reopened_count": "place",
            "subject": {"expr": "'row ' || place"},
        },
        computed={
            "place": "row_number() over (partition by \"group\" order by _row_number)",
            "is_second": "place = 2",
            "opened": "strptime(day, '%d/%m/%Y') + interval 9 hour",
        },
        where="place <= 2",
        time_zone="Europe/Berlin",
    )  # fmt: skip
    [tickets] = bench.parse("in.csv", "id,group,day\n1,a,31/10/2025\n2,a,01/11/2025\n3,a,\n4,b,02/11/2025\n", mapping)
    assert [(row["ticket_id"], row["is_warranty"], row["reopened_count"], row["subject"]) for row in tickets.rows] == [
        ("1", False, 1, "row 1"), ("2", True, 2, "row 2"), ("4", False, 1, "row 1"),
    ]  # fmt: skip
    assert tickets.column("opened_at")[0] == datetime(2025, 10, 31, 8)
    assert (tickets.entry.rows_filtered, tickets.entry.unmapped_columns) == (1, ())


def test_a_computed_column_needs_its_sources_and_a_name_of_its_own(bench):
    mapping = bench.table({}, computed={"state": "upper(old)"})
    with pytest.raises(RefusalError, match=r"column old, from which the mapping makes computed"):
        bench.parse("in.csv", "id\n1\n", mapping)
    with pytest.raises(RefusalError, match=r"the file has a column State and the mapping computes one of that name"):
        bench.parse("in.csv", "id,old,State\n1,x,y\n", mapping)
