"""Stages of hand-made cases (ruling E6)."""

import pytest

from tests.unit.reading.builders import DAY, HOUR, TinyCompany


def hours(*events: tuple[object, ...]) -> dict[str, float]:
    """Return the hours of one case by stage, without the empty ones."""
    company = TinyCompany()
    company.ticket("A", *events)
    return {str(c.stage): c.numerator for c in company.of("stage_hours") if c.stage and c.numerator}


def test_a_visit_from_end_to_end() -> None:
    found = hours(
        ("created", 0 * HOUR),
        ("first_response", 1 * HOUR),
        ("dispatched", 3 * HOUR),
        ("departed", 4 * HOUR),
        ("arrived", 6 * HOUR),
        ("diagnosed", 7 * HOUR),
        ("parts_requested", 8 * HOUR),
        ("parts_received", 20 * HOUR),
        ("repaired", 22 * HOUR),
        ("resolved", 23 * HOUR),
    )
    assert found == pytest.approx({
        "respond": 1, "diagnose": 2 + 1, "dispatch": 1, "travel": 2, "repair": 1 + 2, "parts": 12, "verify": 1,
    })  # fmt: skip


def test_the_highest_open_stage_counts_and_the_last_one_where_none_is_open() -> None:
    # parts are asked for while diagnosing: parts (5) hides diagnose (4), which is open again after the delivery
    # until `diagnosed`, behind repair (6), which the delivery opens
    found = hours(
        ("responded", 2 * HOUR),
        ("parts_requested", 3 * HOUR),
        ("parts_received", 5 * HOUR),
        ("repaired", 6 * HOUR),
        ("dispatched", 8 * HOUR),
        ("arrived", 9 * HOUR),
        ("diagnosed", 10 * HOUR),
        ("repaired", 11 * HOUR),
        ("resolved", 11 * HOUR),
    )
    # the dispatch closes diagnose, repair and verify; dispatch is hidden by nothing
    assert found == pytest.approx({
        "respond": 2, "diagnose": 1 + 1, "parts": 2, "repair": 1 + 1, "verify": 2, "dispatch": 1,
    })  # fmt: skip


def test_a_failed_resolution_is_call_back_then_close_then_diagnose() -> None:
    found = hours(
        ("first_response", 1 * HOUR),
        ("resolved", 2 * HOUR),
        ("callback_reached", 5 * HOUR),
        ("reopened", 3 * DAY),
        ("resolved", 3 * DAY + 4 * HOUR),
    )
    assert found == pytest.approx({"respond": 1, "diagnose": 1 + 4, "call_back": 3, "close": 72 - 5})


def test_nothing_counts_after_the_stable_resolution() -> None:
    found = hours(("first_response", 1 * HOUR), ("resolved", 2 * HOUR), ("reopened", 8 * DAY), ("resolved", 9 * DAY))
    assert found == pytest.approx({"respond": 1, "diagnose": 1})


@pytest.mark.parametrize("answer", [{"actor": "system"}, {"is_public": False}])
def test_an_automatic_or_internal_answer_changes_no_stage(answer: dict[str, object]) -> None:
    assert hours(("responded", 1 * HOUR, answer), ("resolved", 5 * HOUR)) == pytest.approx({"respond": 5})


def test_every_stage_has_every_case_below_its_division() -> None:
    company = TinyCompany()
    company.ticket("A", ("first_response", 1 * HOUR), ("resolved", 4 * HOUR))
    company.ticket("B", ("resolved", 2 * HOUR))
    company.ticket("no events", resolved_at=company.as_of - 20 * DAY)
    by_stage = [c for c in company.of("stage_hours") if c.stage == "travel"]
    assert [(c.numerator, c.denominator) for c in by_stage] == [(0.0, 1.0), (0.0, 1.0)]
    whole = [(c.numerator, c.denominator) for c in company.of("stage_hours") if c.stage is None]
    assert whole == [(4.0, 1.0), (2.0, 1.0)]
    shares = [(c.numerator, c.denominator) for c in company.of("stage_share") if c.stage == "respond"]
    assert shares == [(1.0, 4.0), (2.0, 2.0)]
