"""Every KPI, slice and period of the product against the reading of the documents in pandas."""

from datetime import UTC, date, datetime

import pandas as pd
import pytest

from tests.integration.kpis.histories import END
from tests.integration.kpis.published import EVERYTHING_HAS_LANDED, RANDOM_SYSTEMS, Published, rows_of_mart
from tests.reading.comparison import differences
from tests.reading.figures import LINES_OF, READ_KPIS
from tests.reading.members import SLICES, kpis_in
from tests.reading.tables import STAGES_FILE, TERMS_FILE, read_csv
from warehouse.settings import CHECKOUT

#: Days and weeks are kept for single slices without product.
SINGLE_SLICES = tuple(name for name in SLICES if "__" not in name and name != "product")
#: A Monday. One case of each company lies years before the others: its days and weeks are nobody's question.
SHORT_PERIODS_FROM = date(2025, 7, 7)
QUESTIONS = [
    *((slice_name, kind) for slice_name in SLICES for kind in ("month", "quarter", "year")),
    *((slice_name, kind) for slice_name in SINGLE_SLICES for kind in ("day", "week")),
]


def shown(found: list[str]) -> str:
    return f"{len(found)} differences:\n" + "\n".join(found[:20])


@pytest.mark.skipif(
    not EVERYTHING_HAS_LANDED, reason="switched on in published.py when all KPIs of the issue are there"
)
def test_the_reading_covers_the_catalogue(published: Published) -> None:
    """Nothing is compared by half: every KPI of the product is read here, and every KPI read here is in the product."""
    assert sorted(published.catalogue) == sorted(READ_KPIS)
    assert {name for name, _ in published.stored} >= set(SLICES)
    for copy in (STAGES_FILE, TERMS_FILE):
        assert read_csv(CHECKOUT / "seeds" / copy.name) == read_csv(copy)


def test_as_of_is_the_newest_instant(published: Published) -> None:
    """Ruling A1."""
    assert published.context.as_of == END.replace(tzinfo=None)
    assert set(published.answer()["as_of"]) == {pd.Timestamp(published.context.as_of)}


@pytest.mark.parametrize(("slice_name", "period_kind"), QUESTIONS)
def test_figures_equal_the_reading(published: Published, slice_name: str, period_kind: str) -> None:
    published.require(slice_name, period_kind)
    first = SHORT_PERIODS_FROM if period_kind in ("day", "week") else None
    answered = published.compared_answer(slice_name=slice_name, period_kind=period_kind, period_from=first)
    expected = published.expected(slice_name, period_kind)
    if first:
        expected = expected[expected["period_start"] >= pd.Timestamp(first)]
    found = differences(expected, answered)
    assert not found, shown(found)


@pytest.mark.parametrize("system", [*RANDOM_SYSTEMS, "limited", "quiet"])
@pytest.mark.parametrize("slice_name", ["total", "team", "region__team", "employment", "stage"])
def test_one_company_from_the_facts_equals_the_reading(published: Published, system: str, slice_name: str) -> None:
    published.require(slice_name)
    answered = published.compared_answer(slice_name=slice_name, filters=(("source_system", (system,)),))
    found = differences(published.expected(slice_name, system=system), answered)
    assert not found, shown(found)


@pytest.mark.parametrize("slice_name", SLICES)
def test_a_past_state_equals_the_reading(published_past: Published, slice_name: str) -> None:
    """Rulings A1, A13: what happened after the as-of instant is not there yet."""
    as_of = published_past.context.as_of.replace(tzinfo=UTC)
    assert abs(as_of - datetime(2025, 10, 15, 16, tzinfo=UTC)).total_seconds() <= 1
    published_past.require(slice_name)
    answered = published_past.compared_answer(slice_name=slice_name)
    found = differences(published_past.expected(slice_name), answered)
    assert not found, shown(found)


def test_a_source_that_cannot_know_says_so(published: Published) -> None:
    """Ruling B21: no answers, transfers and reopenings in the mapping are unknown, in the data alone they are none."""
    needing = ("first_response_minutes", "first_response_on_time_rate", "transfer_rate", "reopen_rate")
    limited = published.answer(kpis=needing, filters=(("source_system", ("limited",)),))
    assert limited["value"].isna().all()
    created = published.answer(kpis=("tickets_created",), filters=(("source_system", ("limited",)),))
    busy = created.loc[created["value"] > 0, "period_start"]
    assert set(limited.loc[limited["period_start"].isin(busy), "null_reason"]) == {"not_in_source"}
    assert set(limited["null_reason"]) <= {"not_in_source", "no_cases"}
    quiet = published.answer(kpis=("transfer_rate", "reopen_rate"), filters=(("source_system", ("quiet",)),))
    assert set(quiet["value"].dropna()) == {0.0}


@pytest.mark.skipif(not EVERYTHING_HAS_LANDED, reason="needs all KPIs of the catalogue")
def test_a_source_that_tells_neither_waits_nor_people_says_so(published: Published) -> None:
    """Ruling B21, decision 11: events without status, persons, diagnoses and call-backs."""
    needing = (
        "resolution_hours_service_calendar", "resolution_hours_own_calendar", "handoff_idle_hours",
        "process_deviation_rate", "callback_attempted_rate_72h", "complaint_closed_loop_rate",
        "first_contact_resolution_rate_net", "response_within_30_min_rate",
    )  # fmt: skip
    limited = published.answer(kpis=needing, filters=(("source_system", ("limited",)),))
    assert limited["value"].isna().all()
    assert "not_in_source" in set(limited["null_reason"])


