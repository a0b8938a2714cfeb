"""What is proposed for whole files: contracts, columns, codes, shape; what is left out; what a hostile file can do."""

import io
import random

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landing.wizard.correcting import Correction
from landing.wizard.yaml_text import scalar, write_mapping
from tests.unit.landing.wizard.conftest import FIXTURES, columns_of

CHINESE = FIXTURES / "wizard" / "售后工单明细_20251102.csv"
DAY_MONTH = "%d/%m/%Y %H:%M"


def test_a_chinese_export_is_mapped_and_nothing_of_it_is_rejected(wizard, document) -> None:
    proposal = wizard.propose(CHINESE)
    assert proposal.decisions == 0
    assert document(proposal)["tables"][0]["from"] == {
        "files": "售后工单明细_*.csv", "encoding": "gb18030", "skip": 2, "null_values": ["-"],
    }  # fmt: skip
    tickets = columns_of(proposal, "crm.tickets")
    plain = {name: form for name, form in tickets.items() if isinstance(form, str)}
    assert plain == {
        "ticket_id": "工单编号", "customer_id": "联系电话", "asset_id": "设备编号", "product_id": "产品型号",
        "region_id": "省份", "team_id": "处理部门", "agent_id": "处理人", "root_cause_id": "故障原因",
    }  # fmt: skip
    moments = {name: form["from"] for name, form in tickets.items() if "format" in form}
    assert moments == {
        "opened_at": "报修时间", "first_response_at": "首次响应时间",
        "resolved_at": "完成时间", "closed_at": "关闭时间",
    }  # fmt: skip
    assert tickets["case_type"]["values"] == {
        "维修": "repair", "安装": "installation", "投诉": "complaint", "咨询": "consultation",
        "退换货": "return_exchange", "清洗保养": None,
    }  # fmt: skip
    assert tickets["status"]["values"]["待配件"] == "waiting_parts"
    assert tickets["status"]["values"]["挂起"] is None
    assert tickets["is_warranty"]["values"] == {"是": True, "否": False}
    orders = columns_of(proposal, "erp.work_orders")
    assert {name: orders[name]["from"] for name in ("requested_at", "arrived_at", "completed_at")} == {
        "requested_at": "派单时间", "arrived_at": "上门时间", "completed_at": "完成时间",
    }  # fmt: skip
    # the file does not say when the answer came, and an answer of no time would be in no period
    answered = next(e for e in proposal.entries if e.contract == "survey.responses").column("responded_at")
    assert (answered.form["from"], answered.kind) == ("关闭时间", "assumption")
    scores = columns_of(proposal, "survey.responses")["csat_score"]["values"]
    assert scores == {"非常满意": 100, "满意": 75, "一般": 50, "不满意": 25, "未评价": None}
    assert [entry.contract for entry in proposal.entries][3:] == ["crm.customers", "erp.employees"]

    tried = wizard.try_out(CHINESE, wizard.mapping(proposal))
    assert tried.problem_count == 0
    assert {(entry.contract, entry.rows_loaded) for entry in tried.entries} >= {
        ("crm.tickets", 40),
        ("erp.employees", 4),
    }
    opened = next(c for c in tried.entries[0].columns if c.column == "opened_at")
    assert (opened.before[0], opened.after[0]) == ("2025/10/01 08:00", "2025-10-01 00:00:00Z")


def _contacts() -> str:
    """Contacts as a shop exports them, with lost times of day. Made by hand, in the form of a real export."""
    draw = random.Random(3)  # noqa: S311
    agents = {"Ann Lee": "Kim Ode", "Bo Fry": "Kim Ode", "Cy Day": "Lou Ray"}
    lines = [",Unique id,channel_name,Sub-category,Customer Remarks,Issue_reported at,issue_responded,"
             "Survey_response_Date,Product_category,Agent_name,Manager,CSAT Score"]  # fmt: skip
    for number in range(60):
        day, agent = 1 + number % 28, draw.choice(list(agents))
        answered = f"{day:02}/08/2023 00:00" if number % 10 == 0 else f"{day:02}/08/2023 11:20"
        kind = ["Return request", "Delayed", "Installation/demo"][number % 3]
        product = ["Mobile", "", "Home"][number % 3]
        lines.append(
            f"{number + 70},u-{number},{'Inbound' if number % 4 else 'Outcall'},{kind},"
            f"{'all good now' if number % 2 else ''},"
            f"{day:02}/08/2023 10:15,{answered},{day:02}-Aug-23,{product},{agent},{agents[agent]},{1 + number % 5}"
        )
    return "\n".join(lines) + "\n"


