"""Readers in another process, while builds are published: no error, no mixed build, the new build soon."""

import json
import subprocess
import sys
import threading
import time

from tests.integration.publish.conftest import Publisher
from warehouse.operations import OperationsStore
from warehouse.publish import remove_leftovers
from warehouse.reading import current_reader
from warehouse.settings import Settings

_READ = """
import json, sys, threading, time
from pathlib import Path
from warehouse.reading import reader_of
from warehouse.settings import load_settings

settings = load_settings(home=Path(sys.argv[1]), threads=1, reader_memory_limit="200MB")
stop = threading.Event()
counts = {"queries": 0, "errors": [], "mixed": 0, "seen": []}
lock = threading.Lock()

def read():
    while not stop.is_set():
        try:
            reader = reader_of(settings)
            ids = set()
            for table in ("core.fct_tickets", "kpi.mart_kpis"):
                ids |= {row["build_id"] for row in reader.rows(f"select distinct build_id from {table}")}
                time.sleep(0.002)
            with lock:
                counts["queries"] += 2
                counts["mixed"] += ids != {reader.build.build_id}
                if reader.build.build_id not in counts["seen"]:
                    counts["seen"].append(reader.build.build_id)
        except Exception as error:
            with lock:
                counts["errors"].append(repr(error))

threads = [threading.Thread(target=read) for _ in range(4)]
[thread.start() for thread in threads]
print("ready", flush=True)
sys.stdin.read()
time.sleep(2.5)
stop.set()
[thread.join() for thread in threads]
print(json.dumps(counts))
"""


def test_readers_during_twenty_publishes(publisher: Publisher, settings: Settings):
    publisher.publish("b00")
    process = subprocess.Popen(
        [sys.executable, "-c", _READ, str(settings.home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "ready\n"
    for number in range(1, 21):
        publisher.publish(f"b{number:02}")
        remove_leftovers(settings)
    output, _ = process.communicate()
    counts = json.loads(output)
    assert counts["errors"] == []
    assert counts["mixed"] == 0
    assert counts["queries"] > 100
    assert counts["seen"] == sorted(counts["seen"])
    assert counts["seen"][0] == "b00"
    assert counts["seen"][-1] == "b20"


def test_long_lived_reader_sees_a_new_build_within_five_seconds(publisher: Publisher, settings: Settings):
    publisher.publish("b1")
    old = current_reader(settings)
    assert old.build.build_id == "b1"
    publisher.publish("b2")
    deadline = time.monotonic() + 5
    while current_reader(settings).build.build_id != "b2" and time.monotonic() < deadline:
        time.sleep(0.1)
    assert current_reader(settings).build.build_id == "b2"
    # a page that began with the old build ends with it
    assert old.rows("select distinct build_id from core.fct_tickets") == [{"build_id": "b1"}]


def test_eight_threads_share_one_reader(publisher: Publisher, settings: Settings):
    publisher.publish("b1")
    reader = current_reader(settings)
    wrong: list[object] = []

    def ask(number: int) -> None:
        for _ in range(100):
            rows = reader.rows("select count(*) as n from core.fct_tickets where id < $limit", {"limit": number})
            if rows != [{"n": number}]:
                wrong.append(rows)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(100, 900, 100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_two_stores_write_at_once(settings: Settings):
    stores = [OperationsStore(settings), OperationsStore(settings)]
    errors: list[Exception] = []

    def write(number: int) -> None:
        try:
            for run in range(50):
                stores[number].start_run(f"run-{number}-{run:02}", 1)
                stores[number].update_run(f"run-{number}-{run:02}", step="land")
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    runs = OperationsStore(settings).list_runs(limit=1000)
    assert len(runs) == 100
    assert {run.step for run in runs} == {"land"}
