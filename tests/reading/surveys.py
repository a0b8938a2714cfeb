"""Survey invitations and responses (rulings B15, D18, F1–F3, F7–F9)."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime

from tests.reading.cases import Case
from tests.reading.comments import CommentTerms
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

#: Scores from which a response is content (ruling F3), and from which it praises.
_CONTENT, _PRAISE = 60, 90


def survey_kpis(records: Records) -> Iterator[Contribution]:
    """Yield the scores of all responses, survey_response_rate of all invitations, praise and hidden complaints."""
    terms = CommentTerms(records.seeds.comment_terms)
    responses: dict[str, list[Row]] = defaultdict(list)
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
        score, comment = row.get("csat_score"), (row.get("comment") or "").strip()
        if comment and score is not None:
            is_hidden = score >= _CONTENT and terms.is_dissatisfied(comment)
            yield _of_survey(records, row, "hidden_complaint_rate", row["responded_at"], float(is_hidden))
        case = records.case_of(row.get("ticket_id"))
        if case is not None:
            responses[case.ticket_id].append(row)
    for case in records.cases:
        yield from _praise(records, case, responses[case.ticket_id])


def _praise(records: Records, case: Case, responses: list[Row]) -> Iterator[Contribution]:
    """Yield praise_rate of a case with responses, on the day of the first; praised in one of them or by an event."""
    if responses:
        first_at = min(row["responded_at"] for row in responses)
        is_praised = any(event.event_type == "praised" for event in case.events) or any(
            row.get("csat_score") is not None and row["csat_score"] >= _PRAISE for row in responses
        )
        yield of_case(case, "praise_rate", first_at, _unit(case, records.as_of), float(is_praised), 1.0)


def _of_survey(records: Records, row: Row, kpi_key: str, at: datetime, numerator: float) -> Contribution:
    case = records.case_of(row.get("ticket_id"))
    if case is not None:
        return of_case(case, kpi_key, at, _unit(case, records.as_of), numerator, 1.0)
    region_id = row.get("region_id")
    day = records.local_date(at, region_id)
    about = Attributes(row["_source_system"], region_id, channel=row.get("channel"))
    return Contribution(kpi_key, day, about, records.unit_of(row.get("agent_id"), at), numerator, 1.0)


def _unit(case: Case, as_of: datetime) -> Unit:
    """Return the owner at the stable resolution, else at the provisional one, else now (ruling F2)."""
    return case.owners.unit_at(case.stable_at or case.resolutions.provisional_at or as_of)
