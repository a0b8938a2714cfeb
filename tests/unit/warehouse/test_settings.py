"""Settings: where values come from, and the sentence for each wrong one."""

from pathlib import Path

import pytest

from warehouse.errors import SettingsError
from warehouse.settings import load_settings


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_defaults_lie_below_home(tmp_path):
    settings = load_settings()
    assert settings.home == tmp_path / ".aftercare"
    assert settings.landing_dir == tmp_path / ".aftercare" / "landing"
    assert settings.zone == "Asia/Shanghai"
    settings.make_folders()
    assert settings.published_dir.is_dir()
    assert settings.secrets_dir.stat().st_mode & 0o777 == 0o700


def test_argument_beats_environment_beats_file(tmp_path, monkeypatch):
    (tmp_path / "aftercare.toml").write_text(
        'zone = "Asia/Tokyo"\ncurrency = "JPY"\nkeep_builds = 7\n', encoding="utf-8"
    )
    monkeypatch.setenv("AFTERCARE_ZONE", "Asia/Seoul")
    monkeypatch.setenv("AFTERCARE_KEEP_BUILDS", "8")
    settings = load_settings(keep_builds=9)
    assert (settings.currency, settings.zone, settings.keep_builds) == ("JPY", "Asia/Seoul", 9)


WRONG = [
    ({"zone": "Mars/Base"}, "zone: .*'Mars/Base' is no IANA time zone"),
    ({"zone": "../etc/passwd"}, "is no IANA time zone"),
    ({"language": "de"}, "language: "),
    ({"keep_builds": 1}, "keep_builds: "),
    ({"fiscal_year_start": 13}, "fiscal_year_start: "),
    ({"colour": "red"}, "colour: "),
]


@pytest.mark.parametrize(("values", "message"), WRONG)
def test_wrong_value_is_named(values, message):
    with pytest.raises(SettingsError, match="settings are wrong: .*" + message):
        load_settings(**values)


def test_file_that_is_no_toml_is_named(tmp_path):
    (tmp_path / "aftercare.toml").write_text("zone: Asia/Tokyo", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"aftercare\.toml"):
        load_settings()


def test_key_is_not_printed(monkeypatch):
    monkeypatch.setenv("AFTERCARE_PSEUDONYM_KEY", "0123456789abcdef")
    settings = load_settings()
    assert settings.pseudonym_key == "0123456789abcdef"
    assert "0123456789abcdef" not in repr(settings)
