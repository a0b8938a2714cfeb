"""What people learn, write and are told, and how many stay (rulings G3–G6, decision 11)."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from tests.reading.backlog import is_employed
from tests.reading.contributions import Attributes, Contribution
from tests.reading.owners import Unit
from tests.reading.periods import first_day_of_quarter, kinds_of, last_day_of_quarter, periods_from
from tests.reading.records import Records
from tests.reading.tables import Row, as_date


def staff_kpis(records: Records) -> Iterator[Contribution]:
    """Yield the KPIs of people; the heads of training_hours_per_head stand beside those of tickets_per_head."""
    yield from _training_hours(records)
    yield from _coverage(records)
    yield from _stability(records)
    yield from _articles(records)
    yield from _reviews(records)


def _of_post(
    row: Row, kpi_key: str, day: date, post: Row | None, numerator: float, denominator: float | None, counted: int = 1
) -> Contribution:
    """Return what a fact about a person adds: unit and region are those of the post."""
    held = post or {}
    about = Attributes(row["_source_system"], held.get("region_id"))
    unit = Unit(held.get("team_id"), held.get("employment"))
    return Contribution(kpi_key, day, about, unit, numerator, denominator, counted)


def visible_trainings(records: Records) -> list[tuple[Row, date]]:
    """Return the training records held by now, with their day."""
    found = []
    for row in records.rows("erp.training_records"):
        held_on = as_date(row["held_on"])
        post = records.people.post(row["employee_id"], held_on) if held_on else None
        if held_on and held_on <= records.local_date(records.as_of, (post or {}).get("region_id")):
            found.append((row, held_on))
    return found


#: Not a KPI: training records, and those of them whose hours are known.
TRAINING_LINES = "training_lines"


def _training_hours(records: Records) -> Iterator[Contribution]:
    for row, held_on in visible_trainings(records):
        post = records.people.post(row["employee_id"], held_on)
        yield _of_post(row, TRAINING_LINES, held_on, post, float(row.get("hours") is not None), 1.0, 0)
        if row.get("hours") is not None:
            yield _of_post(row, "training_hours_per_head", held_on, post, float(row["hours"]), 0.0, 0)


def _coverage(records: Records) -> Iterator[Contribution]:
    """Yield the heads of the last day of each period, or of now: 1 for those who took part in something in it."""
    days: dict[str, list[date]] = defaultdict(list)
    for row, held_on in visible_trainings(records):
        days[row["employee_id"]].append(held_on)
    if not days:
        return
    for kind, first, last in _periods(records, "training_coverage"):
        for employee_id, post in _employed(records, last):
            held = sorted(days[employee_id])
            place = bisect_left(held, first)
            is_trained = place < len(held) and held[place] <= last
            yield _of_period(post, "training_coverage", kind, last, float(is_trained))


def _stability(records: Records) -> Iterator[Contribution]:
    """Yield the heads of the first day of each period: 1 for those who are there on the last day, or now."""
    for kind, first, last in _periods(records, "staff_stability_rate"):
        for employee_id, post in _employed(records, first):
            later = records.people.post(employee_id, last) or {}
            yield _of_period(post, "staff_stability_rate", kind, first, float(is_employed(later, last)))


def _of_period(post: Row, kpi_key: str, kind: str, day: date, numerator: float) -> Contribution:
    about = Attributes(post["_source_system"], post.get("region_id"))
    unit = Unit(post.get("team_id"), post.get("employment"))
    return Contribution(kpi_key, day, about, unit, numerator, 1.0, period_kind=kind)


def _periods(records: Records, kpi_key: str) -> Iterator[tuple[str, date, date]]:
    """Yield kind, first and last day of the periods since the first case; the running one ends with the as-of day."""
    first_day = min((case.local_date(case.created_at) for case in records.cases), default=None)
    today = records.local_date(records.as_of, None)
    if first_day is not None:
        for kind in kinds_of(kpi_key):
            for first, last in periods_from(first_day, today, kind):
                yield kind, first, min(last, today)


def _employed(records: Records, day: date) -> Iterator[tuple[str, Row]]:
    """Yield the people who are employed on a day, with their post of that day."""
    for employee_id in records.people.ids:
        post = records.people.post(employee_id, day) or {}
        if is_employed(post, day):
            yield employee_id, post


def _articles(records: Records) -> Iterator[Contribution]:
    """Yield knowledge_contributions: the post of the company's day, the local day of that post's region."""
    for row in records.rows("crm.knowledge_articles"):
        published_at = row["published_at"]
        if records.is_visible(published_at):
            post = records.people.post(row["author_id"], records.local_date(published_at, None)) or {}
            day = records.local_date(published_at, post.get("region_id"))
            yield _of_post(row, "knowledge_contributions", day, post, 1.0, None)


def _reviews(records: Records) -> Iterator[Contribution]:
    """Yield peer_review_score of all dimensions and innovation_score of one, on the last day of the quarter."""
    today = records.local_date(records.as_of, None)
    for row in records.rows("survey.peer_reviews"):
        if first_day_of_quarter(row["quarter"]) > today:
            continue
        day = min(last_day_of_quarter(row["quarter"]), today)
        post = records.people.post(row["employee_id"], day)
        keys = ("peer_review_score", "innovation_score") if row.get("dimension") == "innovation" else (
            "peer_review_score",
        )  # fmt: skip
        for kpi_key in keys:
            yield _of_post(row, kpi_key, day, post, float(row["score"]), 1.0)
