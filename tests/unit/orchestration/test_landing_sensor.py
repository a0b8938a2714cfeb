"""The sensor's decisions on a folder: it asks once for content that is new and has come to rest."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest

from orchestration import landing_sensor
from orchestration.landing_sensor import Decision, Memory, folder_state, look, make_landing_sensor
from warehouse.operations import OperationsStore, RunStatus
from warehouse.settings import Settings

Tick = Callable[[], Decision]


@pytest.fixture
def tick(settings: Settings) -> Tick:
    """Look at the folder again, with what the last look left to remember."""
    cursor: list[str | None] = [None]

    def again() -> Decision:
        decision = look(settings, cursor[0])
        cursor[0] = decision.memory.to_cursor()
        return decision

    return again


def put(settings: Settings, name: str, text: str) -> Path:
    path = settings.landing_dir / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def archive(settings: Settings, text: str) -> None:
    """Do what landing does with a file before its rows land."""
    (settings.archive_dir / hashlib.sha256(text.encode()).hexdigest()).write_text(text, encoding="utf-8")


def requests(tick: Tick, ticks: int = 4) -> list[str]:
    return [decision.run_key for decision in (tick() for _ in range(ticks)) if decision.run_key]


def test_an_empty_or_missing_folder_asks_for_nothing(settings: Settings, tick: Tick) -> None:
    assert tick().reason == "nothing new"
    settings.landing_dir.rmdir()
    assert tick() == Decision("nothing new", tick().memory)


def test_a_new_file_is_asked_for_once_when_it_rests(settings: Settings, tick: Tick) -> None:
    put(settings, "crm.tickets.csv", "ticket_id,opened_at\n")
    decisions = [tick() for _ in range(5)]
    assert [decision.reason for decision in decisions[:3]] == [
        "new or changed files: 1; waiting until they rest", "new content", "nothing new",
    ]  # fmt: skip
    assert [bool(decision.run_key) for decision in decisions] == [False, True, False, False, False]


def test_a_failed_run_is_not_asked_for_again(settings: Settings, tick: Tick) -> None:
    """Nothing reached the archive: the run stopped before. The folder is the same, so it stays with one request."""
    put(settings, "crm.tickets.csv", "ticket_id,opened_at\n")
    assert len(requests(tick, ticks=10)) == 1


def test_an_upload_that_grows_asks_only_at_its_end(settings: Settings, tick: Tick) -> None:
    path = put(settings, "crm.tickets.csv", "ticket_id,opened_at\n")
    for line in ("1,2025-10-01T10:00:00+08:00\n", "2,2025-10-02T10:00:00+08:00\n"):
        assert tick().run_key is None
        with path.open("a", encoding="utf-8") as file:
            file.write(line)
    assert tick().run_key is None
    assert tick().run_key is not None


def test_a_finished_file_waits_for_the_one_that_still_grows(settings: Settings, tick: Tick) -> None:
    put(settings, "crm.tickets.csv", "ticket_id,opened_at\n")
    tick()
    growing = put(settings, "survey.responses.csv", "response_id\n")
    assert tick().run_key is None
    growing.write_text("response_id\n1\n", encoding="utf-8")
    assert tick().run_key is None
    assert len(requests(tick)) == 1


def test_a_file_that_changes_while_it_is_read_waits(
    settings: Settings, tick: Tick, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(settings, "crm.tickets.csv", "ticket_id,opened_at\n")
    tick()
    with monkeypatch.context() as patched:
        patched.setattr(landing_sensor, "has_landed", lambda *_: None)
        assert tick().reason == "a file changes while it is read; waiting until it rests"
    assert [decision.run_key is not None for decision in (tick(), tick(), tick())] == [False, True, False]


@pytest.mark.parametrize("name", ["tickets.csv.part", ".hidden.csv", "~$tickets.xlsx", "readme.md", "photo.jpg"])
def test_what_landing_does_not_read_is_not_looked_at(settings: Settings, tick: Tick, name: str) -> None:
    put(settings, name, "anything")
    assert folder_state(settings.landing_dir) == {}
    assert requests(tick) == []


def test_the_same_content_under_another_name_asks_for_nothing(settings: Settings, tick: Tick) -> None:
    text = "ticket_id,opened_at\n1,2025-10-01T10:00:00+08:00\n"
    archive(settings, text)
    put(settings, "again/crm.tickets.copy.csv", text)
    tick()
    decision = tick()
    assert (decision.run_key, decision.reason) == (None, "content that landed before, in files: 1")
    assert tick().reason == "nothing new"


def test_one_new_file_among_known_ones_is_enough(settings: Settings, tick: Tick) -> None:
    archive(settings, "known\n")
    put(settings, "crm.tickets.2025-09.csv", "known\n")
    put(settings, "crm.tickets.2025-10.csv", "new\n")
    assert len(requests(tick)) == 1


def test_a_changed_file_is_asked_for_again(settings: Settings, tick: Tick) -> None:
    path = put(settings, "crm.tickets.csv", "ticket_id,opened_at\n")
    first = requests(tick)
    archive(settings, path.read_text(encoding="utf-8"))
    put(settings, "crm.tickets.csv", "ticket_id,opened_at\n1,2025-10-01T10:00:00+08:00\n")
    second = requests(tick)
    assert (len(first), len(second)) == (1, 1)
    assert first != second


def test_a_new_time_of_change_on_landed_content_asks_for_nothing(settings: Settings, tick: Tick) -> None:
    path = put(settings, "crm.tickets.csv", "ticket_id,opened_at\n")
    requests(tick)
    archive(settings, path.read_text(encoding="utf-8"))
    os.utime(path, (1_700_000_000, 1_700_000_000))
    assert requests(tick) == []


def test_a_removed_file_asks_for_nothing_and_is_forgotten(settings: Settings, tick: Tick) -> None:
    path = put(settings, "crm.tickets.csv", "ticket_id,opened_at\n")
    requests(tick)
    archive(settings, path.read_text(encoding="utf-8"))
    path.unlink()
    decision = tick()
    assert (decision.run_key, decision.memory.handled) == (None, {})
    put(settings, "crm.tickets.csv", "ticket_id,opened_at\n")
    assert requests(tick) == []


def test_files_that_did_not_change_are_not_read(
    settings: Settings, tick: Tick, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    monkeypatch.setattr(landing_sensor, "has_landed", lambda _, name: bool(read.append(name)))
    put(settings, "crm.tickets.2025-09.csv", "a\n")
    requests(tick)
    put(settings, "crm.tickets.2025-10.csv", "b\n")
    requests(tick)
    assert read == ["crm.tickets.2025-09.csv", "crm.tickets.2025-10.csv"]


def test_a_folder_too_large_to_hash_is_left_to_the_refresh(
    settings: Settings, tick: Tick, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(landing_sensor, "HASHED_BYTES", 3)
    archive(settings, "known\n")
    put(settings, "crm.tickets.csv", "known\n")
    assert len(requests(tick)) == 1


def test_while_a_refresh_runs_the_folder_waits(settings: Settings, tick: Tick) -> None:
    store = OperationsStore(settings)
    store.start_run("by-hand", os.getpid())
    put(settings, "crm.tickets.csv", "ticket_id,opened_at\n")
    tick()
    assert tick().reason == "a refresh is running; looking again after it"
    store.finish_run("by-hand", RunStatus.PUBLISHED)
    assert tick().run_key is not None


def test_a_run_that_died_keeps_nobody_waiting(settings: Settings, tick: Tick) -> None:
    # process ids end at 4,194,304
    OperationsStore(settings).start_run("dead", 2**30)
    put(settings, "crm.tickets.csv", "ticket_id,opened_at\n")
    tick()
    assert tick().run_key is not None


def test_memory_survives_its_cursor() -> None:
    memory = Memory("0123", {"导出/工单 1.csv": (17, 1_700_000_000_123_456_789)})
    assert Memory.from_cursor(memory.to_cursor()) == memory
    assert Memory.from_cursor(None) == Memory()


def test_the_sensor_itself(settings: Settings) -> None:
    """Dagster gets one run request with a key, and a cursor each time."""
    job = dg.GraphDefinition(name="daily_refresh").to_job()
    sensor = make_landing_sensor(job)
    assert sensor.minimum_interval_seconds == 60
    assert sensor.default_status is dg.DefaultSensorStatus.RUNNING
    put(settings, "crm.tickets.csv", "ticket_id,opened_at\n")
    cursor, requested = None, []
    for _ in range(4):
        data = sensor.evaluate_tick(dg.build_sensor_context(cursor=cursor))
        cursor = data.cursor
        requested += [request.run_key for request in data.run_requests or ()]
    assert len(requested) == 1
    assert len(requested[0]) == 32
