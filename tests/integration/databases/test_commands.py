"""The command line and the scheduler over databases: they say what could not be read, and no password anywhere."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, quote_plus

import dagster as dg
import pytest
import yaml

from orchestration.dagster_home import prepare_dagster_home
from orchestration.lock import release_refresh_lock
from orchestration.refresh_assets import RefreshRequestResource, landed_extracts
from tests.command_line import Done, aftercare
from tests.database_servers import PASSWORD, Server
from warehouse.settings import load_settings

TICKETS = {"ticket_id": "id", "opened_at": "opened", "updated_at": "changed"}
_FORMS = (PASSWORD, quote(PASSWORD, safe=""), quote_plus(PASSWORD), PASSWORD.encode("unicode_escape").decode())


@dataclass(frozen=True)
class Company:
    """A home with two databases: `helpdesk`, with its password in a file, and `lost`, which is none."""

    home: Path
    environment: dict[str, str]

    def run(self, *arguments: str) -> Done:
        done = aftercare(self.home, *arguments, extra=self.environment)
        assert not any(form in done.out + done.err for form in _FORMS)
        return done

    def files_with_password(self) -> list[Path]:
        files = [path for path in self.home.rglob("*") if path.is_file()]
        assert {"aftercare.log", "warehouse.duckdb"} <= {path.name for path in files}
        return [path for path in files if any(form.encode() in path.read_bytes() for form in _FORMS)]


@pytest.fixture
def company(postgres: Server, tmp_path: Path) -> Iterator[Company]:
    postgres.run("drop database if exists helpdesk", "drop database if exists lost", "create database helpdesk")
    postgres.run(
        "create table tickets (id bigint primary key, opened timestamptz, changed timestamptz)",
        "insert into tickets select n, '2025-07-01Z'::timestamptz + n * interval '1 hour', '2025-07-01Z' "
        "from generate_series(1, 900) n",
        database="helpdesk",
    )
    sources, secret = tmp_path / "sources", tmp_path / "secret"
    sources.mkdir()
    secret.write_text(PASSWORD + "\n", encoding="utf-8")
    for system, source in (("desk", {"database": "helpdesk", "watermark": "changed"}), ("old", {"database": "lost"})):
        entry = {"contract": "crm.tickets", "from": source | {"table": "tickets"}, "columns": TICKETS}
        mapping = {"system": system, "time_zone": "Asia/Shanghai", "tables": [entry]}
        (sources / f"{system}.yml").write_text(yaml.safe_dump(mapping), encoding="utf-8")
    server = f"127.0.0.1:{postgres.port}"
    environment = {
        "AFTERCARE_SOURCES": str(sources),
        "AFTERCARE_DATABASE_HELPDESK": f"postgresql://postgres@{server}/helpdesk",
        "AFTERCARE_DATABASE_HELPDESK_PASSWORD_FILE": str(secret),
        "AFTERCARE_DATABASE_LOST": f"postgresql://postgres:{quote(PASSWORD, safe='')}@{server}/lost",
    }
    yield Company(tmp_path / "home", environment)
    postgres.run("drop database helpdesk", "drop database if exists lost")


def test_landing_says_what_it_could_not_read_until_it_can(company: Company, postgres: Server) -> None:
    first = company.run("land")
    assert first.code == 3
    assert "landed desk/helpdesk/tickets-" in first.out
    assert ": 900 of 900 rows" in first.out
    assert "not read: database lost: the server has no database of the name in AFTERCARE_DATABASE_LOST" in first.out
    assert "not read at" in company.run("quality").out
    postgres.run("create database lost")
    postgres.run("create table tickets (id bigint, opened timestamptz, changed timestamptz)", database="lost")
    mended = company.run("land", "--format", "json")
    assert (mended.code, mended.json["unread"], mended.json["landed"], mended.json["unchanged"]) == (0, [], [], 1)
    assert company.files_with_password() == []


def test_the_scheduler_tells_it_in_its_log_without_the_password(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in company.environment.items():
        monkeypatch.setenv(name, value)
    for name in ("DAGSTER_HOME", "DAGSTER_DISABLE_TELEMETRY", "AFTERCARE_HOME"):
        monkeypatch.setenv(name, "")  # what is set here is put back afterwards
    monkeypatch.setenv("AFTERCARE_HOME", str(company.home))
    settings = load_settings()
    prepare_dagster_home(settings)
    settings.log_dir.mkdir()
    (settings.log_dir / "aftercare.log").touch()
    try:
        with dg.DagsterInstance.get() as instance:
            result = dg.materialize(
                [landed_extracts], instance=instance, resources={"refresh_request": RefreshRequestResource()}
            )
            said = [entry.user_message for entry in instance.all_logs(result.run_id)]
    finally:
        release_refresh_lock(settings)
    assert any(message.startswith("not read: database lost") for message in said)
    landed = result.asset_materializations_for_node("landed_extracts")
    assert sum(table.metadata["rows_loaded_with_these_files"].value for table in landed) == 900
    assert company.files_with_password() == []


@pytest.mark.soak
def test_a_refresh_publishes_what_it_could_read(company: Company) -> None:
    refreshed = company.run("refresh")
    assert refreshed.code == 3, refreshed.out + refreshed.err
    assert "published build" in refreshed.out
    assert "not read: database lost" in refreshed.out
    figures = company.run("kpis", "--kpi", "tickets_created", "--period", "year", "--format", "json").json
    assert [row["value"] for row in figures if row["period_start"].startswith("2025")] == [900]
    again = company.run("refresh", "--format", "json")
    assert (again.code, again.json["status"], len(again.json["unread"])) == (3, "nothing_new", 1)
    assert company.files_with_password() == []
