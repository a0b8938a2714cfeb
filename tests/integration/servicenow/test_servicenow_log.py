"""A real ServiceNow log, landed through its preset, against a reading of the raw file."""

import pandas as pd
import pytest

from tests.integration.servicenow.conftest import Landed
from tests.reading.incident_log import newest_instant
from warehouse.kpi_question import KpiQuestion
from warehouse.kpis import answer
from warehouse.scope import Scope

HOURS = "resolution_hours_customer_calendar"


def assert_same(answered: pd.Series, read: pd.Series, tolerance: float = 1e-9) -> None:
    """Compare by period and member; what one side lacks must be nothing on the other."""
    both = pd.concat({"answered": answered.astype(float), "read": read.astype(float)}, axis="columns")
    both = both[~(both.isna().all(axis="columns"))].fillna(0.0)
    wrong = both[(both["answered"] - both["read"]).abs() > tolerance * both["read"].abs().clip(lower=1)]
    assert not both.empty
    assert wrong.empty, f"{len(wrong)} of {len(both)} differ:\n{wrong.head(20)}"


def test_as_of_is_the_newest_instant_of_the_log(landed: Landed) -> None:
    as_of = landed.reader.rows("select max(as_of) as as_of from kpi.mart_kpis")[0]["as_of"]
    assert as_of == newest_instant(landed.log)


@pytest.mark.parametrize(("slice_name", "column"), [("total", None), ("team", "first_team"), ("region", "region")])
def test_tickets_created(landed: Landed, slice_name: str, column: str | None) -> None:
    members = landed.incidents[column] if column else pd.Series("all", index=landed.incidents.index)
    read = landed.incidents.groupby([landed.months("opened_at"), members]).size()
    assert_same(landed.figure("tickets_created", slice_name)["numerator"], read)


@pytest.mark.parametrize("slice_name", ["total", "region", "team"])
def test_resolution_hours(landed: Landed, slice_name: str) -> None:
    """Mean, median and P90 by month of the stable resolution; the mean by team goes by shares (ruling D5)."""
    solved = landed.incidents.assign(month=landed.months("stable_at"), all="all").dropna(subset=["stable_at"])
    column = {"total": "all", "region": "region", "team": "team_at_stable"}[slice_name]
    hours = solved.groupby(["month", column])["hours"]
    assert_same(landed.figure(f"{HOURS}_median", slice_name)["value"], hours.quantile(0.5))
    assert_same(landed.figure(f"{HOURS}_p90", slice_name)["value"], hours.quantile(0.9))
    assert_same(landed.figure("tickets_resolved", slice_name)["numerator"], hours.size())
    if slice_name != "team":
        assert_same(landed.figure(HOURS, slice_name)["value"], hours.mean())
        return
    shared = pd.DataFrame(
        [
            {"month": row["month"], "team": team, "share": share, "hours": share * row["hours"]}
            for row in solved.to_dict("records")
            for team, share in row["shares"].items()
        ]
    )
    sums = shared.groupby(["month", "team"])[["share", "hours"]].sum()
    answered = landed.figure(HOURS, "team")
    # shares are kept to twelve decimals, and the longest case lasts 8,070 hours
    assert_same(answered["numerator"], sums["hours"], tolerance=1e-8)
    assert_same(answered["denominator"], sums["share"])


@pytest.mark.parametrize(("slice_name", "column"), [("total", "all"), ("team", "team_at_first_resolved")])
def test_reopened(landed: Landed, slice_name: str, column: str) -> None:
    solved = landed.incidents.assign(month=landed.months("first_resolved_at"), all="all")
    solved = solved.dropna(subset=["first_resolved_at"])
    reopened = solved.groupby(["month", column])["is_reopened"]
    answered = landed.figure("reopen_rate", slice_name)
    assert_same(answered["numerator"], reopened.sum())
    assert_same(answered["denominator"], reopened.size())


@pytest.mark.parametrize(("slice_name", "column"), [("total", "all"), ("team", "first_team"), ("region", "region")])
def test_transferred(landed: Landed, slice_name: str, column: str) -> None:
    created = landed.incidents.assign(month=landed.months("opened_at"), all="all")
    transferred = created.groupby(["month", column])["is_transferred"]
    answered = landed.figure("transfer_rate", slice_name)
    assert_same(answered["numerator"], transferred.sum())
    assert_same(answered["denominator"], transferred.size())


def test_the_verdict_of_the_source_is_kept(landed: Landed) -> None:
    """made_sla of each incident's last row."""
    sql = "select ticket_id as number, source_is_sla_met as made_sla from core.fct_tickets"
    kept = landed.reader.frame(sql).set_index("number")["made_sla"].astype(bool)
    read = landed.incidents.set_index("number")["made_sla"]
    pd.testing.assert_series_equal(kept.sort_index(), read.sort_index(), check_names=False, check_index_type=False)


@pytest.mark.parametrize(
    ("kpi_key", "reason"),
    [
        ("first_response_minutes", "not_in_source"),
        ("first_response_minutes_median", "not_in_source"),
        ("first_response_minutes_p90", "not_in_source"),
        ("first_response_on_time_rate", "not_in_source"),
        ("resolution_on_time_rate", "no_policy"),
    ],
)
@pytest.mark.parametrize("slice_name", ["total", "team", "region"])
def test_what_the_log_cannot_tell_is_unknown(landed: Landed, kpi_key: str, reason: str, slice_name: str) -> None:
    """Rulings B21, C3: the log has no answers and no case types, so nothing is 0 % or 100 %."""
    question = KpiQuestion(kpis=(kpi_key,), slice_name=slice_name)
    answered = answer(landed.reader, question, Scope())
    assert answered["value"].isna().all()
    column = {"total": "all", "team": "first_team", "region": "region"}[slice_name]
    created = landed.incidents.assign(month=landed.months("opened_at"), all="all").groupby(["month", column]).size()
    has_cases = pd.MultiIndex.from_frame(answered[["period_start", "slice_value"]]).isin(created.index)
    assert set(answered[has_cases]["null_reason"]) == {reason}
    assert set(answered[~has_cases]["null_reason"]) == {"no_cases"}


@pytest.mark.parametrize("slice_name", ["total", "team", "region"])
def test_complaints_are_unknown_where_the_log_names_no_case_types(landed: Landed, slice_name: str) -> None:
    """Ruling B21: also in months in which cases were solved that had been opened in another one."""
    answered = answer(landed.reader, KpiQuestion(kpis=("complaint_rate",), slice_name=slice_name), Scope())
    assert answered["value"].isna().all()
    assert not answered[["numerator", "denominator"]].fillna(0.0).to_numpy().any()
