"""Every page, in both languages, on every kind of home: it says what it should and never breaks."""

import json

import pytest

from dashboards.language import LANGUAGES, Phrases
from dashboards.queries.cached import identity_of
from dashboards.registry import PAGES
from tests.unit.dashboards.conftest import REASON_EN, REASON_ZH
from tests.unit.dashboards.small_company import BUILD_ID
from tests.unit.dashboards.small_mart import KPIS
from warehouse.reading import reader_of
from warehouse.settings import load_settings

SUBJECTS = [entry.subject for entry in PAGES]
#: KPIs with a target, volumes, and the first of a family that has neither.
HEADLINES = {kpi.key for kpi in KPIS if kpi.target is not None} | {"tickets_created", "tickets_resolved", "stage_hours"}
HOMES = ("full", "tickets_only", "no_build", "stopped")


def _cards(app) -> dict[str, str]:
    """Values of the cards by KPI."""
    keys = {kpi.label_en: kpi.key for kpi in KPIS} | {kpi.label_zh: kpi.key for kpi in KPIS}
    return {keys[metric.label.replace("\\", "")]: metric.value for metric in app.metric}


def _texts(app) -> str:
    """All text of a page in one string; Markdown escapes removed."""
    elements = [*app.markdown, *app.caption, *app.title, *app.warning, *app.info, *app.error]
    return "\n".join(str(element.value) for element in elements).replace("\\", "")


@pytest.mark.parametrize("home", HOMES)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("subject", SUBJECTS)
def test_page_runs_and_speaks_its_language(open_app, subject: str, language: str, home: str) -> None:
    app = open_app(home, subject, lang=language)
    say = Phrases(language)
    assert not app.exception
    assert not app.error
    assert app.title[0].value == say(f"pages.{subject}.title")
    assert say(f"pages.{subject}.question") in _texts(app)
    if home == "no_build":
        assert app.info[0].value == say("page.no_build")
        assert not app.metric
    else:
        assert BUILD_ID in app.caption[0].value
        assert "2025-10-31 23:59" in app.caption[0].value
        assert "Asia/Shanghai" in app.caption[0].value


def test_language_is_that_of_the_settings_unless_the_address_says_otherwise(open_app, monkeypatch) -> None:
    assert open_app("full").title[0].value == "总览"
    assert open_app("full", lang="en").title[0].value == "Overview"
    monkeypatch.setenv("AFTERCARE_LANGUAGE", "en")
    assert open_app("full").title[0].value == "Overview"


def test_cards_show_the_numbers_of_the_mart(open_app, homes) -> None:
    reader = reader_of(load_settings(home=homes["full"]))
    rows = reader.rows(
        """
        select kpi_key, value from kpi.mart_kpis
        where slice_name = 'total' and period_kind = 'month' and period_start = date '2025-10-01'
        """
    )
    mart = {row["kpi_key"]: row["value"] for row in rows}
    app = open_app("full", lang="en")
    by_key = _cards(app)
    assert set(by_key) == HEADLINES
    assert by_key["tickets_created"] == f"{mart['tickets_created']:.0f}"
    assert by_key["first_response_minutes"] == f"{mart['first_response_minutes']:.1f} min"
    assert by_key["first_response_on_time_rate"] == f"{100 * mart['first_response_on_time_rate']:.1f}%"
    assert by_key["csat_score"] == f"{mart['csat_score']:.1f}"
    assert by_key["cost_per_ticket"] == f"¥{mart['cost_per_ticket']:.1f}"


def test_the_other_cards_of_a_family_are_behind_its_expander(open_app) -> None:
    app = open_app("full", lang="en")
    app.session_state["more_resolution"] = True
    app.run()
    assert not app.exception
    shown = _cards(app)
    assert set(shown) == HEADLINES | {
        "resolution_hours_customer_calendar_median",
        "resolution_hours_customer_calendar_p90",
    }
    assert "stage_share" not in shown