def test_one_file_feeds_tickets_survey_people_and_products(wizard) -> None:
    path = wizard.write("contacts.csv", _contacts())
    proposal = wizard.propose(path)
    assert [entry.contract for entry in proposal.entries] == [
        "crm.tickets", "survey.responses", "erp.employees", "erp.products",
    ]  # fmt: skip
    tickets = columns_of(proposal, "crm.tickets")
    assert tickets["ticket_id"] == "Unique id"
    assert tickets["opened_at"] == {"from": "Issue_reported at", "format": DAY_MONTH}
    assert tickets["channel"]["values"] == {"Inbound": "hotline", "Outcall": None}
    assert "customer_id" not in tickets
    responses = columns_of(proposal, "survey.responses")
    assert responses["csat_score"] == {"from": "CSAT Score", "scale": [1, 5]}
    assert responses["responded_at"] == {"from": "Survey_response_Date", "format": "%d-%b-%y", "time_of_day": "12:00"}
    assert responses["comment"] == "Customer Remarks"
    assert columns_of(proposal, "erp.employees") == {
        "employee_id": "Agent_name", "employee_name": "Agent_name", "team_id": "Manager",
    }  # fmt: skip
    # six answers stand at 00:00 before their question: unknown, and only they
    tried = wizard.try_out(path, wizard.mapping(proposal)).entries[0]
    answered = next(c for c in tried.columns if c.column == "first_response_at")
    assert answered.after[0] is None
    assert answered.after[1] == "2023-08-02 03:20:00Z"
    note = proposal.entries[0].column("first_response_at").notes[-1]
    assert "6 times stand at 00:00 before Issue_reported at" in note.en


def _log() -> str:
    steps = [("New", "?", "?"), ("Active", "Desk", "R1"), ("Active", "Field", "R2"), ("Resolved", "Field", "R2"),
             ("Active", "Field", "R2"), ("Resolved", "Field", "R2"), ("Closed", "Field", "R2")]  # fmt: skip
    lines = ["number,incident_state,opened_at,sys_updated_at,assignment_group,assigned_to,priority"]
    for number in range(30):
        day = 1 + number % 28
        for hour, (state, group, person) in enumerate(steps):
            lines.append(
                f"INC{number:04},{state},{day}/3/2016 08:00,{day}/3/2016 {9 + hour:02}:00,{group},{person},3 - Moderate"
            )
    return "\n".join(lines) + "\n"


def test_a_log_becomes_tickets_and_the_events_that_its_changes_are(wizard) -> None:
    path = wizard.write("incident_events.csv", _log())
    proposal = wizard.propose(path)
    first = proposal.entries[0]
    assert (first.contract, first.delivery, first.one_row_per) == (
        "crm.tickets",
        "log",
        {"key": "number", "keep": "last"},
    )
    tried = wizard.try_out(path, wizard.mapping(proposal))
    kinds = {}
    for entry, result in zip(proposal.entries, tried.entries, strict=True):
        if entry.contract == "crm.ticket_events":
            kinds[entry.column("event_type").form["const"]] = result.rows_loaded
    assert kinds == {
        "created": 30, "assigned": 30, "transferred": 30, "status_changed": 150, "resolved": 60, "reopened": 30,
        "closed": 30,
    }  # fmt: skip
    assert tried.entries[0].rows_loaded == 30
    assert tried.problem_count == 0


def test_files_of_one_system_are_joined_by_the_ids_that_they_share(wizard) -> None:
    folder = FIXTURES / "presets" / "salesforce"
    proposal = wizard.propose(*(folder / f"{name}.csv" for name in ("Account", "Case", "CaseHistory")))
    assert proposal.system == "salesforce"
    tickets = columns_of(proposal, "crm.tickets")
    assert (tickets["ticket_id"], tickets["customer_id"], tickets["opened_at"]) == ("Id", "AccountId", "CreatedDate")
    events = [entry for entry in proposal.entries if entry.contract == "crm.ticket_events"]
    assert {entry.column("ticket_id").form["from"] for entry in events} == {"CaseId"}
    assert [entry.column("event_type").form["const"] for entry in events][:3] == [
        "created",
        "status_changed",
        "resolved",
    ]
    tried = wizard.try_out(folder / "CaseHistory.csv", wizard.mapping(proposal))
    assert [entry.rows_loaded for entry in tried.entries][:3] == [7, 14, 5]
    assert tried.problem_count == 0


def test_nested_json_of_a_help_desk_is_mapped(wizard) -> None:
    path = FIXTURES / "presets" / "zendesk" / "tickets.json"
    proposal = wizard.propose(path)
    assert proposal.entries[0].look.options.records == ("tickets",)
    tickets = columns_of(proposal, "crm.tickets")
    assert {name: tickets[name] for name in ("ticket_id", "opened_at", "resolved_at", "team_id")} == {
        "ticket_id": "id", "opened_at": "created_at", "resolved_at": "metric_set.solved_at", "team_id": "group_id",
    }  # fmt: skip
    assert tickets["channel"]["values"] == {"email": "email", "web": "portal", "chat": "chat", "voice": "hotline"}
    assert wizard.try_out(path, wizard.mapping(proposal)).problem_count == 0


