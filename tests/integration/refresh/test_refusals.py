"""Bad ticket files: the refresh says why in one sentence, readers keep the last build, the next good file passes."""

import json
from pathlib import Path

import pytest

from tests.command_line import aftercare
from warehouse.builds import current_build
from warehouse.operations import Gate, OperationsStore, RunStatus, Verdict
from warehouse.settings import Settings, load_settings

FILE = "crm.tickets.csv"
TICKETS = 100


def ticket_lines(count: int, *, first: int = 0) -> list[str]:
    return [
        f"T{number},2025-10-{number % 28 + 1:02}T08:{number % 60:02}:00+08:00,new" for number in range(first, count)
    ]


def deliver(home: Path, lines: list[str], header: str = "ticket_id,opened_at,status") -> None:
    (home / "landing").mkdir(parents=True, exist_ok=True)
    (home / "landing" / FILE).write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one published build of 100 tickets."""
    home = tmp_path_factory.mktemp("home")
    deliver(home, ticket_lines(TICKETS))
    done = aftercare(home, "refresh")
    assert done.code == 0, done.err
    return home


@pytest.fixture(scope="module")
def settings(home: Path) -> Settings:
    return load_settings(home=home)


@pytest.mark.parametrize(
    ("header", "lines", "sentence"),
    [
        (
            "opened_at,status",
            [line.partition(",")[2] for line in ticket_lines(TICKETS)],
            ["crm.tickets.csv", "ticket_id", "missing"],
        ),
        (
            "ticket_id,opened_at,status",
            # 30 tickets twice, the second time with another status
            ticket_lines(TICKETS) + [line.replace(",new", ",closed") for line in ticket_lines(30)],
            ["crm.tickets.csv", "ticket_id", "46.15 %"],
        ),
        ("ticket_id,opened_at,status", ticket_lines(60), ["crm.tickets.csv", "60", "100"]),
    ],
    ids=["without_key_column", "duplicate_keys", "forty_percent_fewer_rows"],
)
def test_a_bad_file_stops_the_refresh(
    home: Path, settings: Settings, header: str, lines: list[str], sentence: list[str]
) -> None:
    before = current_build(settings)
    deliver(home, lines, header)
    done = aftercare(home, "refresh")
    assert done.code == 1
    said = done.err.strip().splitlines()
    assert len(said) == 1
    for word in sentence:
        assert word in said[0]
    assert current_build(settings) == before
    store = OperationsStore(settings)
    run = store.list_runs(limit=1)[0]
    assert run.status is RunStatus.STOPPED
    assert run.reason_en is not None
    assert FILE in run.reason_en
    assert run.reason_zh is not None
    assert FILE in run.reason_zh
    assert run.reason_zh != run.reason_en
    gate = store.last_gate(Gate.RAW)
    assert gate is not None
    assert gate.verdict is Verdict.FAILED


def test_the_bad_files_do_not_block_a_run_without_news(home: Path, settings: Settings) -> None:
    (home / "landing" / FILE).unlink()
    before = current_build(settings)
    done = aftercare(home, "refresh", "--format", "json")
    assert done.code == 0, done.err
    assert done.json["status"] == "nothing_new"
    assert len(done.json["refused"]) == 3
    assert current_build(settings) == before


def test_the_next_good_file_passes(home: Path, settings: Settings) -> None:
    before = current_build(settings)
    deliver(home, ticket_lines(TICKETS + 20))
    done = aftercare(home, "refresh")
    assert done.code == 0, done.err
    after = current_build(settings)
    assert before is not None
    assert after is not None
    assert after.build_id != before.build_id
    figures = aftercare(home, "kpis", "--kpi", "tickets_created", "--format", "json").json
    assert [figure["value"] for figure in figures] == [TICKETS + 20]


def test_a_delivered_file_that_is_delivered_again_changes_nothing(home: Path, settings: Settings) -> None:
    before = json.loads(settings.current_pointer.read_text(encoding="utf-8"))
    done = aftercare(home, "refresh")
    assert done.code == 0, done.err
    assert "nothing new" in done.out
    assert json.loads(settings.current_pointer.read_text(encoding="utf-8")) == before
