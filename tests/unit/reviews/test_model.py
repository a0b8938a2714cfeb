"""The data model: its figures are those of `answer`, parts add up, what cannot be compared is not."""

from datetime import date

import pytest

from reviews import findings
from reviews.judgement import ChangeVerdict, TargetVerdict
from reviews.model import Review
from reviews.period import parse_period
from reviews.review import make_review
from tests.unit.dashboards.small_company import BUILD_ID
from tests.unit.dashboards.small_mart import KPIS
from warehouse.errors import QueryError
from warehouse.kpis import KpiQuestion, answer
from warehouse.reading import BuildReader
from warehouse.scope import Scope

OCTOBER = date(2025, 10, 1)


def _values(reader: BuildReader, slice_name: str, kind: str, start: date, scope: Scope) -> dict[tuple[str, str], float]:
    frame = answer(reader, KpiQuestion((), slice_name, kind, start, start), scope)
    return {
        (row["kpi_key"], row["slice_value"]): row["value"]
        for row in frame.to_dict("records")
        if row["value"] == row["value"]
    }


def test_achievements_are_the_answers(reader: BuildReader, review: Review) -> None:
    period = review.header.period
    for name, asked in (("now", period), ("before", period.moved(-1)), ("year_before", period.year_before)):
        expected = _values(reader, "total", str(asked.kind), asked.start, Scope.everything())
        figures = {row.definition.key: getattr(row, name) for row in review.achievements}
        found = {(key, "all"): f.value for key, f in figures.items() if f is not None and f.value is not None}
        assert found == expected
    assert len(review.achievements) == len(KPIS)


def test_header(month: Review) -> None:
    header = month.header
    assert (header.build_id, header.zone, header.as_of_day) == (BUILD_ID, "Asia/Shanghai", date(2025, 10, 31))
    assert header.is_over
    assert header.regions is None


def test_a_running_period_is_not_over(reader: BuildReader) -> None:
    assert not make_review(reader, Scope.everything(), parse_period("2025-Q4")).header.is_over


def test_parts_of_every_kpi_add_up_to_its_miss_and_its_change(review: Review) -> None:
    split = 0
    for moves in (review.regions, review.teams):
        for kpi in moves.kpis:
            if kpi.definition.is_percentile:
                assert all(move.miss_part is None and move.contribution is None for move in kpi.moves)
                continue
            assert sum(move.miss_part for move in kpi.moves) == pytest.approx(kpi.miss, abs=1e-9)
            if kpi.before is not None and kpi.before.value is not None:
                change = kpi.now.value - kpi.before.value
                assert sum(move.contribution for move in kpi.moves) == pytest.approx(change, abs=1e-9)
                split += 1
            shown, rest = findings.pooled(kpi, 3)
            total = sum(move.miss_part for move in shown) + (rest.miss_part if rest else 0)
            assert total == pytest.approx(kpi.miss, abs=1e-9)
    assert split > 0 or review.header.period.code == "2024-09"


def test_small_and_unknown_members_are_not_ranked(month: Review) -> None:
    kpi = next(kpi for kpi in month.regions.kpis if kpi.definition.key == "first_response_on_time_rate")
    ranked = {move.member.code: move.is_ranked for move in kpi.moves}
    assert ranked["R-SH"]
    assert not ranked["unknown"]
    assert not ranked["R-XZ"]
    assert all(row.move.is_ranked for row in findings.miss_rows(month.regions, 20))


def test_the_slow_region_stands_behind_the_misses(month: Review) -> None:
    """Inner Mongolia answers 1.8 times slower than the others."""
    kpi = next(kpi for kpi in month.regions.kpis if kpi.definition.key == "first_response_on_time_rate")
    assert kpi.moves[0].member.code == "R-NM"


def test_the_battery_story_is_a_new_concentration(month: Review) -> None:
    new = findings.new_concentrations(month)
    assert [(found.region.code, found.cause.code) for found in new] == [("R-SH", "C-101")]
    assert new[0].low > 1
    assert new[0].count > 2 * max(count or 0 for count in new[0].earlier_counts)
    assert month.causes.earlier_periods == 3


def test_causes_are_the_answers(reader: BuildReader, month: Review) -> None:
    expected = _values(reader, "root_cause", "month", OCTOBER, Scope.everything())
    assert {("tickets_created", share.cause.code): share.count for share in month.causes.shares} == {
        key: value for key, value in expected.items() if key[0] == "tickets_created" and value
    }
    assert month.causes.shares[-1].cumulative_share == pytest.approx(1)
    assert month.causes.shares[-1].cause.is_unknown


def test_sums_are_not_compared_with_a_period_that_began_before_the_data(reader: BuildReader) -> None:
    """The data begin on 1 August 2024, so 2024 is five months long."""
    year = make_review(reader, Scope.everything(), parse_period("2025"))
    by_key = {row.definition.key: row for row in year.achievements}
    assert by_key["tickets_created"].begins_in_before == date(2024, 8, 1)
    assert by_key["tickets_created"].change is ChangeVerdict.NO_COMPARISON
    assert by_key["tickets_resolved"].begins_in_before == date(2024, 8, 1)
    assert by_key["first_response_minutes"].begins_in_before is None
    assert by_key["first_response_minutes"].change is not ChangeVerdict.NO_COMPARISON
    assert findings.risen_causes(year, 3) == []


def test_trends_end_with_the_period_and_have_no_leading_gap(month: Review) -> None:
    for trend in month.trends:
        assert trend.periods[-1].code == "2025-10"
        assert trend.figures[0] is not None
        assert trend.figures[0].value is not None
        assert len(trend.periods) == 13


def test_a_limited_scope_limits_every_number(reader: BuildReader) -> None:
    scope = Scope(frozenset({"R-SH"}))
    limited = make_review(reader, scope, parse_period("2025-10"))
    expected = _values(reader, "total", "month", OCTOBER, scope)
    found = {
        (row.definition.key, "all"): row.now.value
        for row in limited.achievements
        if row.now and row.now.value is not None
    }
    assert found == pytest.approx(expected)  # sums over facts are not added up in the same order every time
    assert [member.code for member in limited.header.regions] == ["R-SH"]
    assert {move.member.code for kpi in limited.regions.kpis for move in kpi.moves} == {"R-SH"}
    everything = _values(reader, "region", "month", OCTOBER, Scope.everything())
    assert limited.causes.total == everything["tickets_created", "R-SH"]


def test_immature_figures_are_not_judged(month: Review) -> None:
    reopened = next(row for row in month.achievements if row.definition.key == "reopen_rate")
    assert reopened.target_verdict is TargetVerdict.NOT_JUDGED
    assert reopened in findings.unfinished(month.achievements)


def test_a_period_without_figures_says_which_there_are(reader: BuildReader) -> None:
    with pytest.raises(QueryError, match="no figures for 2031-01; it has them from 2024-08 to 2025-10"):
        make_review(reader, Scope.everything(), parse_period("2031-01"))


def test_quality_counts(month: Review) -> None:
    quality = month.quality
    assert sum(counted.count for counted in quality.quarantined) == 3
    assert sum(counted.count for counted in quality.bad_cells) == 2
    assert {counts.contract: counts.rows_read for counts in quality.period_deliveries} == {
        "crm.tickets": 6007, "survey.responses": 2407
    }  # fmt: skip
    short = {source.contract: source.days_short for source in quality.sources}
    assert short == {"crm.tickets": 0, "survey.responses": 11}
    assert {(counted.kind, counted.code) for counted in quality.unregistered} >= {
        ("region", "R-HK"),
        ("team", "T-PILOT"),
    }
