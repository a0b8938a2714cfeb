"""Random trainings, articles and reviews of people, unknown people and missing values among them (G3-G6)."""

from datetime import date, timedelta

import numpy as np

from tests.integration.kpis.draws import Row, chance, instant, pick
from tests.integration.kpis.histories import END, Person

#: The days around the instant at which a past state is looked at; a date has no time of day.
_PAST = (date(2025, 10, 15), date(2025, 10, 16))
_FIRST = date(2025, 8, 20)


def random_day(random: np.random.Generator) -> date:
    """Return a day of the company's life, often the first or last of a month, never one of the past state."""
    day = _FIRST + timedelta(days=int(random.integers((END.date() - _FIRST).days)))
    if chance(random, 0.15):
        day = pick(random, (date(2025, 8, 31), date(2025, 9, 1), date(2025, 9, 30), date(2025, 10, 1)))
    return date(2025, 10, 31) if day in _PAST else day


def random_training(system: str, people: list[Person], random: np.random.Generator) -> list[Row]:
    """Return trainings and examinations with known and unknown hours, some of them corrected later."""
    rows = [
        {
            "record_id": f"{system}-r{number}",
            "employee_id": pick(random, people).agent_id,
            "kind": pick(random, ("certification", "certification", "training", None)),
            "held_on": random_day(random).isoformat(),
            "hours": pick(random, (None, 0, 1.5, 4, 8)),
            "is_passed": pick(random, (True, True, False, None)),
            "part": 1,
        }
        for number in range(40)
    ]
    return rows + [row | {"hours": 2.25, "part": 2} for row in rows if chance(random, 0.05)]


def random_articles(system: str, people: list[Person], random: np.random.Generator) -> list[Row]:
    return [
        {
            "article_id": f"{system}-k{number}",
            "author_id": pick(random, people).agent_id,
            "published_at": instant(random),
            "reuse_count": pick(random, (None, 0, 3)),
            "part": 1,
        }
        for number in range(30)
    ]


def random_reviews(system: str, people: list[Person], random: np.random.Generator) -> list[Row]:
    """Return reviews of past quarters, of the running one, and of one that is still to come."""
    quarters = ("2025-Q1", "2025-Q3", "2025-Q3", "2025-Q4", "2025-Q4", "2026-Q1")
    rows = [
        {
            "review_id": f"{system}-v{number}",
            "employee_id": pick(random, people).agent_id,
            "reviewer": pick(random, ("supervisor", "peer", "customer", "department", None)),
            "quarter": pick(random, quarters),
            "dimension": pick(random, ("innovation", "innovation", "collaboration", "attitude", None)),
            "score": pick(random, (0, 55.5, 80, 100)),
            "part": 1,
        }
        for number in range(60)
    ]
    return rows + [row | {"score": 1, "part": 2} for row in rows if chance(random, 0.05)]