@pytest.mark.parametrize(
    ("compare", "words", "before"), [("last_period", "period", "2025-09"), ("last_year", "year", "2024-10")]
)
def test_comparison_is_chosen_in_the_address(open_app, homes, compare: str, words: str, before: str) -> None:
    texts = _texts(open_app("full", lang="en", compare=compare))
    created = {
        str(row["period_start"])[:7]: row["value"]
        for row in reader_of(load_settings(home=homes["full"])).rows(
            """
            select period_start, value from kpi.mart_kpis
            where kpi_key = 'tickets_created' and slice_name = 'total' and period_kind = 'month'
            """
        )
    }
    change = 100 * (created["2025-10"] / created[before] - 1)
    assert f"{change:+.1f}%".replace("-", "−") in texts
    assert f"vs last {words}" in texts
    assert f"vs last {'year' if words == 'period' else 'period'}" not in texts


def test_cards_say_what_is_incomplete_and_what_is_too_young(open_app) -> None:
    captions = [caption.value for caption in open_app("full", lang="en").caption]
    assert any("incomplete: 25.0% of cases are too young to count" in caption for caption in captions)
    assert any(caption.endswith("· incomplete") for caption in captions)


def test_target_and_change_are_in_words(open_app) -> None:
    texts = _texts(open_app("full", lang="en"))
    assert "Target ≥ 95.0% missed" in texts
    assert "Target ≤ 15.0% met" in texts
    assert "Target ≤ 5.0% not judged" in texts


def test_unknown_is_a_dash_with_a_reason_never_zero(open_app) -> None:
    app = open_app("tickets_only", lang="en")
    shown = _cards(app)
    assert float(shown.pop("tickets_created")) > 0
    assert set(shown.values()) == {"–"}
    reasons = [caption.value for caption in app.caption].count("The sources do not deliver this.")
    assert reasons == len(HEADLINES) - 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("subject", SUBJECTS)
def test_banner_says_why_the_last_refresh_did_not_publish(open_app, subject: str, language: str) -> None:
    banner = open_app("stopped", subject, lang=language).warning[0].value.replace("\\", "")
    assert (REASON_ZH if language == "zh-CN" else REASON_EN) in banner
    assert BUILD_ID in banner
    assert "2025-10-31 23:59" in banner


def test_data_health_names_each_rule_that_did_not_pass(open_app) -> None:
    app = open_app("stopped", "data_health", lang="en")
    texts = _texts(app)
    assert f":red-badge[Stops] {REASON_EN}" in texts
    assert ":orange-badge[Warns]" in texts
    assert "42 rules checked: 1 stopped, 1 warned" in texts


def test_data_health_shows_where_every_row_went(open_app) -> None:
    app = open_app("full", "data_health", lang="en")
    assert "All **2** deliveries add up: 8,414 rows read, each accounted for." in _texts(app)
    assert "**30** tickets are excluded, 6,000 count as cases." in _texts(app)
    examples = next(table.value for table in app.dataframe if "row_number" in table.value)
    assert examples["value"].tolist() == ["31/2/2025", "=cmd|'/c calc'!A1", "yesterday"]


def test_filters_come_from_the_address_and_change_the_numbers(open_app, homes) -> None:
    reader = reader_of(load_settings(home=homes["full"]))
    expected = reader.rows(
        """
        select sum(value) as created from kpi.mart_kpis
        where kpi_key = 'tickets_created' and slice_name = 'region' and slice_value in ('R-SH', 'R-BJ')
            and period_kind = 'month' and period_start = date '2025-09-01'
        """
    )[0]["created"]
    app = open_app("full", lang="en", region=["R-SH", "R-BJ"], period="2025-09")
    assert app.metric[0].value == f"{expected:.0f}"
    assert app.multiselect(key="choice_region").value == ["R-SH", "R-BJ"]


