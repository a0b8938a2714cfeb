"""Regions, root causes, teams and the reference: they show what lies in the data, and say what is missing."""

import math
from datetime import date

import pandas as pd
import pytest

from dashboards.language import LANGUAGES, Phrases
from dashboards.periods import PeriodKind
from dashboards.queries.catalogue import kpi_definitions
from dashboards.queries.kpis import kpi_frame, points_by_member, sides_of
from dashboards.queries.tickets import FACTS, tickets_behind
from tests.unit.dashboards.small_mart import KPIS
from tests.unit.dashboards.test_pages import _texts
from warehouse.reading import BuildReader, reader_of
from warehouse.scope import Scope
from warehouse.settings import load_settings

OCTOBER = date(2025, 10, 1)
EVERYTHING = Scope.everything()
ANALYSES = ("regions", "root_causes", "teams")


@pytest.fixture(scope="module")
def reader(homes) -> BuildReader:
    return reader_of(load_settings(home=homes["full"]))


def _table(app, column: str) -> pd.DataFrame:
    return next(table.value for table in app.dataframe if column in table.value)


def test_regions_names_the_planted_loss(open_app) -> None:
    app = open_app("full", "regions", lang="en")
    assert not app.error
    texts = _texts(app)
    assert "**Inner Mongolia** loses most in Oct 2025" in texts
    assert "at *Wait for parts*" in texts
    losses = _table(app, "recoverable")
    assert losses[["row", "column"]].iloc[0].tolist() == ["Inner Mongolia", "Wait for parts"]
    top = losses.iloc[0]
    assert top["recoverable"] == round((top["hours"] - top["benchmark"]) * top["cases"])
    assert "Inner Mongolia in Oct 2025" in texts


def test_a_region_can_be_chosen_in_the_address(open_app) -> None:
    app = open_app("full", "regions", lang="en")
    app.query_params["focus"] = "R-SH"
    app.run()
    assert "Shanghai in Oct 2025" in _texts(app)
    assert app.selectbox(key="choice_focus").value == "R-SH"


def test_benchmark_does_not_change_when_the_page_shows_one_region(open_app) -> None:
    whole = _table(open_app("full", "regions", lang="en"), "recoverable").set_index(["row", "column"])
    alone = _table(open_app("full", "regions", lang="en", region="R-NM"), "recoverable").set_index(["row", "column"])
    assert set(alone.index.get_level_values("row")) == {"Inner Mongolia"}
    pair = ("Inner Mongolia", "Wait for parts")
    assert alone.loc[pair, "benchmark"] == pytest.approx(whole.loc[pair, "benchmark"])


def test_root_causes_finds_the_new_concentration(open_app) -> None:
    app = open_app("full", "root_causes", lang="en")
    assert not app.error
    texts = _texts(app)
    assert "the largest is **Battery fault**" in texts
    assert "**1**, new against the 3 periods before: **1**" in texts
    pairs = _table(app, "lift")
    assert pairs[["region_name", "cause_name", "new_text"]].to_numpy().tolist() == [
        ["Shanghai", "Battery fault", "new"]
    ]
    earlier = open_app("full", "root_causes", lang="en", period="2025-09")
    assert "No cause gathers in a region" in _texts(earlier)


def test_pareto_respects_filters(open_app, reader: BuildReader) -> None:
    app = open_app("full", "root_causes", lang="en", case_type="complaint")
    expected = reader.rows(
        """
        select count(*) as cases from measures.contributions_tickets
        where case_type = 'complaint' and stage is null and root_cause_id = 'C-101'
            and local_date between '2025-10-01' and '2025-10-31'
        """
    )[0]["cases"]
    causes = _table(app, "cumulative_text")
    assert causes.set_index("member").loc["Battery fault", "count"] == expected
    assert causes["cumulative_text"].iloc[-1] == "100.0%"


