"""A real file of support contacts with CSAT, landed through its preset, against a reading of it with pandas."""

import pandas as pd
import pytest

from tests.integration.real_systems.published_alone import DATA, PublishedAlone, assert_same, publish_alone

FOLDER = DATA / "support_csat"
FILE = FOLDER / "tickets_with_csat.csv.gz"
ZONE = "Asia/Kolkata"
#: every survey was answered in this month
AUGUST = pd.Timestamp("2023-08-01")

if not FILE.is_file():
    pytest.skip(f"the real extracts are not here: {FILE}", allow_module_level=True)


@pytest.fixture(scope="session")
def landed(tmp_path_factory: pytest.TempPathFactory) -> PublishedAlone:
    return publish_alone(tmp_path_factory.mktemp("support_csat"), "support_csat", FOLDER, zone=ZONE)


@pytest.fixture(scope="session")
def contacts() -> pd.DataFrame:
    """The file itself: instants in UTC, scores 0 to 100, minutes to the response where its time is known."""
    read = pd.read_csv(FILE, dtype=str)
    for column in ("Issue_reported at", "issue_responded"):
        local = pd.to_datetime(read[column], format="%d/%m/%Y %H:%M")
        read[column] = local.dt.tz_localize(ZONE).dt.tz_convert("UTC").dt.tz_localize(None)
    is_lost = read["issue_responded"] < read["Issue_reported at"]
    read["score"] = (read["CSAT Score"].astype(float) - 1) * 25
    read["is_top2"] = read["CSAT Score"].isin(["4", "5"])
    read["minutes"] = ((read["issue_responded"] - read["Issue_reported at"]).dt.total_seconds() / 60).mask(is_lost)
    read["channel"] = read["channel_name"].map({"Inbound": "hotline", "Email": "email", "Outcall": "unknown"})
    return read.assign(is_lost=is_lost, all="all").set_index("Unique id")


@pytest.fixture(scope="session")
def tickets(landed: PublishedAlone) -> pd.DataFrame:
    return landed.warehouse("select * from raw.crm__tickets").set_index("ticket_id")


@pytest.fixture(scope="session")
def responses(landed: PublishedAlone) -> pd.DataFrame:
    """Survey responses as the published build has them, with the category of their reason."""
    rows = landed.build.frame("select * from core.fct_survey_responses")
    return rows.assign(category=rows["root_cause_id"].str.split(": ").str[0], is_top2=rows["csat_score"] >= 75)


def test_every_row_landed_and_nothing_was_bad(landed: PublishedAlone) -> None:
    counts = {entry["contract"]: (entry["rows_loaded"], entry["rows_filtered"]) for entry in landed.entries}
    assert counts == {
        "crm.tickets": (17_182, 0), "crm.ticket_events": (17_182 - 635, 635), "survey.responses": (17_182, 0),
        "erp.employees": (1_368, 0), "erp.products": (9, 13_732),
    }  # fmt: skip
    assert {(entry["rows_quarantined"], entry["rows_rejected"], entry["bad_cells"]) for entry in landed.entries} == {
        (0, 0, 0)
    }
    # the nameless first column is numbered, listed and left alone
    assert "column_1" in landed.entries[0]["unmapped_columns"]


def test_the_635_lost_times_of_day_are_unknown_and_only_they(tickets: pd.DataFrame, contacts: pd.DataFrame) -> None:
    is_lost = contacts["is_lost"]
    assert int(is_lost.sum()) == 635
    local = contacts["issue_responded"].dt.tz_localize("UTC").dt.tz_convert(ZONE)
    assert (local[is_lost].dt.strftime("%H:%M") == "00:00").all()
    landed = tickets["first_response_at"].reindex(contacts.index)
    assert landed.isna().equals(is_lost)
    assert (landed[~is_lost] == contacts["issue_responded"][~is_lost]).all()
    # 66 more stand at 00:00 of a day after the report: as the file tells them
    assert int((local.dt.strftime("%H:%M") == "00:00").sum()) == 635 + 66


def test_the_response_events_are_the_known_responses(landed: PublishedAlone, contacts: pd.DataFrame) -> None:
    events = landed.warehouse("select ticket_id, event_type, occurred_at, actor from raw.crm__ticket_events")
    assert set(zip(events["event_type"], events["actor"], strict=True)) == {("first_response", "agent")}
    known = contacts["issue_responded"][~contacts["is_lost"]]
    pd.testing.assert_series_equal(
        events.set_index("ticket_id")["occurred_at"].sort_index(), known.sort_index(),
        check_names=False, check_dtype=False, check_index_type=False,
    )  # fmt: skip


def test_dates_of_all_formats(landed: PublishedAlone, tickets: pd.DataFrame, contacts: pd.DataFrame) -> None:
    assert (tickets["opened_at"].reindex(contacts.index) == contacts["Issue_reported at"]).all()
    surveys = landed.build.frame("select response_id, responded_at, responded_date from core.fct_survey_responses")
    surveys = surveys.set_index("response_id").reindex(contacts.index)
    day = pd.to_datetime(contacts["Survey_response_Date"], format="%d-%b-%y")
    assert (pd.to_datetime(surveys["responded_date"]) == day).all()


