"""The ServiceNow preset against an independent reading of the real log with pandas, row by row.

The log is not part of the product: AFTERCARE_TEST_DATA names its folder, default `../shared/data` beside the checkout.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from landing.delivery import LandingReport, land
from landing.mapping import load_mappings
from warehouse.settings import load_settings

CHECKOUT = Path(__file__).parents[3]
DATA = Path(os.environ.get("AFTERCARE_TEST_DATA", CHECKOUT.parent / "shared" / "data"))
LOG = DATA / "servicenow_incidents" / "incident_events.csv.gz"
TIME = "%d/%m/%Y %H:%M"

pytestmark = pytest.mark.skipif(
    not LOG.is_file(),
    reason=f"the ServiceNow log is not here: {LOG} (set AFTERCARE_TEST_DATA to the folder of real data)",
)


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LandingReport, duckdb.DuckDBPyConnection]]:
    settings = load_settings(home=tmp_path_factory.mktemp("home"), threads=2, memory_limit="1GB")
    mappings = load_mappings(CHECKOUT / "sources" / "presets" / "servicenow_incidents.yml")
    report = land(settings, run_id="test", landing_dir=LOG.parent, mappings=mappings)
    with duckdb.connect(str(settings.warehouse_file), read_only=True) as connection:
        yield report, connection


@pytest.fixture(scope="module")
def log() -> pd.DataFrame:
    """The log as text with `?` as missing, plus what the row before of the same incident said."""
    frame = pd.read_csv(LOG, dtype=str, keep_default_na=False).replace("?", None)
    frame["row"] = range(1, len(frame) + 1)
    frame["changed"] = pd.to_datetime(frame["sys_updated_at"], format=TIME)
    frame["opened"] = pd.to_datetime(frame["opened_at"], format=TIME)
    state = frame["incident_state"].where(frame["incident_state"] != "-100")
    frame["state"] = state
    by = frame["number"]
    frame["state_before"] = state.groupby(by).ffill().groupby(by).shift()
    frame["group_before"] = frame["assignment_group"].groupby(by).ffill().groupby(by).shift()
    frame["is_first"] = ~by.duplicated()
    return frame


def events(connection: duckdb.DuckDBPyConnection, event_type: str) -> pd.DataFrame:
    return connection.execute(
        "select ticket_id, occurred_at, sequence, team_id, status from raw.crm__ticket_events"
        " where event_type = ? order by sequence",
        [event_type],
    ).fetchdf()


def assert_same_rows(landed_events: pd.DataFrame, expected: pd.DataFrame, place: int) -> None:
    assert len(landed_events) == len(expected)
    assert landed_events["sequence"].tolist() == (expected["row"] * 10 + place).tolist()
    assert landed_events["ticket_id"].tolist() == expected["number"].tolist()
    assert (
        landed_events["occurred_at"].astype("datetime64[s]").tolist()
        == expected["changed"].astype("datetime64[s]").tolist()
    )


def test_every_row_is_accounted_for_in_every_entry(landed) -> None:
    report, connection = landed
    assert (len(report.landed), report.refused, report.landed[0].rows_read) == (1, (), 119_998)
    rows = connection.execute(
        "select rows_read, rows_loaded + rows_rejected + rows_quarantined + rows_folded + rows_filtered"
        " + rows_identical + rows_conflicting, rows_rejected + rows_quarantined + bad_cells from meta.extract_entries"
    ).fetchall()
    assert rows == [(119_998, 119_998, 0)] * 9


def test_tickets_are_the_last_rows_of_their_incidents(landed, log) -> None:
    _, connection = landed
    tickets = connection.execute("select * from raw.crm__tickets order by ticket_id").fetchdf()
    last = log.drop_duplicates("number", keep="last").sort_values("number")
    assert len(tickets) == 20_769
    assert tickets["ticket_id"].tolist() == last["number"].tolist()
    for column, source in (("team_id", "assignment_group"), ("region_id", "location"), ("root_cause_id", "u_symptom")):
        assert tickets[column].fillna("").tolist() == last[source].fillna("").tolist()
    for column, source in (("opened_at", "opened_at"), ("resolved_at", "resolved_at"), ("closed_at", "closed_at"),
                           ("updated_at", "sys_updated_at")):  # fmt: skip
        expected = pd.to_datetime(last[source], format=TIME).astype("datetime64[s]")
        assert expected.reset_index(drop=True).equals(tickets[column].astype("datetime64[s]").rename(source))
    assert tickets["is_sla_met"].mean() == (last["made_sla"] == "true").mean()
    assert tickets["reopened_count"].tolist() == last["reopen_count"].astype(int).tolist()
    assert tickets["reassigned_count"].tolist() == last["reassignment_count"].astype(int).tolist()
    assert tickets["first_response_at"].isna().all()
    assert tickets["status"].value_counts().to_dict() == {"closed": 20_768, "new": 1}
    assert tickets["channel"].value_counts().to_dict() == (
        last["contact_type"].map({"Phone": "hotline", "Email": "email"}).value_counts().to_dict()
    )
    assert tickets["priority"].tolist() == ("p" + last["priority"].str[0]).tolist()


def test_days_and_months_are_not_swapped(landed, log) -> None:
    _, connection = landed
    late_days, months = connection.execute(
        "select count(*) filter (where day(opened_at) > 12), list_sort(list(distinct month(opened_at)))"
        " from raw.crm__tickets"
    ).fetchone()
    first_numbers = log.loc[log["is_first"], "opened_at"].str.split("/").str[0].astype(int)
    assert late_days == (first_numbers > 12).sum() == 10_224
    assert months == [2, 3, 4, 5]


def test_people_are_pseudonyms_and_counted_once(landed, log) -> None:
    _, connection = landed
    kinds = dict(connection.execute("select kind, count(*) from private.identities group by 1").fetchall())
    last = log.drop_duplicates("number", keep="last")
    assert kinds["customer"] == last["caller_id"].nunique()
    leaks = connection.execute(
        "select count(*) from raw.crm__tickets"
        " where not starts_with(customer_id, 'cus_') or not starts_with(agent_id, 'emp_')"
    ).fetchone()
    assert leaks == (0,)


def test_created_is_at_the_opening_even_where_rows_are_older(landed, log) -> None:
    _, connection = landed
    created = events(connection, "created")
    first = log[log["is_first"]]
    assert created["sequence"].tolist() == (first["row"] * 10).tolist()
    assert created["occurred_at"].astype("datetime64[s]").tolist() == first["opened"].astype("datetime64[s]").tolist()
    assert (log["changed"] < log["opened"]).sum() == 5


def test_transfers_are_changes_of_the_known_group(landed, log) -> None:
    _, connection = landed
    changed = (
        log["assignment_group"].notna() & log["group_before"].notna() & (log["assignment_group"] != log["group_before"])
    )
    transferred = events(connection, "transferred")
    assert_same_rows(transferred, log[changed], 2)
    assert transferred["team_id"].tolist() == log.loc[changed, "assignment_group"].tolist()
    assert len(transferred) == 16_203


def test_assignments_are_first_groups_new_agents_within_a_group_and_groups_that_come_back(landed, log) -> None:
    _, connection = landed
    has_group = log["assignment_group"].notna()
    first = has_group & ~log[has_group]["number"].duplicated().reindex(log.index, fill_value=False)
    agent = log["assigned_to"].fillna("")
    agent_before = agent.groupby(log["number"]).shift()
    stays = has_group & ~log["is_first"] & (log["assignment_group"] == log["group_before"])
    comes_back = stays & ~has_group.groupby(log["number"]).shift(fill_value=False)
    assigned = events(connection, "assigned")
    to_groups = assigned[assigned["team_id"].notna()]
    assert_same_rows(to_groups, log[first | (stays & (agent != agent_before)) | comes_back], 2)


def test_tickets_without_a_group_are_assigned_to_nobody(landed, log) -> None:
    """At their first row, or when the group is taken away; it is told once, and names no person either."""
    _, connection = landed
    has_group = log["assignment_group"].notna()
    had_group = has_group.groupby(log["number"]).shift(fill_value=False)
    taken_away = ~has_group & (log["is_first"] | had_group)
    assigned = events(connection, "assigned")
    assert_same_rows(assigned[assigned["team_id"].isna()], log[taken_away], 2)
    persons = connection.execute(
        "select count(agent_id) from raw.crm__ticket_events where event_type = 'assigned' and team_id is null"
    ).fetchone()
    assert persons == (0,)


def test_status_changes_pass_over_the_deleted_state(landed, log) -> None:
    _, connection = landed
    changed = log["state"].notna() & log["state_before"].notna() & (log["state"] != log["state_before"])
    landed_events = events(connection, "status_changed")
    assert_same_rows(landed_events, log[changed], 3)
    assert landed_events["status"].notna().all()


def test_resolutions_closures_and_reopenings(landed, log) -> None:
    _, connection = landed
    into_resolved = (log["state"] == "Resolved") & (log["state_before"] != "Resolved")
    done = log["state"].isin(["Resolved", "Closed"])
    done_before = done.groupby(log["number"]).cumsum() - done.astype(int) > 0
    straight = (log["state"] == "Closed") & ~done_before
    assert_same_rows(events(connection, "resolved"), log[into_resolved | straight], 4)

    closed = (log["state"] == "Closed") & (log["state_before"] != "Closed")
    assert_same_rows(events(connection, "closed"), log[closed], 5)

    back = log["state"].notna() & ~done & log["state_before"].isin(["Resolved", "Closed"])
    counts = log["reopen_count"].astype(int)
    counted = counts > counts.groupby(log["number"]).shift()
    reopened = events(connection, "reopened")
    assert_same_rows(reopened, log[back | counted], 1)
    assert (len(reopened), reopened["ticket_id"].nunique()) == (276, 234)


def test_the_mapping_says_which_events_it_can_know(landed: Any) -> None:
    _, connection = landed
    rows = connection.execute(
        "select distinct value from meta.source_capabilities"
        " where contract = 'crm.ticket_events' and column_name = 'event_type' order by 1"
    ).fetchall()
    assert [value for (value,) in rows] == [
        "assigned", "closed", "created", "reopened", "resolved", "status_changed", "transferred",
    ]  # fmt: skip