@pytest.mark.parametrize("filters", [{}, {"case_type": "complaint"}])
def test_the_largest_categories_of_causes_are_named(open_app, reader: BuildReader, filters: dict[str, str]) -> None:
    app = open_app("full", "root_causes", lang="en", **filters)
    asked = tuple((name, (value,)) for name, value in filters.items())
    frame = kpi_frame(
        reader, EVERYTHING, ("tickets_created",), "root_cause_category", PeriodKind.MONTH, OCTOBER, OCTOBER, asked
    )
    counts = frame.set_index("slice_value")["value"]
    largest = counts.drop("unknown").sort_values(ascending=False)
    share = 100 * largest.iloc[0] / counts.sum()
    assert largest.index[0] == "product_quality"
    assert f"By category: **Product quality** {share:.0f}%" in _texts(app)


def test_teams_stand_side_by_side_with_the_numbers_of_the_mart(open_app, reader: BuildReader) -> None:
    app = open_app("full", "teams", lang="en", team_a="T-MT-N", team_b="T-TS-W")
    frame = kpi_frame(reader, EVERYTHING, ("csat_score",), "team", PeriodKind.MONTH, OCTOBER, OCTOBER, ())
    points = {code: history[OCTOBER] for code, history in points_by_member(frame).items()}
    row = _table(app, "verdict").set_index("kpi").loc["Customer satisfaction"]
    assert row["first"] == f"{points['T-MT-N'].value:.1f}"
    assert row["second"] == f"{points['T-TS-W'].value:.1f}"
    assert row["first_n"] == points["T-MT-N"].n
    assert "**Maintenance North** (A)" in _texts(app)


def test_outsourced_work_costs_more(open_app) -> None:
    app = open_app("full", "teams", lang="en")
    tables = [table.value for table in app.dataframe if "verdict" in table.value]
    row = tables[1].set_index("kpi").loc["Cost per ticket"]
    assert row["gap"].startswith("−¥")
    assert row["verdict"] == "A? no interval"
    assert "stage_share" not in tables[1]["kpi"].tolist()
    assert "To compare like with like" in _texts(app)


@pytest.mark.parametrize("language", LANGUAGES)
def test_bare_tickets_leave_sentences_not_gaps(open_app, language: str) -> None:
    say = Phrases(language)
    assert say("regions.no_stages") in [info.value for info in open_app("tickets_only", "regions", lang=language).info]
    assert say("causes.empty") in [info.value for info in open_app("tickets_only", "root_causes", lang=language).info]
    infos = [info.value for info in open_app("tickets_only", "teams", lang=language).info]
    assert say("teams.too_few") in infos
    assert say("sourcing.unknown") in infos


@pytest.mark.parametrize("subject", ["overview", *ANALYSES])
@pytest.mark.parametrize("scope_regions", [{"R-SH"}, {"R-NOWHERE"}])
def test_a_limited_scope_sees_its_own_rows_only(open_app, monkeypatch, subject: str, scope_regions: set[str]) -> None:
    monkeypatch.setattr("dashboards.page.current_scope", lambda: Scope(frozenset(scope_regions)))
    app = open_app("full", subject, lang="en", drill="tickets_created:region:R-BJ")
    assert not app.exception
    assert not app.error
    shown = _texts(app) + "".join(table.value.to_csv() for table in app.dataframe)
    assert "Beijing" not in shown
    assert "Sichuan" not in shown


def test_reference_finds_by_words_and_opens_the_asked_kpi(open_app) -> None:
    app = open_app("full", "kpi_reference", lang="en")
    assert len(app.expander) == len(KPIS)
    app.text_input(key="choice_q").set_value("csat satisfaction").run()
    assert [expander.label for expander in app.expander] == ["Customer satisfaction · points of 100"]
    assert app.query_params["q"] == "csat satisfaction"
    texts = _texts(app)
    assert "≥ 90.0; ≥ 85.0 for Tibet" in texts
    assert "A2, B7" in texts
    app.text_input(key="choice_q").set_value("no such word").run()
    assert app.info[0].value == "No KPI contains these words."
    pinned = open_app("full", "kpi_reference", lang="en", kpi="stage_share")
    assert pinned.expander[0].label.startswith("Share of the cycle")
    assert pinned.expander[0].proto.expanded


