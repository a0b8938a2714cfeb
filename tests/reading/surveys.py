"""Survey invitations and responses (rulings B15, D18, F1–F3, F7–F9)."""

from collections.abc import Callable, Iterator
from datetime import datetime

from tests.reading.cases import Case
from tests.reading.contributions import Attributes, Contribution, of_case
from tests.reading.owners import Unit
from tests.reading.records import Records
from tests.reading.tables import Row

#: KPI, the column of its score, and what a score adds to the numerator.
_SCORES: tuple[tuple[str, str, Callable[[float], float]], ...] = (
    ("csat_score", "csat_score", lambda score: score),
    ("csat_top2_rate", "csat_score", lambda score: float(score >= 75)),
    ("attitude_score", "attitude_score", lambda score: score),
    ("efficiency_score", "efficiency_score", lambda score: score),
    ("nps", "nps_score", lambda score: float(score >= 9) - float(score <= 6)),
)


def survey_kpis(records: Records) -> Iterator[Contribution]:
    """Yield the scores of all responses, and survey_response_rate of all invitations."""
    for row in records.rows("survey.responses"):
        if records.is_excluded(row.get("ticket_id")):
            continue
        is_answered = records.is_visible(row.get("responded_at"))
        if records.is_visible(row.get("invited_at")):
            yield _of_survey(records, row, "survey_response_rate", row["invited_at"], float(is_answered))
        if not is_answered:
            continue
        for kpi_key, column, worth in _SCORES:
            if row.get(column) is not None:
                yield _of_survey(records, row, kpi_key, row["responded_at"], worth(float(row[column])))


def _of_survey(records: Records, row: Row, kpi_key: str, at: datetime, numerator: float) -> Contribution:
    case = records.case_of(row.get("ticket_id"))
    if case is not None:
        return of_case(case, kpi_key, at, _unit(case, records.as_of), numerator, 1.0)
    region_id = row.get("region_id")
    day = records.local_date(at, region_id)
    about = Attributes(row["_source_system"], region_id, channel=row.get("channel"))
    return Contribution(kpi_key, day, about, records.people.unit(row.get("agent_id"), day), numerator, 1.0)


def _unit(case: Case, as_of: datetime) -> Unit:
    """Return the owner at the stable resolution, else at the provisional one, else now (ruling F2)."""
    return case.owners.unit_at(case.stable_at or case.resolutions.provisional_at or as_of)
