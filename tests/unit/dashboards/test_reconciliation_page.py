"""The page that compares our figures with those of the sources: what it counts, what it admits, what it lists."""

import pandas as pd
import pytest

from dashboards.language import LANGUAGES, Phrases, load_texts
from dashboards.panels.reconciliation_summary import VERDICTS, with_shares
from dashboards.queries import reconciliation
from tests.unit.dashboards.test_pages import _texts
from warehouse.reading import BuildReader, reader_of
from warehouse.scope import Scope
from warehouse.settings import CHECKOUT, load_settings

EVERYTHING = Scope.everything()
ALL = reconciliation.Chosen()
PAGE = "reconciliation"


@pytest.fixture(scope="module")
def reader(homes) -> BuildReader:
    return reader_of(load_settings(home=homes["full"]))


def _tickets(app) -> pd.DataFrame:
    return next(table.value for table in app.dataframe if "own_value" in table.value)


def test_verdicts_count_equal_differing_unknown_and_unexplained(reader: BuildReader) -> None:
    """600 tickets are stated: 12 resolutions differ; 6 reopenings are unexplained and 6 unknown to us."""
    found = reconciliation.verdicts(reader, EVERYTHING, ALL).set_index("verdict")
    columns = ["compared", "equal", "differing", "own_unknown", "unexplained"]
    assert found.loc["resolved_at", columns].tolist() == [600, 588, 12, 0, 0]
    assert found.loc["reopened_count", columns].tolist() == [600, 588, 12, 6, 6]


def test_shares_of_equal_leave_out_what_we_do_not_know(reader: BuildReader) -> None:
    shares = with_shares(reconciliation.verdicts(reader, EVERYTHING, ALL)).set_index("verdict")
    assert shares.loc["reopened_count", "equal_share"] == pytest.approx(588 / 594)
    assert shares.loc["reopened_count", "unexplained_share"] == pytest.approx(0.01)
    nothing_known = pd.DataFrame([{"compared": 3, "own_unknown": 3, "equal": 0, "unexplained": 0}])
    assert with_shares(nothing_known)["equal_share"].isna().all()


def test_causes_are_those_of_one_figure_most_frequent_first(reader: BuildReader) -> None:
    found = reconciliation.causes(reader, EVERYTHING, ALL, "reopened_count")
    assert found[["cause", "tickets"]].to_numpy().tolist() == [["no_evidence", 6], ["unexplained", 6]]
    moved = reconciliation.causes(reader, EVERYTHING, ALL, "resolved_at")
    assert moved["median_difference"].tolist() == [-172800.0]


def test_months_and_systems_limit_what_is_compared(reader: BuildReader) -> None:
    months = reconciliation.months(reader, EVERYTHING)
    assert months == sorted(months, reverse=True)
    by_month = [
        reconciliation.verdicts(reader, EVERYTHING, reconciliation.Chosen(opened_in=month))["compared"].sum()
        for month in months
    ]
    assert sum(by_month) == 1200
    assert reconciliation.systems(reader, EVERYTHING) == ["crm"]
    assert reconciliation.verdicts(reader, EVERYTHING, reconciliation.Chosen(system="erp")).empty


def test_the_page_shows_every_figure_and_marks_what_nothing_explains(open_app) -> None:
    app = open_app("full", PAGE, lang="en")
    assert not app.error
    values = {metric.label: metric.value for metric in app.metric}
    assert values["Resolution time"] == "98.0%"
    assert values["Times reopened"] == "99.0%"
    assert values["First response time"] == "–"
    assert len(values) == len(VERDICTS)
    texts = _texts(app)
    assert "588 of 600 equal · stated for 600 of 6,030 tickets" in texts
    assert "for 6 we say nothing" in texts
    assert texts.count("No source states this.") == 3
    assert "no known cause: 6" in texts
    assert "Unexplained: 1.0%" in texts
    assert ":red-badge[" in texts
    assert "Unexplained: 0.0%" in texts


def test_tickets_behind_a_cause_stand_with_both_values(open_app) -> None:
    app = open_app("full", PAGE, lang="en")
    tickets = _tickets(app)
    assert len(tickets) == 12
    assert set(tickets["source_value"]) == {"2025-10-12 16:00"}
    assert set(tickets["own_value"]) == {"2025-10-10 16:00"}
    assert set(tickets["difference"]) == {"−48.0 h"}
    assert Phrases("en")("reconciliation_proof.moved_while_resolved") in _texts(app)


def test_figure_and_cause_are_chosen_in_the_address(open_app) -> None:
    app = open_app("full", PAGE, lang="en")
    app.selectbox(key="choice_verdict").select("reopened_count").run()
    assert app.query_params["verdict"] == "reopened_count"
    app.selectbox(key="choice_cause").select("unexplained").run()
    assert not app.exception
    assert app.query_params["cause"] == "unexplained"
    assert set(_tickets(app)["difference"]) == {"−2"}


def test_a_figure_without_differences_says_so(open_app, monkeypatch) -> None:
    monkeypatch.setattr("dashboards.page.current_scope", lambda: Scope(frozenset({"R-HK"})))
    app = open_app("full", PAGE, lang="en")
    assert not app.error
    assert "stated figures equal ours." in _texts(app)


@pytest.mark.parametrize("language", LANGUAGES)
def test_sources_that_state_nothing_are_told_from_agreement(open_app, language: str) -> None:
    app = open_app("tickets_only", PAGE, lang=language)
    assert not app.metric
    assert app.info[0].value == Phrases(language)("reconciliation.nothing_stated", tickets="6,000")


def test_a_limited_scope_lists_no_foreign_ticket(open_app, monkeypatch) -> None:
    monkeypatch.setattr("dashboards.page.current_scope", lambda: Scope(frozenset({"R-SH"})))
    app = open_app("full", PAGE, lang="en", region="R-BJ")
    assert not app.error
    assert set(_tickets(app)["region"]) == {"Shanghai"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_cause_of_the_model_has_its_words_and_its_proof(language: str) -> None:
    sql = (CHECKOUT / "dbt_project" / "models" / "marts" / "core" / "fct_reconciliation.sql").read_text(
        encoding="utf-8"
    )
    named = {part.split("'")[1] for part in sql.split(" then ")[1:] + sql.split("else ")[1:] if part.startswith("'")}
    texts = load_texts(language)
    assert len(named) > 25
    for group in ("reconciliation_cause", "reconciliation_proof"):
        assert {key.removeprefix(f"{group}.") for key in texts if key.startswith(f"{group}.")} == named
