"""Volumes by case type: they are the answers, their days are counted, and the festival moves what is compared."""

from datetime import date

import pandas as pd
import pytest

from analytics.comparable_periods import Span
from reviews.model import ALL_CASE_TYPES, NoTwin, Review, Volumes
from reviews.numbers import Numbers
from reviews.period import parse_period
from reviews.phrases import Phrases
from reviews.reading import definitions
from reviews.volume_wording import volume_cells, volume_columns, volume_notes, volume_sentence
from reviews.volumes import volumes
from tests.unit.dashboards.small_company import BUILD_ID, CASE_TYPES, publish_small_company
from warehouse.builds import published_file
from warehouse.connections import writer
from warehouse.reading import BuildReader, reader_of
from warehouse.scope import Scope
from warehouse.settings import load_settings

OCTOBER, SEPTEMBER = (Span(date(2025, 10, 1), date(2025, 10, 31)), Span(date(2025, 9, 1), date(2025, 9, 30)))


@pytest.fixture(scope="module")
def festive(tmp_path_factory: pytest.TempPathFactory) -> BuildReader:
    """A company whose festival began on 10 October 2025 and on 17 September 2024."""
    settings = load_settings(home=tmp_path_factory.mktemp("festive"))
    publish_small_company(settings)
    with writer(published_file(settings, BUILD_ID), settings) as connection:
        connection.execute(
            """
            update core.dim_dates set spring_festival_day =
                local_date - (case year(local_date) when 2025 then date '2025-10-10' else date '2024-09-17' end)
            """
        )
    return reader_of(settings)


def _asked(reader: BuildReader, code: str, **asked: object) -> dict[str, Volumes]:
    known = definitions(reader)
    found = volumes(reader, Scope.everything(), known, parse_period(code), **asked)
    return {volume.definition.key: volume for volume in found}


def _tickets(reader: BuildReader) -> pd.DataFrame:
    frame = reader.frame("select * from measures.contributions_tickets where stage is null")
    return frame.assign(local_date=pd.to_datetime(frame["local_date"]))


def _count(tickets: pd.DataFrame, span: Span) -> int:
    return int(tickets["local_date"].between(pd.Timestamp(span.first), pd.Timestamp(span.last)).sum())


def test_a_month_of_volumes(month: Review, reader: BuildReader) -> None:
    created, resolved = month.volumes
    assert (created.definition.key, resolved.definition.key) == ("tickets_created", "tickets_resolved")
    total, *types = created.rows
    assert total.case_type == ALL_CASE_TYPES
    assert sorted(row.case_type.code for row in types) == sorted(CASE_TYPES)
    tickets = _tickets(reader)
    assert (total.now.value, total.before.value) == (_count(tickets, OCTOBER), _count(tickets, SEPTEMBER))
    for volume in month.volumes:
        for name in ("counted", "twin"):
            parts = [getattr(row, name) for row in volume.rows]
            assert parts[0] is None or parts[0] == sum(parts[1:])
        assert volume.rows[0].now.value == sum(row.now.value for row in volume.rows[1:])


def test_working_days_are_counted(month: Review) -> None:
    created = month.volumes[0]
    # October 2025: 23 weekdays, six of them between the 1st and the 8th; September: 22; October 2024: 23 - 6
    days = (created.counted.working_days, created.before.working_days, created.year_before.working_days)
    assert days == (17, 22, 17)
    total = created.rows[0]
    assert created.change_per_day(total) == pytest.approx((total.now.value / 17) / (total.before.value / 22) - 1)
    assert created.year_change_per_day(total) == pytest.approx(
        (total.now.value / 17) / (total.year_before.value / 17) - 1
    )


def test_october_is_far_from_the_festival(month: Review) -> None:
    created = month.volumes[0]
    assert (created.twin, created.festivals, created.no_twin) == (None, None, NoTwin.FAR_FROM_FESTIVAL)
    assert all(row.twin is None and created.festival_change(row) is None for row in created.rows)


def test_near_the_festival_the_days_move_with_it(festive: BuildReader) -> None:
    created = _asked(festive, "2025-10")["tickets_created"]
    # the festival was 23 days earlier in a year of 365 days
    twin = Span(date(2024, 9, 8), date(2024, 10, 8))
    assert (created.twin, created.no_twin) == (twin, None)
    assert created.festivals == (date(2025, 10, 10), date(2024, 9, 17))
    tickets = _tickets(festive)
    total, *types = created.rows
    assert (total.counted, total.twin) == (_count(tickets, OCTOBER), _count(tickets, twin))
    assert created.festival_change(total) == pytest.approx(_count(tickets, OCTOBER) / _count(tickets, twin) - 1)
    assert total.twin == sum(row.twin for row in types)


