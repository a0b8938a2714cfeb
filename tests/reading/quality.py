"""Inspections, collaborations and certifications (rulings B5, B6, E4, E5, E9, G5)."""

from collections.abc import Iterator
from datetime import timedelta

from tests.reading.contributions import Attributes, Contribution, of_fact
from tests.reading.owners import Unit
from tests.reading.records import Records
from tests.reading.tables import Row, as_date
from tests.reading.work_orders import elapsed_hours

_ANSWER_LIMIT = timedelta(hours=24)


def quality_kpis(records: Records) -> Iterator[Contribution]:
    """Yield the KPIs of inspections, collaborations and certifications."""
    for row in records.rows("crm.quality_inspections"):
        if records.is_visible(row["inspected_at"]) and not records.is_excluded(row["ticket_id"]):
            yield from _inspection(records, row)
    collaborations = records.rows("crm.collaborations")
    answering = {row["_source_system"] for row in collaborations if row.get("responded_at") is not None}
    for row in collaborations:
        if records.is_visible(row["requested_at"]) and not records.is_excluded(row["ticket_id"]):
            yield from _collaboration(records, row, knows_answers=row["_source_system"] in answering)
    for row in records.rows("erp.training_records"):
        yield from _certification(records, row)


def _inspection(records: Records, row: Row) -> Iterator[Contribution]:
    """Yield the record and the script of an inspected case, charged to whose work it was."""
    case = records.case_of(row["ticket_id"])
    region_id = case.region_id if case else None
    day = records.local_date(row["inspected_at"], region_id)
    unit = records.unit_of(row.get("agent_id"), row["inspected_at"])
    required, complete = row.get("fields_required"), row.get("fields_complete")
    # more fields filled in than there are: contradictory, so unknown (ruling B5 in spirit)
    if required is not None and complete is not None and complete <= required:
        yield of_fact(
            row, case, "record_completeness_rate", day, region_id, float(complete), float(required),
            unit=unit, counted=int(required != 0),
        )  # fmt: skip
    if row.get("is_script_followed") is not None:
        is_followed = float(row["is_script_followed"])
        yield of_fact(row, case, "script_adherence_rate", day, region_id, is_followed, 1.0, unit=unit)
    if row.get("attitude_score") is not None:
        score = float(row["attitude_score"])
        yield of_fact(row, case, "qa_attitude_score", day, region_id, score, 1.0, unit=unit)


def _collaboration(records: Records, row: Row, *, knows_answers: bool) -> Iterator[Contribution]:
    """Yield the hours to the answer of the other department, and whether it came in time; the team that asked has it.

    An answer before the question is at an unknown time (ruling B5); unanswered is late once 24 hours have passed.
    """
    requested_at = row["requested_at"]
    responded_at = row["responded_at"] if records.is_visible(row["responded_at"]) else None
    hours = elapsed_hours(requested_at, responded_at)
    is_open = responded_at is None and requested_at + _ANSWER_LIMIT > records.as_of
    if is_open or (responded_at is not None and hours is None):
        return
    case = records.case_of(row["ticket_id"])
    region_id = case.region_id if case else None
    day = records.local_date(requested_at, region_id)
    unit = Unit(row.get("requesting_team_id"))
    if hours is not None:
        yield of_fact(row, case, "collaboration_response_hours", day, region_id, hours, 1.0, unit=unit)
    if knows_answers:
        is_on_time = hours is not None and hours <= _ANSWER_LIMIT / timedelta(hours=1)
        yield of_fact(row, case, "collaboration_on_time_rate", day, region_id, float(is_on_time), 1.0, unit=unit)


def _certification(records: Records, row: Row) -> Iterator[Contribution]:
    """Yield the result of an examination, for the post that the person had on that day."""
    held_on = as_date(row["held_on"])
    if held_on is None or row.get("kind") != "certification" or row.get("is_passed") is None:
        return
    post = records.people.post(row["employee_id"], held_on) or {}
    region_id = post.get("region_id")
    if held_on <= records.local_date(records.as_of, region_id):
        about = Attributes(row["_source_system"], region_id)
        unit = records.people.unit(row["employee_id"], held_on)
        yield Contribution("certification_pass_rate", held_on, about, unit, float(row["is_passed"]), 1.0)
