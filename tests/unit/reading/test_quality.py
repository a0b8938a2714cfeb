"""Inspections, collaborations, examinations and surveys by hand (rulings A12, D6, E4, E5, E9, F3, F5, F7–F9)."""

import pytest

from tests.reading.figures import figures
from tests.reading.members import contribution_frame
from tests.unit.reading.builders import DAY, HOUR, MONDAY, TinyCompany


def test_records_and_scripts() -> None:
    company = TinyCompany()
    company.ticket("A")
    company.ticket("gone", deleted_at=MONDAY + DAY)
    company.add("erp.employees", employee_id="E1", team_id="T-2", employment="in_house")
    for number, (ticket_id, required, complete, script) in enumerate(
        [("A", 8, 6, True), ("A", 8, None, False), ("nowhere", 0, 0, None), ("gone", 8, 8, True)]
    ):
        company.add(
            "crm.quality_inspections", inspection_id=f"i{number}", ticket_id=ticket_id, inspected_at=MONDAY + DAY,
            agent_id="E1", fields_required=required, fields_complete=complete, is_script_followed=script,
        )  # fmt: skip
    assert company.sides("record_completeness_rate") == [(6.0, 8.0), (0.0, 0.0)]
    assert company.sides("script_adherence_rate") == [(1.0, 1.0), (0.0, 1.0)]
    assert {c.unit.team_id for c in company.of("script_adherence_rate")} == {"T-2"}
    assert [c.about.region_id for c in company.of("record_completeness_rate")] == ["R-SH", None]


def test_hours_to_the_answer_of_another_department() -> None:
    company = TinyCompany()
    company.ticket("A")
    for number, after in enumerate((5, None, -1, 0)):
        company.add(
            "crm.collaborations", collaboration_id=f"c{number}", ticket_id="A", requesting_team_id="T-1",
            requested_at=MONDAY, responded_at=None if after is None else MONDAY + after * HOUR,
        )  # fmt: skip
    assert company.sides("collaboration_response_hours") == [(5.0, 1.0), (0.0, 1.0)]
    assert {(c.unit.team_id, c.unit.employment) for c in company.of("collaboration_response_hours")} == {("T-1", None)}


def test_examinations() -> None:
    company = TinyCompany()
    for number, (kind, is_passed) in enumerate(
        [("certification", True), ("certification", False), ("certification", None), ("training", True)]
    ):
        company.add(
            "erp.training_records",
            record_id=f"r{number}", employee_id="E1", held_on="2025-09-05", kind=kind, is_passed=is_passed,
        )  # fmt: skip
    assert company.sides("certification_pass_rate") == [(1.0, 1.0), (0.0, 1.0)]


def test_scores_have_their_own_denominators_and_nps_is_points() -> None:
    company = TinyCompany()
    company.ticket("A")
    for number, (csat, nps) in enumerate([(75, 9), (74.5, 8.5), (None, 6), (100, 10), (0, None)]):
        company.add(
            "survey.responses", response_id=f"s{number}", ticket_id="A", invited_at=MONDAY + 2 * DAY,
            responded_at=MONDAY + DAY, csat_score=csat, nps_score=nps,
        )  # fmt: skip
    company.add("survey.responses", response_id="silent", ticket_id="A", invited_at=MONDAY + 2 * DAY)
    assert company.sides("csat_top2_rate") == [(1.0, 1.0), (0.0, 1.0), (1.0, 1.0), (0.0, 1.0)]
    assert [numerator for numerator, _ in company.sides("survey_response_rate")] == [1.0] * 5 + [0.0]
    reading = company.reading()
    frame = contribution_frame(reading.contributions(), reading.records.seeds, reading.records.tables)
    found = figures(frame, "total", "month").set_index("kpi_key").loc["nps"]
    assert (found["numerator"], found["denominator"], found["value"]) == (1.0, 4.0, 25.0)


@pytest.mark.parametrize(
    ("events", "rate", "on_time", "closed"),
    [
        pytest.param([("resolved", 1 * HOUR), ("closed", 2 * DAY)], 1.0, 1.0, 1.0, id="closed when due"),
        pytest.param([("resolved", 1 * HOUR), ("closed", 2 * DAY + HOUR)], 1.0, 1.0, 0.0, id="closed late"),
        pytest.param([("resolved", 3 * DAY)], 1.0, 0.0, 0.0, id="solved late"),
        pytest.param([("resolved", 55 * DAY)], 1.0, 0.0, 0.0, id="provisional"),
        pytest.param([("resolved", 55 * DAY), ("reopened", 56 * DAY)], 0.0, 0.0, 0.0, id="reopened"),
        pytest.param([("responded", 1 * HOUR)], 0.0, 0.0, 0.0, id="open"),
    ],
)
def test_complaints_that_were_due(events: list[tuple[object, ...]], rate: float, on_time: float, closed: float) -> None:
    company = TinyCompany()
    company.ticket("A", *events, case_type="complaint", resolution_due_at=MONDAY + 2 * DAY)
    assert company.sides("resolution_rate") == [(rate, 1.0)]
    assert company.sides("resolution_on_time_rate") == [(on_time, 1.0)]
    assert company.sides("complaint_closure_rate") == [(closed, 1.0)]