def test_filters_limit_every_part(festive: BuildReader) -> None:
    filters = (("region", ("R-SH",)), ("case_type", ("repair",)))
    created = _asked(festive, "2025-10", filters=filters)["tickets_created"]
    tickets = _tickets(festive)
    own = tickets[(tickets["region_id"] == "R-SH") & (tickets["case_type"] == "repair")]
    assert [row.case_type.code for row in created.rows] == ["all", "repair"]
    for row in created.rows:
        assert (row.now.value, row.twin) == (_count(own, OCTOBER), _count(own, created.twin))


def test_a_running_period_counts_the_days_that_data_reach(reader: BuildReader) -> None:
    created = _asked(reader, "2025-Q4")["tickets_created"]
    assert (created.counted.span, created.counted.working_days) == (OCTOBER, 17)
    total = created.rows[0]
    # July 2025 to September 2025: 23 + 21 + 22 weekdays
    assert created.before.working_days == 66
    assert created.change_per_day(total) == pytest.approx((total.counted / 17) / (total.before.value / 66) - 1)
    assert created.attainment(total) is None


def test_data_that_begin_late_are_no_comparison(reader: BuildReader) -> None:
    created = _asked(reader, "2025-02")["tickets_created"]  # data begin in August 2024
    # January 2025: 23 weekdays, the last three of them in the festival
    assert (created.before.working_days, created.year_before) == (20, None)
    assert (created.twin, created.no_twin) == (None, NoTwin.NO_DATA)
    assert created.year_change_per_day(created.rows[0]) is None
    first = _asked(reader, "2024-08")["tickets_created"]
    assert (first.before, first.change_per_day(first.rows[0])) == (None, None)


def test_a_festival_that_no_list_knows(festive: BuildReader, tmp_path) -> None:
    settings = load_settings(home=tmp_path)
    publish_small_company(settings)
    with writer(published_file(settings, BUILD_ID), settings) as connection:
        connection.execute(
            "update core.dim_dates set spring_festival_day = null, is_company_working_day = case "
            "when local_date < date '2025-10-01' then is_company_working_day end"
        )
    created = _asked(reader_of(settings), "2025-10")["tickets_created"]
    assert (created.no_twin, created.counted.working_days) == (NoTwin.UNKNOWN_FESTIVAL, None)
    assert created.change_per_day(created.rows[0]) is None
    notes = volume_notes([created], Numbers(Phrases("en"), "CNY"))
    assert notes[0] == "Working days of the company: 22 (2025-09-01 to 2025-09-30), 17 (2024-10-01 to 2024-10-31)."


@pytest.mark.parametrize(
    ("language", "sentence", "note"),
    [
        (
            "en",
            "Tickets created in October 2025: 430; per working day +36.4% on September 2025, +3.6% on October 2024",
            "Spring Festival on 2025-10-10 and 2024-09-17: 2025-10-01 to 2025-10-31 is compared with the days that "
            "lay as far from it, 2024-09-08 to 2024-10-08.",
        ),
        (
            "zh-CN",
            "2025年10月新建工单量 430；按工作日平均较2025年9月 +36.4%、较2024年10月 +3.6%",
            "春节为 2025-10-10 与 2024-09-17：2025-10-01至2025-10-31 与距春节天数相同的 2024-09-08至2024-10-08 比较。",
        ),
    ],
)
def test_in_words(festive: BuildReader, language: str, sentence: str, note: str) -> None:
    found = _asked(festive, "2025-10")
    numbers, period = Numbers(Phrases(language), "CNY"), parse_period("2025-10")
    created = found["tickets_created"]
    assert volume_sentence(created, period, numbers) == sentence
    assert volume_notes(list(found.values()), numbers)[1] == note
    total = created.rows[0]
    cells = volume_cells(created, total, numbers)
    assert list(cells) == [*volume_columns([created], period), "attainment"]
    change = numbers.growth(created.festival_change(total))
    assert cells["festival"].replace("（", " (").replace("）", ")") == f"{total.twin:.0f} ({change})"
    assert cells["attainment"] == "–"


def test_a_year_is_compared_once(reader: BuildReader) -> None:
    found = _asked(reader, "2025")
    assert volume_columns(list(found.values()), parse_period("2025")) == [
        "case_type",
        "value",
        "year_before",
        "year_per_working_day",
    ]
