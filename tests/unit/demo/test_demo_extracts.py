"""The demo's extracts: in contract form, the same every time, nothing from the future, rows that agree."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from demo.company import DemoSummary, generate
from demo.reference import UNREGISTERED_CAUSE, UNREGISTERED_REGION, UNREGISTERED_TEAM
from warehouse.contract import get_contract, load_contracts

Read = Callable[[str], pd.DataFrame]
SEEDS = Path(__file__).parents[3] / "seeds"
END = pd.Timestamp("2025-11-01", tz="Asia/Shanghai")


def checksums(directory: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(directory.iterdir())}


def workbook_rows(path: Path) -> list[list[object]]:
    return [list(row) for row in CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()]


def test_same_arguments_same_bytes_other_seed_other_bytes(tmp_path: Path) -> None:
    for name, seed in (("a", 7), ("b", 7), ("c", 8)):
        generate(tmp_path / name, tickets=400, seed=seed, seeds_dir=SEEDS)
    assert checksums(tmp_path / "a") == checksums(tmp_path / "b")
    assert checksums(tmp_path / "a") != checksums(tmp_path / "c")


def test_too_small_a_company_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least 4"):
        generate(tmp_path, months=3, seeds_dir=SEEDS)
    with pytest.raises(ValueError, match="at least 100"):
        generate(tmp_path, tickets=5, seeds_dir=SEEDS)


def test_every_contract_is_delivered_with_its_columns(company: DemoSummary) -> None:
    assert sorted(path.name for path in company.directory.iterdir()) == list(company.files)
    for name, contract in load_contracts().items():
        files = [file for file in company.files if file.startswith(f"{name}.")]
        assert files, name
        for file in files:
            if file.endswith(".xlsx"):
                header = workbook_rows(company.directory / file)[0]
            else:
                header = list(pd.read_csv(company.directory / file, nrows=0).columns)
            assert header == list(contract.column_names), file


def test_summary_counts_the_rows_that_are_in_the_files(company: DemoSummary, landed: Read) -> None:
    for name, rows in company.rows.items():
        if f"{name}.xlsx" in company.files:
            assert len(workbook_rows(company.directory / f"{name}.xlsx")) - 1 == rows, name
        else:
            assert len(landed(name)) == rows, name


def test_workbooks_hold_typed_cells(company: DemoSummary) -> None:
    row = workbook_rows(company.directory / "erp.training_records.xlsx")[1]
    cells = dict(zip(get_contract("erp.training_records").column_names, row, strict=True))
    assert type(cells["held_on"]).__name__ == "date"
    assert isinstance(cells["hours"], float)
    quarters = {row[3] for row in workbook_rows(company.directory / "survey.peer_reviews.xlsx")[1:]}
    assert quarters == {"2024-Q4", "2025-Q1", "2025-Q2", "2025-Q3"}


def test_nothing_but_plans_lies_after_the_window(company: DemoSummary, landed: Read) -> None:
    for name, contract in load_contracts().items():
        if f"{name}.xlsx" in company.files:
            continue
        frame = landed(name)
        for column in contract.business_instants:
            newest = pd.to_datetime(frame[column], format="ISO8601", errors="coerce", utc=True).max()
            assert newest < END, (name, column)


def test_each_delivery_holds_only_what_was_known_at_its_end(landed: Read) -> None:
    tickets = landed("crm.tickets").dropna(subset=["opened_at"])
    ends = [pd.Timestamp(f"2025-{month:02d}-01", tz="Asia/Shanghai") for month in (8, 9, 10, 11)]
    for file, end in enumerate(ends):
        rows = tickets[tickets["file"] == file]
        for column in ("opened_at", "updated_at", "resolved_at", "closed_at", "first_response_at"):
            assert pd.to_datetime(rows[column], errors="coerce", utc=True).max() < end, (file, column)
    history, later = tickets[tickets["file"] == 0], tickets[tickets["file"] == 1]
    restated = history.merge(later, on="ticket_id", suffixes=("_old", "_new"))
    assert len(restated) > 20
    assert (restated["updated_at_old"] <= restated["updated_at_new"]).all()
    assert restated["closed_at_old"].isna().sum() > 20
    assert restated["closed_at_new"].notna().sum() > 20


def last_instant(events: pd.DataFrame, event_type: str) -> "pd.Series[pd.Timestamp]":
    return events[events["event_type"] == event_type].groupby("ticket_id")["occurred_at"].max()


def clean_events(current: Read) -> pd.DataFrame:
    """Events of known tickets without the planted disorder, in their order."""
    events = current("crm.ticket_events")
    tickets = current("crm.tickets").set_index("ticket_id")["opened_at"]
    events = events[events["ticket_id"].isin(tickets.index) & (events["sequence"] < 900)]
    return events.sort_values(["ticket_id", "sequence"])


def test_tickets_agree_with_their_events(current: Read) -> None:
    tickets = current("crm.tickets").set_index("ticket_id").sort_index()
    events = clean_events(current)
    last = events.groupby("ticket_id").last()
    assert (events.groupby("ticket_id")["occurred_at"].min() == tickets["opened_at"]).all()
    assert (last["status"] == tickets["status"].reindex(last.index)).all()
    assert last["team_id"].equals(tickets["team_id"].reindex(last.index))
    alive = tickets["deleted_at"].isna()
    assert (tickets["updated_at"][alive] == last["occurred_at"].reindex(tickets.index)[alive]).all()

    human = events[(events["actor"] == "agent") & (events["is_public"] == "true")]
    human = human[human["event_type"].isin(["first_response", "responded"])]
    first = human.groupby("ticket_id")["occurred_at"].min().reindex(tickets.index)
    assert first.equals(tickets["first_response_at"])

    done = tickets["resolved_at"].dropna()
    assert (last_instant(events, "resolved").reindex(done.index) == done).all()
    closed = tickets["closed_at"].dropna()
    assert (last_instant(events, "closed").reindex(closed.index) == closed).all()
    transfers = (events["event_type"] == "transferred").groupby(events["ticket_id"]).sum()
    assert (transfers == tickets["reassigned_count"].reindex(transfers.index)).all()
    reopened = (events["event_type"] == "reopened").groupby(events["ticket_id"]).sum()
    known = tickets["reopened_count"].dropna()
    assert (reopened.reindex(known.index) == known).all()
    verdict = (tickets["resolved_at"] <= tickets["resolution_due_at"])[tickets["is_sla_met"].notna()]
    assert (verdict == (tickets["is_sla_met"].dropna() == "true")).all()


def test_sequence_and_time_never_disagree(current: Read) -> None:
    events = clean_events(current)
    step = events.groupby("ticket_id")["occurred_at"].diff().dropna()
    assert (step >= pd.Timedelta(0)).all()
    assert not events.duplicated(["ticket_id", "sequence"]).any()


def test_visits_repeat_the_events(current: Read) -> None:
    orders = current("erp.work_orders").dropna(subset=["ticket_id", "arrived_at"])
    orders = orders[orders["arrived_at"] >= orders["requested_at"]]
    events = current("crm.ticket_events")
    arrivals = set(
        zip(*events[events["event_type"] == "arrived"][["ticket_id", "occurred_at"]].to_numpy().T, strict=True)
    )
    assert len(orders) > 2000
    assert all(pair in arrivals for pair in zip(orders["ticket_id"], orders["arrived_at"], strict=True))
    amounts = orders[orders["completed_at"].notna()]
    assert (amounts.loc[amounts["employment"] == "outsourced", "outsourced_cost"] > 0).all()


def test_references_hold(current: Read) -> None:
    tickets = current("crm.tickets")
    known = set(tickets["ticket_id"])
    employees = set(current("erp.employees")["employee_id"])
    assert set(tickets["merged_into_ticket_id"].dropna()) <= known
    assert set(tickets["related_ticket_id"].dropna()) <= known
    assert set(tickets["customer_id"]) <= set(current("crm.customers")["customer_id"])
    assert set(tickets["product_id"].dropna()) <= set(current("erp.products")["product_id"])
    for name, column in (
        ("crm.tickets", "agent_id"),
        ("erp.work_orders", "employee_id"),
        ("survey.responses", "agent_id"),
    ):
        assert set(current(name)[column].dropna()) <= employees, name
    for name in ("crm.collaborations", "crm.quality_inspections", "erp.work_orders", "erp.parts_requests"):
        assert set(current(name)["ticket_id"].dropna()) <= known, name
    assert set(current("erp.parts_requests")["work_order_id"].dropna()) <= set(
        current("erp.work_orders")["work_order_id"]
    )


def test_people_move_join_and_leave(current: Read) -> None:
    employees = current("erp.employees")
    assert employees["employee_id"].nunique() == 40
    moved = employees[employees.duplicated("employee_id", keep=False)]
    assert moved["employee_id"].nunique() >= 2
    assert (moved.groupby("employee_id")["team_id"].nunique() == 2).all()
    assert (employees["hired_on"] > "2024-08-01").sum() >= 2
    assert employees["left_on"].notna().sum() >= 1
    assert (employees["effective_from"] >= employees["hired_on"]).all()
    works = current("crm.tickets").merge(
        employees.groupby("employee_id")["hired_on"].min(), left_on="agent_id", right_index=True
    )
    assert (works["updated_at"].dt.strftime("%Y-%m-%d") >= works["hired_on"]).all()


def test_unregistered_codes_and_gaps_occur_but_rarely(current: Read) -> None:
    tickets = current("crm.tickets")
    for column, code in (
        ("region_id", UNREGISTERED_REGION),
        ("team_id", UNREGISTERED_TEAM),
        ("root_cause_id", UNREGISTERED_CAUSE),
    ):
        assert 0 < (tickets[column] == code).mean() < 0.01, column
    assert 0 < tickets["region_id"].isna().mean() < 0.04


def test_merges_form_chains_that_end_with_a_survivor(current: Read) -> None:
    tickets = current("crm.tickets").set_index("ticket_id")
    merged = tickets["merged_into_ticket_id"].dropna()
    assert 0.005 < len(merged) / len(tickets) < 0.02
    chains = merged[merged.isin(merged.index)]
    assert len(chains) >= 3
    final = merged.map(lambda target: merged.get(target, target))
    assert not final.isin(merged.index).any()
    assert (
        tickets["customer_id"].reindex(final).to_numpy() == tickets["customer_id"].reindex(merged.index).to_numpy()
    ).all()


def test_the_company_is_believable(current: Read) -> None:
    tickets = current("crm.tickets")
    assert len(tickets) == 12_000
    share = tickets["case_type"].value_counts(normalize=True)
    assert share["complaint"] == pytest.approx(0.35, abs=0.03)
    assert share["repair"] == pytest.approx(0.45, abs=0.03)
    assert share["consultation"] == pytest.approx(0.19, abs=0.03)
    response = (tickets["first_response_at"] - tickets["opened_at"]).dt.total_seconds() / 60
    assert 10 < response.median() < 15
    hours = (tickets["resolved_at"] - tickets["opened_at"]).dt.total_seconds() / 3600
    assert 38 < hours[tickets["case_type"] == "repair"].mean() < 48
    regions = pd.read_csv(SEEDS / "regions.csv").set_index("region_id")["macro_region_en"]
    macro = tickets["region_id"].map(regions)
    assert macro.value_counts(normalize=True)["East China"] == pytest.approx(0.40, abs=0.03)
    by_macro = hours[tickets["case_type"] == "repair"].groupby(macro).mean()
    assert by_macro["East China"] == pytest.approx(by_macro.min(), abs=1.5)
    assert 0.03 < (tickets["reopened_count"] > 0).mean() < 0.05
    assert 0.10 < (tickets["reassigned_count"] > 0).mean() < 0.14
    assert 0.02 < (tickets["status"] == "cancelled").mean() < 0.035
    complaints = tickets[tickets["case_type"] == "complaint"]
    assert complaints["related_ticket_id"].notna().mean() == pytest.approx(0.40, abs=0.04)
    electronics = current("erp.products").set_index("product_id")["category"] == "electronics"
    repairs = tickets[tickets["case_type"] == "repair"]
    assert repairs["product_id"].map(electronics).mean() == pytest.approx(0.70, abs=0.04)
    month = tickets["opened_at"].dt.strftime("%Y-%m").value_counts()
    assert 1.15 < month["2025-09"] / month["2024-09"] < 1.45


def test_satisfaction_falls_with_the_response_time(current: Read) -> None:
    answers = current("survey.responses").merge(current("crm.tickets"), on="ticket_id")
    answers = answers[answers["csat_score"] <= 100]
    minutes = (answers["first_response_at"] - answers["opened_at"]).dt.total_seconds() / 60
    means = answers.groupby(np.digitize(minutes, [10, 30, 60]))["csat_score"].mean()
    assert means[0] > means[1] > means[3]
    assert 85 < answers["csat_score"].mean() < 91
