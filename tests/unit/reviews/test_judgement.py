"""Reviews and pages judge alike; one rule in two places is held together here."""

from dataclasses import fields
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from dashboards import judgement as pages
from reviews import judgement
from reviews.figure import Figure, KpiDefinition, Words

_NUMBER = st.one_of(st.none(), st.floats(0, 1), st.floats(-100, 100))
_FIGURE = st.builds(
    Figure,
    kpi_key=st.just("k"),
    period_start=st.just(date(2025, 10, 1)),
    slice_value=st.just("all"),
    numerator=st.none(),
    denominator=st.none(),
    value=_NUMBER,
    n=st.integers(0, 30),
    low=_NUMBER,
    high=_NUMBER,
    target=_NUMBER,
    matured_share=st.one_of(st.none(), st.floats(0.9, 1)),
    is_complete=st.booleans(),
    null_reason=st.none(),
)
_UNITS = st.sampled_from(["count", "minutes", "fraction", "points", "currency"])
_DIRECTIONS = st.sampled_from(["higher", "lower", "neutral"])


@given(now=_FIGURE, before=_FIGURE, unit=_UNITS, direction=_DIRECTIONS, minimum=st.integers(0, 10))
def test_verdicts_are_those_of_the_pages(now: Figure, before: Figure, unit: str, direction: str, minimum: int) -> None:
    definition = KpiDefinition("k", "f", Words("", ""), Words("", ""), Words("", ""), unit, direction, "mean", minimum)
    shared = {
        "key": "k", "family": "f", "label": "", "question": "", "definition": "", "caveat": "", "unit": unit,
        "direction": direction, "minimum_n": minimum, "has_interval": True, "statistic": "mean", "slices": (),
    }  # fmt: skip
    names = {field.name for field in fields(pages.KpiDefinition)}
    page_definition = pages.KpiDefinition(**{name: value for name, value in shared.items() if name in names})
    points = [
        pages.KpiPoint(**{field.name: getattr(f, field.name) for field in fields(pages.KpiPoint)})
        for f in (now, before)
    ]
    assert str(judgement.judge_target(now, definition)) == str(pages.judge_target(points[0], page_definition))
    assert str(judgement.judge_change(now, before, definition)) == str(pages.judge_change(*points, page_definition))