@pytest.mark.parametrize("slice_name", SLICES)
def test_rows_behind_the_figures_sum_to_their_sides(published: Published, slice_name: str) -> None:
    published.require(slice_name)
    rows = published.tickets(slice_name=slice_name)
    figured = published.answer(slice_name=slice_name)
    # where all cost lines of a member are unknown its figure is, though its cases are there (rulings B13, B21)
    is_costless = figured["kpi_key"].isin(LINES_OF.values()) & (figured["null_reason"] == "not_in_source")
    keys = ["kpi_key", "period_start", "slice_value"]
    unknown = pd.MultiIndex.from_frame(figured.loc[is_costless, keys])
    rows = rows[~pd.MultiIndex.from_frame(rows[keys]).isin(unknown)]
    for side in ("numerator", "denominator"):
        sums = rows.assign(**{side: pd.to_numeric(rows[side])})
        sums = sums.groupby(["kpi_key", "period_start", "slice_value"])[side].sum()
        stored = figured.set_index(["kpi_key", "period_start", "slice_value"])[side].astype(float)
        both = pd.concat({"rows": sums.astype(float), "figures": stored}, axis="columns").fillna(0.0)
        wrong = both[(both["rows"] - both["figures"]).abs() > 1e-9 * both["figures"].abs().clip(lower=1)]
        assert wrong.empty, f"{side}:\n{wrong.head(20)}"


@pytest.mark.parametrize(
    ("slice_name", "period_kind"), [("total", "month"), ("team", "month"), ("region", "day"), ("region__team", "month")]
)
def test_the_mart_equals_the_facts(published: Published, slice_name: str, period_kind: str) -> None:
    """A filter that admits everything makes the answer come from the facts."""
    everything = (("source_system", (*RANDOM_SYSTEMS, "limited", "quiet")),)
    question: dict[str, object] = {"slice_name": slice_name, "period_kind": period_kind}
    if period_kind == "day":  # two months of them are enough
        question |= {"period_from": date(2025, 9, 1), "period_to": date(2025, 10, 31)}
    stored = published.answer(**question)
    computed = published.answer(**question, filters=everything)
    assert len(stored) > 1000
    found = differences(computed, stored)
    assert not found, shown(found)


@pytest.mark.parametrize(
    ("slice_name", "period_kind", "has_percentiles"),
    [
        ("total", "quarter", True),
        ("team", "month", True),
        ("region", "week", False),
        ("region__stage", "month", False),
        ("team__root_cause", "year", False),
    ],
)
def test_answers_are_the_rows_of_the_mart(
    published: Published, slice_name: str, period_kind: str, has_percentiles: bool
) -> None:
    """The view is for other programs; answers read the same figures off the same measures without it."""
    known = published.reader.rows("select kpi_key, distribution from kpi.dim_kpis")
    kpis = [row["kpi_key"] for row in known if has_percentiles or row["distribution"] is None]
    answered = published.answer(slice_name=slice_name, period_kind=period_kind, kpis=tuple(kpis))
    where = f"slice_name = '{slice_name}' and period_kind = '{period_kind}'"
    stored = rows_of_mart(published.reader, kpis, where)[answered.columns]
    assert len(stored) > 50
    pd.testing.assert_frame_equal(answered, stored.astype(answered.dtypes), check_exact=True)


@pytest.mark.parametrize("slice_name", [name for name in SLICES if name != "total"])
def test_members_sum_to_the_total(published: Published, slice_name: str) -> None:
    """Ruling B20: both sides of every count, mean and rate that the slice has."""
    published.require(slice_name)
    if "stage" in slice_name:
        pytest.skip("the members of this slice are stages of one cycle: see test_stages_sum_to_the_cycle")
    kpis = tuple(kpis_in(slice_name, published.catalogue))
    total = published.answer(kpis=kpis).set_index(["kpi_key", "period_start"])
    members = published.answer(slice_name=slice_name, kpis=kpis)
    parts = members.groupby(["kpi_key", "period_start"])[["numerator", "denominator"]]
    sums = parts.sum(min_count=1).astype(float)
    # a member all of whose lines are unknown has no cost per case, so its cases are in no sum (rulings B13, B21)
    is_costless = members["kpi_key"].isin(LINES_OF.values()) & (members["null_reason"] == "not_in_source")
    unknown = pd.MultiIndex.from_frame(members.loc[is_costless, ["kpi_key", "period_start"]])
    total, sums = total[~total.index.isin(unknown)], sums[~sums.index.isin(unknown)]
    for side in ("numerator", "denominator"):
        both = pd.concat({"total": total[side].astype(float), "parts": sums[side]}, axis="columns").fillna(0.0)
        wrong = both[(both["total"] - both["parts"]).abs() > 1e-9 * both["total"].abs().clip(lower=1)]
        assert wrong.empty, f"{side}:\n{wrong.head(20)}"


@pytest.mark.parametrize("slice_name", ["stage", "region__stage"])
def test_stages_sum_to_the_cycle(published: Published, slice_name: str) -> None:
    """Ruling E6: at any instant a case is in exactly one stage."""
    published.require(slice_name)
    cycle = published.answer(kpis=("stage_hours",)).set_index("period_start")["numerator"].astype(float)
    cycle = cycle[cycle > 0]
    parts = published.answer(kpis=("stage_hours",), slice_name=slice_name)
    stages = parts.groupby("period_start")["numerator"].sum().astype(float)
    stages = stages[stages > 0]
    pd.testing.assert_series_equal(stages, cycle, check_exact=False, rtol=1e-9)