def test_scores_run_from_0_to_100(responses: pd.DataFrame, contacts: pd.DataFrame) -> None:
    assert set(responses["csat_score"]) == {0.0, 25.0, 50.0, 75.0, 100.0}
    by_id = responses.set_index("response_id")["csat_score"].reindex(contacts.index)
    assert (by_id == contacts["score"]).all()


@pytest.mark.parametrize(
    ("column", "read"),
    [("channel", "channel"), ("category", "category"), ("root_cause_id", "reason"), ("team_id", "Manager")],
)
def test_csat_mean_and_top2(responses: pd.DataFrame, contacts: pd.DataFrame, column: str, read: str) -> None:
    reasons = contacts["category"] + ": " + contacts["Sub-category"]
    expected = contacts.assign(reason=reasons).groupby(read)
    answered = responses.groupby(column)
    assert_same(answered.size(), expected.size())
    assert_same(answered["csat_score"].mean(), expected["score"].mean())
    assert_same(answered["is_top2"].mean(), expected["is_top2"].mean())


def test_a_blank_city_is_an_unknown_region(landed: PublishedAlone, contacts: pd.DataFrame) -> None:
    regions = landed.build.frame("select region_id, count(*) as n from core.fct_tickets group by 1")
    counts = regions.set_index("region_id")["n"]
    assert counts["unknown"] == 13_757 == contacts["Customer_City"].isna().sum()
    assert_same(counts.drop("unknown"), contacts.groupby("Customer_City").size())


def test_people_belong_to_their_manager(landed: PublishedAlone, contacts: pd.DataFrame) -> None:
    """One manager per agent, so the team of a person is that of the file; supervisors cut across managers."""
    people = landed.warehouse("select employee_id, team_id, role from raw.erp__employees")
    assert set(people["role"]) == {"service_agent"}
    teams = people.assign(name=people["employee_id"].map(landed.names)).set_index("name")["team_id"]
    read = contacts.groupby("Agent_name")["Manager"]
    assert (read.nunique() == 1).all()
    assert teams.to_dict() == read.first().to_dict()
    managers_of = contacts.groupby("Supervisor")["Manager"].nunique()
    assert (len(managers_of), int((managers_of > 1).sum())) == (40, 38)


@pytest.mark.parametrize(("slice_name", "column"), [("total", "all"), ("channel", "channel"), ("team", "Manager")])
def test_first_response_over_known_times(
    landed: PublishedAlone, contacts: pd.DataFrame, slice_name: str, column: str
) -> None:
    month = contacts["Issue_reported at"].dt.tz_localize("UTC").dt.tz_convert(ZONE).dt.tz_localize(None)
    groups = contacts.groupby([month.dt.to_period("M").dt.start_time, column])["minutes"]
    for kpi_key, read in (
        ("first_response_minutes", groups.mean()),
        ("first_response_minutes_median", groups.median()),
        ("first_response_minutes_p90", groups.quantile(0.9)),
    ):
        figures = landed.figures(kpi_key, slice_name, "month")
        assert_same(figures["value"], read)
        assert_same(figures["n"], groups.count())
    assert (contacts["minutes"].count(), contacts["minutes"].median()) == (17_182 - 635, 6.0)


@pytest.mark.parametrize(("slice_name", "column"), [("total", "all"), ("channel", "channel"), ("team", "Manager")])
@pytest.mark.parametrize(("kpi_key", "column_read"), [("csat_score", "score"), ("csat_top2_rate", "is_top2")])
def test_csat_kpis(
    landed: PublishedAlone, contacts: pd.DataFrame, kpi_key: str, column_read: str, slice_name: str, column: str
) -> None:
    groups = contacts.groupby(column)[column_read]
    figures = landed.figures(kpi_key, slice_name, "month").loc[AUGUST]
    assert_same(figures["numerator"], groups.sum())
    assert_same(figures["denominator"], groups.size())
    assert_same(figures["value"], groups.mean())


@pytest.mark.parametrize(
    "kpi_key",
    ["tickets_resolved", "resolution_hours_customer_calendar", "resolution_on_time_rate", "reopen_rate",
     "transfer_rate", "complaint_rate"],
)  # fmt: skip
def test_what_the_file_cannot_tell_is_unknown(landed: PublishedAlone, kpi_key: str) -> None:
    # nobody is without a manager, so the team "unknown" has no cases and a count of it is 0
    figures = landed.figures(kpi_key, "team", "month").drop("unknown", level="slice_value")
    assert figures["value"].isna().all()
    assert set(figures["null_reason"]) <= {"not_in_source", "no_cases"}
    assert "not_in_source" in set(figures["null_reason"])


@pytest.mark.parametrize("kpi_key", ["survey_response_rate", "nps", "attitude_score", "remote_resolution_rate"])
def test_what_later_kpis_need_is_not_in_the_file(landed: PublishedAlone, kpi_key: str) -> None:
    """Only answered surveys are in the file, so a share of answers would be 100 % by construction."""
    figures = landed.figures(kpi_key, "total", "month")
    assert figures["value"].isna().all()
    assert figures["null_reason"].notna().all()