def test_rows_that_point_to_tickets_are_no_tickets(wizard) -> None:
    """Zendesk's events have ids of their own, and numbers of tickets; user profiles have time zones, not regions."""
    folder = FIXTURES / "presets" / "zendesk"
    files = [folder / f"{name}.json" for name in ("ticket_events", "tickets", "users", "satisfaction_ratings")]
    for chosen in (files, files[:1]):
        proposal = wizard.propose(*chosen)
        sources = {entry.look.file_name for entry in proposal.entries if entry.contract == "crm.tickets"}
        assert sources == ({"tickets.json"} if len(chosen) > 1 else set())
    assert "region_id" not in columns_of(wizard.propose(files[2]), "erp.employees")


def test_the_same_file_gives_the_same_text_in_either_language(wizard) -> None:
    proposals = [wizard.propose(CHINESE) for _ in range(2)]
    for language in ("en", "zh-CN"):
        first, second = (write_mapping(proposal, language) for proposal in proposals)
        assert first == second
    assert yaml.safe_load(write_mapping(proposals[0], "en")) == yaml.safe_load(write_mapping(proposals[0], "zh-CN"))


def test_corrections_take_the_place_of_what_was_found(wizard) -> None:
    corrections = {
        ("crm.tickets", "status"): Correction("工单状态", None, {"挂起": "waiting_customer"}),
        ("crm.tickets", "customer_id"): Correction("客户名称"),
        ("crm.tickets", "root_cause_id"): Correction(None),
        ("crm.tickets", "subject"): Correction("故障原因"),
    }
    tickets = columns_of(wizard.propose(CHINESE, corrections=corrections), "crm.tickets")
    assert tickets["status"]["values"]["挂起"] == "waiting_customer"
    assert tickets["customer_id"] == "客户名称"
    assert tickets["subject"] == "故障原因"
    assert "root_cause_id" not in tickets


def test_what_is_left_out_is_listed_with_its_reason_and_shows_nobody(wizard) -> None:
    rows = "".join(f"T{n},2025-10-{n + 1:02} 08:00,1380013800{n},x,{n},A Person {n}\n" for n in range(9))
    proposal = wizard.of(f"ticket id,created at,mobile 2,constant,weight,seller\n{rows}")
    left = {column.column: column for column in proposal.left_out}
    assert set(left) == {"mobile 2", "constant", "weight", "seller"}
    assert left["mobile 2"].personal == "phone"
    assert left["mobile 2"].examples == ("1***", "1***", "1***")
    assert left["constant"].reason.en == "the same text in every row"
    text = write_mapping(proposal, "en")
    assert "13800138" not in text
    assert "weight: 100 %; 0, 1, 2; no contract column of these tables means this" in text


def test_no_contract_fits_is_said_and_does_not_load(wizard) -> None:
    proposal = wizard.of("colour,taste\nred,sweet\nblue,sour\n")
    assert proposal.entries == ()
    assert "tables: CHOOSE  # DECIDE: no contract table fits these columns" in write_mapping(proposal, "en")


NASTY = [
    "x\n  - contract: crm.tickets",
    "a: b # c",
    "'\"\\",
    "{}[]*&!|>",
    "\u2028\u0085\ufeff",
    "=cmd|' /C calc'!A0",
    "~",
    "null",
    "1e3",
    "on",
]


def test_texts_of_a_file_cannot_become_yaml(wizard, document) -> None:
    buffer = io.StringIO()
    buffer.write('ticket id,opened at,status,"evil\n: &x *y"\n')
    for number, text in enumerate(NASTY):
        quoted = text.replace('"', '""')
        buffer.write(f'T{number},2025-10-{number + 1:02} 08:00,"{quoted}","{quoted}"\n')
    proposal = wizard.of(buffer.getvalue())
    read = document(proposal)
    (entry,) = read["tables"]
    assert set(read) == {"system", "time_zone", "tables"}
    values = entry["columns"]["status"]["values"]
    # the text `null` is one of those that mean nothing
    assert set(values) == set(NASTY) - {"null"}
    assert wizard.mapping(proposal).tables[0].columns["status"].values == values


@given(text=st.text(max_size=30))
@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_reads_back_from_yaml_as_itself(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    assert yaml.safe_load(scalar(text)) == text
    assert yaml.safe_load("{a: " + scalar(text) + ", b: 1}") == {"a": text, "b": 1}


@pytest.mark.parametrize(
    ("scores", "form"),
    [
        ("1 2 3 4 5", {"scale": [1, 5]}),
        ("0 4 7 10", {"scale": [0, 10]}),
        ("1 6 9 10", {"scale": [1, 10]}),
        ("20 75 100", {}),
        ("1,5 2,5 4,0", {"number": {"decimal": ","}, "scale": [1, 5]}),
    ],
)
def test_scales_are_guessed_from_what_is_seen(wizard, scores: str, form: dict[str, object]) -> None:
    rows = "".join(f"R{n};T{n};2025-10-{n + 1:02} 08:00;{score}\n" for n, score in enumerate(scores.split()))
    proposal = wizard.of(f"response id;ticket id;response date;csat\n{rows}", "survey.csv")
    column = proposal.entries[0].column("csat_score")
    assert column.form == {"from": "csat"} | form
    assert column.kind == "guess"