def test_choices_go_into_the_address(open_app) -> None:
    app = open_app("full", lang="en")
    app.multiselect(key="choice_team").select("T-CS-E").run()
    app.multiselect(key="choice_root_cause").select("C-101").run()
    app.selectbox(key="choice_compare").select("last_year").run()
    app.selectbox(key="choice_kpi").select("csat_score").run()
    assert not app.exception
    assert app.query_params["team"] == "T-CS-E"
    assert app.query_params["kpi"] == "csat_score"
    assert app.query_params["root_cause"] == "C-101"
    assert app.query_params["compare"] == "last_year"
    assert "Filtered: Team: Customer Service East; Root cause: Battery fault" in _texts(app)
    app.segmented_control(key="choice_lang").set_value("zh-CN").run()
    assert "lang" not in app.query_params
    assert app.title[0].value == "总览"
    assert app.query_params["team"] == "T-CS-E"
    app.button(key="clear_filters").click().run()
    assert "team" not in app.query_params
    assert "root_cause" not in app.query_params


def test_filters_that_a_build_cannot_answer_are_not_offered(open_app) -> None:
    keys = {widget.key for widget in open_app("full", lang="en").multiselect}
    assert {f"choice_{name}" for name in ("region", "team", "product_category", "case_type", "channel")} <= keys
    assert not open_app("tickets_only", lang="en").multiselect


@pytest.mark.parametrize("subject", SUBJECTS)
def test_hostile_parameters_are_ignored(open_app, subject: str) -> None:
    hostile = {
        "lang": "xx",
        "period_kind": "century",
        "period": "9999-99",
        "region": ["'; drop table kpi.dim_kpis; --", "R-SH\x00", *["R-NOWHERE"] * 300],
        "team": "../../etc/passwd",
        "case_type": "<script>alert(1)</script>",
        "kpi": "{{7*7}}",
        "compare": "last_decade",
        "product_category": "' or ''='",
        "root_cause": ["C-101' --", "C-NOWHERE"],
        "channel": "hotline; select 1",
        "drill": "csat_score:region__region:R-SH|R-SH",
        "focus": "R-SH' or 1=1",
        "focus_cause": "<b>",
        "heat": "cold",
        "team_a": "T-NOBODY",
        "team_b": "T-NOBODY",
        "sourcing_kpi": "rm -rf",
        "step": "=1+1",
        "quarantine": "crm.tickets.' or 1=1",
        "nobody_asked": "x" * 4000,
    }
    app = open_app("full", subject, **hostile)
    assert not app.exception
    assert not app.error
    assert "<script>" not in _texts(app)
    plain = open_app("full", subject)
    assert [metric.value for metric in app.metric] == [metric.value for metric in plain.metric]


@pytest.mark.parametrize("step", ["month", "week", "day"])
def test_trend_has_steps(open_app, step: str) -> None:
    app = open_app("full", lang="en", step=step, kpi="first_response_minutes_p90")
    assert not app.exception
    assert not app.error
    assert any(caption.value.startswith("Line: minutes") for caption in app.caption)


def test_small_and_unregistered_members_are_named_and_not_ranked(open_app) -> None:
    app = open_app("full", lang="en", kpi="first_response_on_time_rate")
    table = next(table.value for table in app.dataframe if "member" in table.value)
    remarks = dict(zip(table["member"], table["remark"], strict=True))
    assert "not in the reference list" in remarks["R-HK"]
    assert "not given in the source" in remarks["Unknown"]
    assert "only" in remarks["Tibet"]
    ranked = [name for name in table["member"] if name in ("Shanghai", "Beijing", "Inner Mongolia", "Sichuan")]
    assert table["member"].tolist()[: len(ranked)] == ranked
    values = dict(zip(table["member"], table["value"], strict=True))
    assert [values[name] for name in ranked] == sorted(values[name] for name in ranked)


def test_readers_of_different_homes_never_share_cached_numbers(homes) -> None:
    full = reader_of(load_settings(home=homes["full"]))
    bare = reader_of(load_settings(home=homes["tickets_only"]))
    assert full.build.build_id == bare.build.build_id
    assert identity_of(full) != identity_of(bare)


def test_a_damaged_build_is_a_sentence_not_a_stack_trace(open_app, homes, tmp_path) -> None:
    homes["damaged"] = tmp_path
    (tmp_path / "current.json").write_text(json.dumps({"build_id": "gone"}), encoding="utf-8")
    app = open_app("damaged", lang="en")
    assert not app.exception
    assert app.error[0].value == "The published numbers cannot be opened."
