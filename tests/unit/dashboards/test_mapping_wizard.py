"""The mapping wizard's page: upload, proposal, correction, trial, saving; nothing stays behind."""

from pathlib import Path

import pytest
import yaml
from streamlit.testing.v1 import AppTest

from dashboards.language import LANGUAGES, Phrases
from landing.mapping import load_mappings

UNDECIDED = "工单编号,报修时间,工单状态,来源渠道\nA1,05/06/2025 08:00,已关闭,微信\nA2,07/08/2025 09:30,挂起,电话\n"
DECIDED = UNDECIDED.replace("07/08", "27/08")


@pytest.fixture
def wizard(open_app, homes: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Return a function that opens the page with a file uploaded; mappings are saved to `tmp_path`."""
    monkeypatch.setenv("AFTERCARE_SOURCES", str(tmp_path / "sources"))

    def upload(content: str | bytes, name: str = "工单_2025.csv", language: str = "zh-CN") -> AppTest:
        app = open_app("no_build", "mapping_wizard", lang=language)
        data = content.encode("gb18030") if isinstance(content, str) else content
        app.file_uploader[0].upload(name, data, "text/csv").run(timeout=120)
        return app

    return upload


def _button(app: AppTest, label: str):
    return next(button for button in app.button if button.label == label)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_undecided_date_is_chosen_in_the_form(wizard, tmp_path: Path, language: str) -> None:
    app = wizard(UNDECIDED, language=language)
    say = Phrases(language)
    assert not app.exception
    assert "CHOOSE" in app.error[0].value
    assert not [button for button in app.button if button.label == say("wizard.try")]
    formats = next(box for box in app.selectbox if box.label == say("wizard.format"))
    assert formats.options == [say("wizard.choose"), "%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M"]
    formats.set_value("%d/%m/%Y %H:%M").run(timeout=120)
    assert not app.error
    _button(app, say("wizard.save", file="crm_export.yml")).click().run(timeout=120)
    assert (
        app.success[0].value == say("wizard.saved", file="crm\\_export.yml") or "crm_export.yml" in app.success[0].value
    )
    (mapping,) = load_mappings(tmp_path / "sources")
    assert mapping.tables[0].columns["opened_at"].format == ("%d/%m/%Y %H:%M",)


def test_a_code_and_a_column_are_corrected_and_tried(wizard, homes: dict[str, Path]) -> None:
    app = wizard(DECIDED, language="en")
    say = Phrases("en")
    status = next(box for box in app.selectbox if box.label == "挂起")
    assert status.value is None
    status.set_value("waiting_customer").run(timeout=120)
    text = yaml.safe_load(app.code[0].value)
    assert text["tables"][0]["columns"]["status"]["values"]["挂起"] == "waiting_customer"
    _button(app, say("wizard.try")).click().run(timeout=120)
    assert not app.exception
    assert say("wizard.trial.clean") in [success.value for success in app.success]
    assert not list((homes["no_build"] / "temp").glob("upload-*"))
    assert not list((homes["no_build"] / "temp").glob("landing-*"))


def test_an_existing_mapping_is_replaced_only_when_told_so(wizard, tmp_path: Path) -> None:
    target = tmp_path / "sources" / "crm_export.yml"
    target.parent.mkdir()
    target.write_text("system: other\n", encoding="utf-8")
    app = wizard(DECIDED, language="en")
    say = Phrases("en")
    assert _button(app, say("wizard.save", file=target.name)).disabled
    app.checkbox[0].check().run(timeout=120)
    _button(app, say("wizard.save", file=target.name)).click().run(timeout=120)
    assert "crm.tickets" in target.read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "content"), [("a.csv", b""), ("a.xlsx", b"PK\x03\x04 broken"), ("a.exe", b"MZ")])
def test_a_file_that_cannot_be_read_says_why(wizard, name: str, content: bytes) -> None:
    app = wizard(content, name, "zh-CN")
    assert not app.exception
    assert "a." in app.error[0].value


def test_a_name_that_leads_elsewhere_is_refused(wizard, tmp_path: Path) -> None:
    app = wizard(DECIDED, language="en")
    next(box for box in app.text_input if box.label == Phrases("en")("wizard.system")).set_value("../x").run(
        timeout=120
    )
    assert app.error
    assert not [button for button in app.button if button.label.startswith("Save")]
    assert not list(tmp_path.rglob("*.yml"))