def test_reference_finds_chinese_names_from_the_english_page(open_app) -> None:
    app = open_app("full", "kpi_reference", lang="en", q="重开率")
    assert [expander.label for expander in app.expander] == ["Reopened within 7 days · %"]


@pytest.mark.parametrize(
    ("kpi", "slice_name", "member"),
    [
        ("tickets_created", "total", "all"),
        ("csat_score", "region", "R-SH"),
        ("first_response_on_time_rate", "region__team", "R-SH|T-CS-E"),
        ("stage_hours", "region__stage", "R-NM|parts"),
        ("complaint_rate", "employment", "outsourced"),
    ],
)
@pytest.mark.parametrize("filters", [(), (("case_type", ("complaint", "repair")),)])
def test_tickets_add_up_to_the_number(reader: BuildReader, kpi, slice_name, member, filters) -> None:
    figure = kpi_frame(reader, EVERYTHING, (kpi,), slice_name, PeriodKind.MONTH, OCTOBER, OCTOBER, filters)
    sides = sides_of(figure[figure["slice_value"] == member])
    pairs = () if member == "all" else zip(slice_name.split("__"), member.split("|"), strict=True)
    members = tuple((dimension, (value,)) for dimension, value in pairs)
    found = tickets_behind(reader, EVERYTHING, kpi, slice_name, members, PeriodKind.MONTH, OCTOBER, filters)
    assert set(found["slice_value"]) == {member}
    assert math.isclose(found["numerator"].sum(), sides["numerator"] or 0.0, rel_tol=1e-9)
    if sides["denominator"] is not None:
        assert found["denominator"].sum() == sides["denominator"]
    assert set(FACTS) <= set(found)


def test_the_drawer_shows_the_tickets_of_a_number_and_that_they_add_up(open_app, reader: BuildReader) -> None:
    app = open_app("full", lang="en", drill="csat_score:region:R-SH")
    texts = _texts(app)
    assert "That is the number shown." in texts
    tickets = _table(app, "ticket_id")
    assert len(tickets) == 50
    assert tickets["numerator"].is_monotonic_increasing
    assert set(tickets["region"]) == {"Shanghai"}
    assert (tickets["opened"] == tickets["local_date"] + " 20:15").all()
    figure = kpi_frame(reader, EVERYTHING, ("csat_score",), "region", PeriodKind.MONTH, OCTOBER, OCTOBER, ())
    n = points_by_member(figure)["R-SH"][OCTOBER].n
    assert f"{n} rows ({n} tickets): numerator" in texts


def test_a_percentile_is_read_off_its_durations(open_app) -> None:
    app = open_app("full", lang="zh-CN", drill="first_response_minutes_p90")
    assert "该值取自" in _texts(app)
    assert _table(app, "ticket_id")["value"].is_monotonic_decreasing


def test_a_card_opens_the_drawer_and_the_address_knows(open_app) -> None:
    app = open_app("full", lang="en")
    assert not [table for table in app.dataframe if "ticket_id" in table.value]
    app.button(key="drill_csat_score").click().run()
    assert app.query_params["drill"] == "csat_score"
    assert len(_table(app, "ticket_id")) == 50


def test_every_slice_restriction_is_read(reader: BuildReader) -> None:
    definitions = {definition.key: definition for definition in kpi_definitions(reader, EVERYTHING, Phrases("en"))}
    assert definitions["stage_share"].slices == ("stage", "region__stage")
    assert not definitions["stage_share"].has_slice("total")
    assert definitions["csat_score"].has_slice("total")
