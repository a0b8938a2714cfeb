"""Comments, praise and hidden complaints (ruling F3, decision 11)."""

import pytest

from tests.reading.comments import CommentTerms
from tests.reading.tables import TERMS_FILE, read_csv
from tests.unit.reading.builders import DAY, HOUR, MONDAY, TinyCompany


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("太慢了", True),
        ("没有问题", False),
        ("没有问题，就是太慢", True),
        ("很好", False),
        ("STILL BROKEN", True),
        ("No problem at all", False),
        ("no problem, but too slow", True),
        ("slowly", False),
        ("太slow了", True),
        ("not too slow", False),
        ("complaints", False),
        ("badge", False),
        ("not_bad", False),
        ("not bad; bad", True),
    ],
)
def test_comments_are_read_by_terms(comment: str, expected: bool) -> None:
    assert CommentTerms(read_csv(TERMS_FILE)).is_dissatisfied(comment) is expected


def test_what_is_left_of_a_phrase_is_no_new_term() -> None:
    terms = CommentTerms([{"term": "不差", "kind": "harmless"}, {"term": "太慢", "kind": "dissatisfied"}])
    assert not terms.is_dissatisfied("太不差慢")


def test_hidden_complaints_and_praise() -> None:
    company = TinyCompany()
    for name, events in (("A", ()), ("B", (("praised", 9 * DAY),)), ("C", ()), ("silent", (("praised", 1 * HOUR),))):
        company.ticket(name, ("resolved", 1 * HOUR), *events)
    responses = [
        ("A", 60, "太慢", 2), ("A", 59.5, "太慢", 1), ("B", 50, None, 1), ("B", None, "太慢", 1), ("C", 90, "很好", 3),
        ("C", 0, "", 2),
    ]  # fmt: skip
    for number, (ticket_id, score, comment, day) in enumerate(responses):
        company.add(
            "survey.responses", response_id=f"s{number}", ticket_id=ticket_id, responded_at=MONDAY + day * DAY,
            csat_score=score, comment=comment,
        )  # fmt: skip
    assert company.sides("hidden_complaint_rate") == [(1.0, 1.0), (0.0, 1.0), (0.0, 1.0)]
    praise = [(c.about.ticket_id, c.day.day, c.numerator) for c in company.of("praise_rate")]
    assert praise == [("A", 2, 0.0), ("B", 2, 1.0), ("C", 3, 1.0)]
