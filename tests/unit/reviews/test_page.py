"""The page of the review: the numbers of the data model, the period in the address, files made on demand."""

from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboards.charts.miss_parts import miss_parts_chart
from dashboards.charts.vital_few import vital_few_chart
from dashboards.language import Phrases
from dashboards.queries.reviews import review_file, review_of
from dashboards.registry import VIEWS_DIR
from reviews.model import Review
from tests.unit.reviews.small_review import publish_small_review
from warehouse.reading import BuildReader
from warehouse.scope import Scope
from warehouse.settings import load_settings


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("page")
    publish_small_review(load_settings(home=folder))
    return folder


@pytest.fixture
def open_page(home: Path, monkeypatch: pytest.MonkeyPatch):
    def run(**parameters: str) -> AppTest:
        monkeypatch.setenv("AFTERCARE_HOME", str(home))
        app = AppTest.from_file(VIEWS_DIR.parent / "app.py", default_timeout=60)
        for name, value in parameters.items():
            app.query_params[name] = value
        app.run()
        return app.switch_page("views/monthly_review.py").run()

    return run


def _texts(app: AppTest) -> str:
    return "\n".join(str(element.value) for element in [*app.markdown, *app.caption]).replace("\\", "")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize(
    ("kind", "period", "shown"),
    [("month", "2025-09", "September 2025"), ("quarter", "2025-Q4", "Q4 2025 (in progress)"), ("year", "2025", "2025")],
)
def test_the_period_is_in_the_address(open_page, language: str, kind: str, period: str, shown: str) -> None:
    app = open_page(lang=language, period_kind=kind, period=period)
    assert not app.exception
    assert not app.error
    if language == "en":
        assert shown in _texts(app)
    assert app.query_params["period"] == [period] or app.query_params["period"] == period


def test_the_table_has_the_values_of_the_review(open_page, month: Review) -> None:
    app = open_page(lang="en", period="2025-10")
    table = next(table.value for table in app.dataframe if "verdict" in table.value)
    shown = dict(zip(table["kpi"], table["value"], strict=True))
    values = {row.definition.key: row.now.value for row in month.achievements if row.now}
    assert shown["First response on time"] == f"{100 * values['first_response_on_time_rate']:.1f}%"
    assert shown["Tickets created"] == f"{values['tickets_created']:,.0f}"
    assert len(table) == len(month.achievements)


def test_the_battery_story_is_on_the_page(open_page) -> None:
    app = open_page(lang="en", period="2025-10")
    assert "New in October 2025: " in _texts(app)
    table = next(table.value for table in app.dataframe if "2025-10" in table.value)
    assert table.iloc[0].tolist()[1] == "Shanghai"


def test_files_are_made_on_demand_in_the_language_of_the_page(open_page) -> None:
    app = open_page(lang="en", period="2025-10")
    labels = {button.proto.label for button in app.get("download_button")}
    assert labels >= {Phrases("en")("review.download_pptx"), Phrases("en")("review.download_xlsx")}


def test_reviews_are_kept_by_build_scope_and_period(reader: BuildReader) -> None:
    everything = review_of(reader, Scope.everything(), "2025-10")
    limited = review_of(reader, Scope(frozenset({"R-SH"})), "2025-10")
    created = [
        next(r for r in one.achievements if r.definition.key == "tickets_created").now.value
        for one in (everything, limited)
    ]
    assert created[1] < created[0]
    assert review_of(reader, Scope.everything(), "2025-10") == everything
    assert review_file(reader, Scope.everything(), "2025-10", "en", "xlsx").startswith(b"PK")
    assert review_file(reader, Scope(frozenset({"R-SH"})), "2025-10", "en", "xlsx") != review_file(
        reader, Scope.everything(), "2025-10", "en", "xlsx"
    )


def test_charts_follow_the_schema() -> None:
    parts = pd.DataFrame(
        {"member": ["A", "B"], "part": [0.5, -0.2], "part_text": ["+0.5", "−0.2"], "value_text": ["1", "2"]}
    )
    names = {name: name for name in ("member", "part_text", "value_text")}
    marks = [layer["mark"]["type"] for layer in miss_parts_chart(parts, names).to_dict()["layer"]]
    assert marks == ["bar", "text"]
    causes = pd.DataFrame(
        {
            "member": ["A"],
            "count": [3],
            "count_text": ["3"],
            "share_text": ["100%"],
            "cumulative": [1.0],
            "is_vital": [True],
        }
    )
    names = {name: name for name in ("member", "count_text", "share_text")}
    marks = [layer["mark"]["type"] for layer in vital_few_chart(causes, names).to_dict()["layer"]]
    assert marks == ["bar", "text", "text"]
