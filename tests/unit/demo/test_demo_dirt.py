"""The planted dirt is there, as often as the summary says, and small enough for the gates."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from demo.company import DemoSummary, generate
from demo.dirt import BAD_CELLS, EMPTY_REQUIRED
from warehouse.contract import get_contract, load_contracts

Read = Callable[[str], pd.DataFrame]
SEEDS = Path(__file__).parents[3] / "seeds"


def csv_contracts(company: DemoSummary) -> list[str]:
    return [name for name in load_contracts() if f"{name}.xlsx" not in company.files]


def test_identical_rows_are_counted(company: DemoSummary, landed: Read) -> None:
    for name in csv_contracts(company):
        frame = landed(name)
        repeated = frame.duplicated()
        assert repeated.sum() == company.dirt.get(f"identical row {name}", 0), name
        assert repeated.groupby(frame["file"]).mean().max() < 0.05, name


def test_bad_cells_are_counted_and_rare(company: DemoSummary, landed: Read) -> None:
    for name, columns in BAD_CELLS.items():
        frame = landed(name)
        for column, value in columns.items():
            bad = frame[column] == value
            first = bad & ~frame.duplicated()
            planted = company.dirt[f"bad cell {name}.{column}"]
            assert planted > 0
            # A spoiled row may be among the repeated ones, and a handful row copies one.
            assert first.sum() <= bad.sum()
            assert planted <= bad.sum() <= planted + 5, (name, column)
            assert bad.groupby(frame["file"]).mean().max() < 0.02, (name, column)


def test_quarantine_rows_stay_below_the_gate(company: DemoSummary, landed: Read) -> None:
    for name, column in EMPTY_REQUIRED.items():
        frame = landed(name).drop_duplicates()
        empty = frame[list(get_contract(name).required_columns)].isna().any(axis=1)
        assert empty.sum() == company.dirt[f"empty required {name}.{column}"] == 3
        assert empty.groupby(frame["file"]).mean().max() < 0.01


def test_a_late_row_is_older_than_what_came_before_it(company: DemoSummary, landed: Read) -> None:
    tickets = landed("crm.tickets").dropna(subset=["updated_at"])
    newest_before = tickets[tickets["file"] < 3].groupby("ticket_id")["updated_at"].max()
    last = tickets[tickets["file"] == 3]
    late = last[last["updated_at"] < last["ticket_id"].map(newest_before)]
    assert len(late) == company.dirt["late row crm.tickets"] == 5
    assert not late["ticket_id"].isin(last.drop(late.index)["ticket_id"]).any()


def test_the_same_key_never_differs_inside_a_file_beyond_the_planted(company: DemoSummary, landed: Read) -> None:
    conflicts: Counter[str] = Counter()
    for name in csv_contracts(company):
        frame = landed(name).drop_duplicates()
        key = ["file", *get_contract(name).key]
        complete = frame.dropna(subset=list(get_contract(name).required_columns))
        conflicts[name] = int(complete.duplicated(key).sum())
    assert {name: count for name, count in conflicts.items() if count} == {"crm.customers": 2}
    assert company.dirt["conflicting row crm.customers"] == 2


def test_single_events_and_surveys_are_wrong_in_time(company: DemoSummary, current: Read) -> None:
    opened = current("crm.tickets").set_index("ticket_id")["opened_at"]
    events = current("crm.ticket_events")
    assert (events["occurred_at"] < events["ticket_id"].map(opened)).sum() == 1
    high = events[events["sequence"] == 900]
    assert len(high) == company.dirt["event out of order crm.ticket_events"] == 1
    later = events[(events["ticket_id"] == high["ticket_id"].iloc[0]) & (events["sequence"] < 900)]
    assert later["occurred_at"].max() > high["occurred_at"].iloc[0]
    surveys, orders = current("survey.responses"), current("erp.work_orders")
    known = surveys[~surveys["response_id"].str.startswith("SV-ORPHAN")]
    assert (known["responded_at"] < known["invited_at"]).sum() == company.dirt["negative duration survey.responses"]
    assert (orders["arrived_at"] < orders["requested_at"]).sum() == company.dirt["negative duration erp.work_orders"]


def test_orphans_are_counted(company: DemoSummary, current: Read) -> None:
    tickets = set(current("crm.tickets")["ticket_id"])
    for name in ("crm.ticket_events", "survey.responses"):
        named = current(name).dropna(subset=["ticket_id"])
        assert (~named["ticket_id"].isin(tickets)).sum() == company.dirt[f"orphan {name}"] == 3, name


@pytest.mark.parametrize("tickets", [100, 400])
def test_small_demos_stay_below_the_gates_too(tmp_path: Path, tickets: int) -> None:
    summary = generate(tmp_path, tickets=tickets, seeds_dir=SEEDS)
    for name in EMPTY_REQUIRED:
        path = next(path for path in sorted(tmp_path.iterdir()) if path.name.startswith(f"{name}."))
        frame = pd.read_csv(path, dtype=str)
        assert frame[list(get_contract(name).required_columns)].isna().any(axis=1).mean() < 0.01, name
    assert summary.rows["crm.tickets"] >= tickets
