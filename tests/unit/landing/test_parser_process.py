"""The parsing process may hang, die or run out of memory: its file is refused and the next one lands."""

import os
import signal
import threading

import pytest

from landing.parser_process import Parser
from landing.parsing_job import ParsingJob
from landing.refusal import RefusalError
from warehouse.pseudonyms import PseudonymKey

ENDLESS = {"subject": {"expr": "jaro_similarity(repeat(x, 2000000), repeat('b', 2000000))::varchar"}}
HUGE = {"subject": {"expr": "list_transform(range(400000000), lambda n: n::varchar || x)::varchar"}}
ROOMY = 3 << 30


@pytest.fixture
def make_job(bench, tmp_path):
    def make(columns) -> ParsingJob:
        archived = tmp_path / "file"
        archived.write_text("id,x\n1,a\n")
        folder = tmp_path / "out"
        folder.mkdir(exist_ok=True)
        key = PseudonymKey("36" * 64, "5c" * 64)
        return ParsingJob(archived, "in.csv", bench.table(columns), (0,), "UTC", folder, key, 1)

    return make


def test_hanging_file_is_stopped_and_the_next_one_parses(make_job):
    with Parser(ROOMY, 4) as parser:
        with pytest.raises(RefusalError, match=r"in\.csv: parsing took longer than 4 seconds") as caught:
            parser.parse(make_job(ENDLESS))
        assert caught.value.code == "parser_timeout"
        assert parser.parse(make_job({})).entries[0].rows_loaded == 1


def test_killed_process_is_replaced(make_job):
    with Parser(ROOMY, 60) as parser:
        assert parser.parse(make_job({})).entries[0].rows_loaded == 1
        assert parser.process_id
        threading.Timer(0.5, os.kill, (parser.process_id, signal.SIGKILL)).start()
        with pytest.raises(RefusalError, match="the parsing process died on this file") as caught:
            parser.parse(make_job(ENDLESS))
        assert caught.value.code == "parser_died"
        assert parser.parse(make_job({})).entries[0].rows_loaded == 1


def test_file_that_needs_too_much_memory_is_refused(make_job):
    with Parser(1 << 30, 60) as parser:
        with pytest.raises(RefusalError) as caught:
            parser.parse(make_job(HUGE))
        assert caught.value.code in ("out_of_memory", "parser_died")
        assert parser.parse(make_job({})).entries[0].rows_loaded == 1


def test_hanging_file_leaves_the_landing_alive(make_site, bench):
    site = make_site(parse_seconds=4, parse_memory=ROOMY)
    site.deliver("in1.csv", "id,x\n1,a\n")
    site.deliver("crm.customers.csv", "customer_id\nK1\n")
    report = site.land(bench.table(ENDLESS))
    assert [e.file_name for e in report.landed] == ["crm.customers.csv"]
    assert [e.file_name for e in report.refused] == ["in1.csv"]
    assert site.query("select reason_code from meta.extracts where state = 'refused'") == [("parser_timeout",)]
