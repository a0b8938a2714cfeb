"""Tickets at the exact edge of a rule: the rows behind the KPIs, with the values that the rulings give."""

import pandas as pd
import pytest

from tests.integration.kpis.edges import SYSTEM
from warehouse.kpi_question import KpiQuestion
from warehouse.kpis import tickets
from warehouse.reading import BuildReader
from warehouse.scope import Scope


@pytest.fixture(scope="module")
def rows(small_builds: dict[str, BuildReader]) -> pd.DataFrame:
    """The rows behind all KPIs by team."""
    question = KpiQuestion(slice_name="team", filters=(("source_system", (SYSTEM,)),))
    return tickets(small_builds["UTC"], question, Scope())


def sides(rows: pd.DataFrame, kpi_key: str, ticket_id: str) -> list[tuple[str, float, float]]:
    """Return (team, numerator, denominator) of the rows of one ticket."""
    found = rows[(rows["kpi_key"] == kpi_key) & (rows["ticket_id"] == ticket_id)]
    return [
        (row["team_id"], float(row["numerator"]), float("nan") if pd.isna(row["denominator"]) else row["denominator"])
        for row in found.sort_values("team_id").to_dict("records")
    ]


@pytest.mark.parametrize(
    ("ticket_id", "is_case"),
    [
        pytest.param("touched-before", True, id="B9: cancelled after touch stays"),
        pytest.param("touched-too-late", False, id="B9: an answer after the cancelling is no touch before it"),
    ],
)
def test_cancelled_before_touch_is_no_case(rows: pd.DataFrame, ticket_id: str, is_case: bool) -> None:
    assert bool(sides(rows, "tickets_created", ticket_id)) is is_case
    assert sides(rows, "tickets_resolved", ticket_id) == []


@pytest.mark.parametrize(
    ("ticket_id", "is_resolved"),
    [("stood-a-week", True), ("stood-less", False), ("reopened-168h", True), ("reopened-before-168h", True)],
)
def test_a_resolution_is_stable_after_168_hours(rows: pd.DataFrame, ticket_id: str, is_resolved: bool) -> None:
    """Rulings A5, D1."""
    assert bool(sides(rows, "tickets_resolved", ticket_id)) is is_resolved


@pytest.mark.parametrize("kpi_key", ["resolution_hours_customer_calendar", "resolution_on_time_rate"])
def test_solved_before_it_was_opened_took_an_unknown_time(rows: pd.DataFrame, kpi_key: str) -> None:
    """Ruling B5: in neither side of what needs the duration."""
    assert sides(rows, "tickets_created", "solved-before-opened")
    assert sides(rows, kpi_key, "solved-before-opened") == []


@pytest.mark.xfail(strict=True, reason="the product takes it for unsolved; ruling B5 makes only its duration unknown")
def test_solved_before_it_was_opened_is_solved(rows: pd.DataFrame) -> None:
    """Ruling B5: the row is kept. Remove the mark together with the exception in histories.py once it is decided."""
    assert sides(rows, "tickets_resolved", "solved-before-opened")


@pytest.mark.parametrize(("ticket_id", "hours"), [("reopened-168h", 0.0), ("reopened-before-168h", 168.0)])
def test_the_first_stable_resolution_counts(rows: pd.DataFrame, ticket_id: str, hours: float) -> None:
    """Ruling D1."""
    assert [value for _, value, _ in sides(rows, "resolution_hours_customer_calendar", ticket_id)] == [hours]


@pytest.mark.parametrize(("ticket_id", "reopened"), [("reopened-168h", 0.0), ("reopened-before-168h", 1.0)])
def test_reopened_at_168_hours_is_outside_the_window(rows: pd.DataFrame, ticket_id: str, reopened: float) -> None:
    """Ruling A5."""
    assert sides(rows, "reopen_rate", ticket_id) == [("unknown", reopened, 1)]


@pytest.mark.parametrize(
    ("ticket_id", "expected"),
    [
        ("calendar-limit", [("unknown", 1.0, 1)]),
        ("calendar-late", [("unknown", 0.0, 1)]),
        ("make-up-limit", [("unknown", 1.0, 1)]),
        ("make-up-late", [("unknown", 0.0, 1)]),
        ("national-limit", [("unknown", 1.0, 1)]),
        ("national-late", [("unknown", 0.0, 1)]),
        ("unanswered-late", [("unknown", 0.0, 1)]),
        ("unanswered-young", []),
        ("stood-a-week", []),
    ],
)
def test_response_on_time(rows: pd.DataFrame, ticket_id: str, expected: list[tuple[str, float, float]]) -> None:
    """Rulings C2, C3, C8: within the limit is ≤, unanswered is late once the limit has passed, no policy is out."""
    assert sides(rows, "first_response_on_time_rate", ticket_id) == expected


@pytest.mark.parametrize(
    ("ticket_id", "on_time"),
    [("due-kept", 1.0), ("due-missed", 0.0), ("policy-before-change", 1.0), ("policy-after-change", 0.0)],
)
def test_resolution_on_time(rows: pd.DataFrame, ticket_id: str, on_time: float) -> None:
    """Rulings C3, D7: due by the working clock across the holidays; the policy of the local day of creation."""
    assert sides(rows, "resolution_on_time_rate", ticket_id) == [("unknown", on_time, 1)]


@pytest.mark.parametrize(
    ("ticket_id", "expected"),
    [
        ("there-and-back", [("T-1", 2.0, 0.5), ("T-2", 2.0, 0.5)]),
        ("all-night", [("T-1", 1.0, 0.25), ("T-2", 3.0, 0.75)]),
        ("night-costs-nothing", [("T-1", 16.0, 1.0)]),
    ],
)
def test_teams_share_resolution_time(
    rows: pd.DataFrame, ticket_id: str, expected: list[tuple[str, float, float]]
) -> None:
    """Ruling D5: by working minutes held, by calendar minutes where nobody held a working one."""
    shares = [row for row in sides(rows, "resolution_hours_customer_calendar", ticket_id) if row[2]]
    assert [row[0] for row in shares] == [row[0] for row in expected]
    for found, wanted in zip(shares, expected, strict=True):
        assert found[1:] == pytest.approx(wanted[1:], abs=1e-9)


def test_a_transfer_after_the_resolution_does_not_count(rows: pd.DataFrame) -> None:
    """Ruling D12; the first owner is the first team that any event names (D13)."""
    assert sides(rows, "transfer_rate", "transferred-after") == [("T-2", 0.0, 1)]
    assert sides(rows, "transfer_rate", "there-and-back") == [("T-1", 1.0, 1)]
