"""Each planted story can be found in the extracts, with the size that demo/stories.py promises."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from demo import stories
from demo.company import DemoSummary, generate

Read = Callable[[str], pd.DataFrame]
SEEDS = Path(__file__).parents[3] / "seeds"
END = pd.Timestamp("2025-11-01", tz="Asia/Shanghai")


def hours(frame: pd.DataFrame, first: str, last: str) -> "pd.Series[float]":
    return (frame[last] - frame[first]).dt.total_seconds() / 3600


def test_battery_batch_hits_one_region_in_october(current: Read) -> None:
    tickets = current("crm.tickets")
    tickets = tickets[tickets["case_type"].isin(["repair", "complaint"])]
    fault = tickets["root_cause_id"] == stories.BATTERY_CAUSE
    here = (tickets["region_id"] == stories.BATTERY_REGION) & (tickets["opened_at"].dt.strftime("%Y-%m") == "2025-10")
    assert fault[here].mean() > 5 * fault[~here].mean()
    batch = tickets[here & fault & tickets["asset_id"].str.startswith(stories.BATTERY_BATCH, na=False)]
    assert len(batch) > 50
    old_enough = batch[END - batch["opened_at"] > pd.Timedelta(hours=stories.BATTERY_WAIT_HOURS)]
    waited = hours(old_enough.assign(resolved_at=old_enough["resolved_at"].fillna(END)), "opened_at", "resolved_at")
    assert (waited > stories.BATTERY_WAIT_HOURS).mean() == pytest.approx(stories.BATTERY_LONG_WAIT_SHARE, abs=0.05)


def test_remote_complaints_are_about_logistics_and_slow(current: Read) -> None:
    complaints = current("crm.tickets").query("case_type == 'complaint'")
    regions = pd.read_csv(SEEDS / "regions.csv").set_index("region_id")["is_remote"]
    causes = pd.read_csv(SEEDS / "root_causes.csv").set_index("root_cause_id")["category"]
    remote = complaints["region_id"].map(regions).eq(True)
    known = complaints["root_cause_id"].notna()
    is_logistics = complaints["root_cause_id"].map(causes) == "logistics"
    assert is_logistics[remote & known].mean() == pytest.approx(stories.REMOTE_LOGISTICS_SHARE, abs=0.08)
    assert is_logistics[~remote & known].mean() < 0.25
    waited = hours(complaints, "opened_at", "resolved_at")
    assert waited[remote].mean() > 1.3 * waited[~remote].mean()


def test_one_team_answers_late_at_night(current: Read) -> None:
    tickets = current("crm.tickets")
    events = current("crm.ticket_events").dropna(subset=["team_id"]).sort_values(["ticket_id", "sequence"])
    owner = tickets["ticket_id"].map(events.groupby("ticket_id")["team_id"].first())
    hour = tickets["opened_at"].dt.hour
    night = (hour >= 22) | (hour < 8)
    minutes = 60 * hours(tickets, "opened_at", "first_response_at")
    assert minutes[night & (owner == stories.NIGHT_TEAM)].median() > 60 * stories.NIGHT_RESPONSE_HOURS[0]
    assert minutes[~night & (owner == stories.NIGHT_TEAM)].median() < 20
    assert minutes[night & (owner != stories.NIGHT_TEAM)].median() < 30


def test_one_depot_lacks_parts(current: Read) -> None:
    requests = current("erp.parts_requests").merge(current("crm.tickets")[["ticket_id", "region_id"]], on="ticket_id")
    here = requests["region_id"] == stories.DEPOT_REGION
    in_stock = requests["was_in_stock"] == "true"
    assert in_stock[here].mean() == pytest.approx(stories.DEPOT_IN_STOCK_SHARE, abs=0.12)
    assert in_stock[~here].mean() == pytest.approx(stories.USUAL_IN_STOCK_SHARE, abs=0.03)
    lead = hours(requests, "requested_at", "available_at")
    assert lead[here].mean() > 4 * lead[~here].mean()
    stock = current("erp.parts_stock").groupby("warehouse_id")[["on_hand", "safety_stock"]].sum()
    short = stock["on_hand"] < 0.5 * stock["safety_stock"]
    assert list(stock.index[short]) == [stories.DEPOT]


def test_the_outsourced_team_is_dearer_by_a_third(current: Read) -> None:
    orders = current("erp.work_orders").dropna(subset=["completed_at"])
    cost = orders[["labour_cost", "travel_cost", "parts_cost", "outsourced_cost"]].sum(axis=1)
    regions = pd.read_csv(SEEDS / "regions.csv").set_index("region_id")["macro_region_en"]
    served = orders["region_id"].map(regions).isin(["East China", "South China", "Central China"])
    mean = cost[served].groupby(orders["employment"]).mean()
    assert mean["outsourced"] / mean["in_house"] == pytest.approx(stories.OUTSOURCED_COST_FACTOR, abs=0.08)
    employees = current("erp.employees")
    assert set(employees[employees["employment"] == "outsourced"]["team_id"]) == {stories.OUTSOURCED_TEAM}


def test_the_summary_tells_the_stories_that_are_there(company: DemoSummary, tmp_path: Path) -> None:
    assert set(company.stories) == set(stories.TITLES)
    spring = generate(tmp_path, until="2025-06", tickets=300, months=4, seeds_dir=SEEDS)
    assert set(stories.TITLES) - set(spring.stories) == {"battery_batch"}
