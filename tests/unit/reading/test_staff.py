"""Training, staying, writing and being reviewed by hand (rulings G3–G6, decision 11)."""

from datetime import date, datetime

import pandas as pd

from tests.reading.figures import figures
from tests.reading.members import contribution_frame
from tests.unit.reading.builders import DAY, HOUR, MONDAY, TinyCompany

#: 10 October 2025, 10:00 in Shanghai.
AS_OF = datetime(2025, 10, 10, 2)


def staffed_company() -> TinyCompany:
    """A case since MONDAY, and five people."""
    company = TinyCompany(AS_OF)
    company.ticket("A", ("resolved", 1 * DAY))
    company.add("erp.employees", employee_id="stays", team_id="T-1")
    company.add("erp.employees", employee_id="leaves", team_id="T-1", left_on="2025-09-30")
    company.add("erp.employees", employee_id="left", team_id="T-1", left_on="2025-09-29")
    company.add("erp.employees", employee_id="comes", team_id="T-2", hired_on="2025-09-02")
    for team, day in (("T-1", "2025-01-01"), ("T-2", "2025-09-30")):
        company.add("erp.employees", employee_id="moves", team_id=team, region_id="R-SH", effective_from=day)
    return company


def found(company: TinyCompany, slice_name: str, kind: str, kpi_key: str) -> pd.DataFrame:
    reading = company.reading()
    frame = contribution_frame(reading.contributions(), reading.records.seeds, reading.records.tables)
    table = figures(frame, slice_name, kind)
    return table[table["kpi_key"] == kpi_key].set_index(["period_start", "slice_value"])


def sides(table: pd.DataFrame, month: str) -> dict[str, tuple[float, float, int]]:
    """Return numerator, denominator and n by member of the period that starts on a day."""
    rows = table.loc[pd.Timestamp(month)]
    return {str(name): (row["numerator"], row["denominator"], int(row["n"])) for name, row in rows.iterrows()}


def test_who_stayed_is_charged_to_the_unit_of_the_first_day() -> None:
    table = found(staffed_company(), "team", "month", "staff_stability_rate")
    assert sides(table, "2025-09-01") == {"T-1": (3.0, 4.0, 4)}
    assert sides(table, "2025-10-01") == {"T-1": (1.0, 1.0, 1), "T-2": (2.0, 2.0, 2)}
    assert found(staffed_company(), "team", "week", "staff_stability_rate").empty
    assert found(staffed_company(), "root_cause", "month", "staff_stability_rate").empty


def test_training() -> None:
    company = staffed_company()
    for number, (who, day, hours, kind) in enumerate([
        ("stays", "2025-09-05", 4, "training"), ("stays", "2025-09-30", None, None),
        ("moves", "2025-09-29", 1.5, "certification"), ("left", "2025-09-02", 2, "training"),
        ("unknown", "2025-09-02", 8, "training"), ("comes", "2025-10-11", 8, "training"),
    ]):  # fmt: skip
        company.add(
            "erp.training_records", record_id=f"r{number}", employee_id=who, held_on=day, hours=hours, kind=kind
        )
    table = found(company, "team", "month", "training_hours_per_head")
    assert table.loc[(pd.Timestamp("2025-09-01"), "unknown"), "numerator"] == 8
    assert sides(table.drop(index="unknown", level=1), "2025-09-01") == {"T-1": (7.5, 2.0, 2), "T-2": (0.0, 2.0, 2)}
    coverage = found(company, "team", "month", "training_coverage")
    assert sides(coverage, "2025-09-01") == {"T-1": (1.0, 2.0, 2), "T-2": (1.0, 2.0, 2)}
    assert sides(coverage, "2025-10-01") == {"T-1": (0.0, 1.0, 1), "T-2": (0.0, 2.0, 2)}
    assert sides(found(company, "total", "quarter", "training_coverage"), "2025-10-01") == {"all": (0.0, 3.0, 3)}


def test_articles_are_of_the_post_of_their_day() -> None:
    company = staffed_company()
    for number, (who, at) in enumerate(
        [("moves", MONDAY), ("moves", datetime(2025, 9, 29, 16)), ("unknown", MONDAY), ("stays", AS_OF + HOUR)]
    ):
        company.add("crm.knowledge_articles", article_id=f"k{number}", author_id=who, published_at=at)
    articles = [(c.day, c.unit.team_id, c.about.region_id) for c in company.of("knowledge_contributions")]
    assert articles == [
        (date(2025, 9, 1), "T-1", "R-SH"), (date(2025, 9, 30), "T-2", "R-SH"), (date(2025, 9, 1), None, None),
    ]  # fmt: skip
    table = found(company, "root_cause", "month", "knowledge_contributions")
    assert list(table["value"]) == [3.0]


def test_reviews_are_of_quarters() -> None:
    company = staffed_company()
    for number, (quarter, dimension, score) in enumerate([
        ("2025-Q3", "innovation", 80), ("2025-Q3", "attitude", 60), ("2025-Q4", None, 100), ("2026-Q1", "attitude", 0),
    ]):  # fmt: skip
        company.add(
            "survey.peer_reviews",
            review_id=f"v{number}", employee_id="moves", quarter=quarter, dimension=dimension, score=score,
        )  # fmt: skip
    reviews = [(c.day, c.unit.team_id, c.numerator) for c in company.of("peer_review_score")]
    assert reviews == [
        (date(2025, 9, 30), "T-2", 80), (date(2025, 9, 30), "T-2", 60), (date(2025, 10, 10), "T-2", 100),
    ]  # fmt: skip
    assert company.sides("innovation_score") == [(80.0, 1.0)]
    assert found(company, "total", "month", "peer_review_score").empty
    assert list(found(company, "total", "year", "peer_review_score")["value"]) == [80.0]


def test_attitude_as_inspected() -> None:
    company = staffed_company()
    for number, score in enumerate((62.5, None)):
        company.add(
            "crm.quality_inspections", inspection_id=f"i{number}", ticket_id="A", inspected_at=MONDAY + DAY,
            agent_id="stays", attitude_score=score,
        )  # fmt: skip
    assert company.sides("qa_attitude_score") == [(62.5, 1.0)]


def test_the_age_of_open_cases() -> None:
    """Ruling D16: from the creation to the local end of the last day, or to now."""
    company = staffed_company()
    company.ticket("open")
    company.ticket("younger", opened_at=MONDAY + 2 * DAY)
    table = found(company, "total", "month", "backlog_age_days")
    assert list(table["numerator"]) == [29 + 14 / 24 + 27 + 14 / 24, 39 + 37]
    assert list(table["n"]) == [2, 2]
