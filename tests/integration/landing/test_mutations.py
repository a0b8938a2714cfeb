"""Damaged files: the parsing process may refuse them or die of them; landing lives and no row goes missing."""

import io
import random
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from landing.landing_folder import match_file
from landing.mapping import contract_mapping
from landing.parser_process import Parser
from landing.parsing_job import ParsingJob
from landing.refusal import RefusalError
from tests.integration.landing.fault_corpus import xlsx
from tests.unit.landing.other_workbooks import XLS, ods, xlsb, zipped
from warehouse.pseudonyms import PseudonymKey

SHORT, LONG = 50, 500
ROWS = 300


def _parquet(**options: str) -> bytes:
    at = pa.array([datetime(2025, 7, 1, tzinfo=UTC)] * ROWS, pa.timestamp("us", "UTC"))
    texts = [f"text {number} 空调" for number in range(ROWS)]
    nested = pa.array([{"a": number, "b": [number]} for number in range(ROWS)])
    table = pa.table({"ticket_id": list(range(ROWS)), "opened_at": at, "subject": texts, "more": nested})
    buffer = io.BytesIO()
    pq.write_table(table, buffer, **options)
    return buffer.getvalue()


def _lines() -> bytes:
    line = (
        '{{"ticket_id": {}, "opened_at": "2025-07-01T08:30:00Z", "subject": "空调 1.10", "via": {{"a": [1, 2.50]}}}}\n'
    )
    return "".join(map(line.format, range(ROWS))).encode()


def _sheet() -> bytes:
    rows = [[number, "2025-07-01T08:30:00Z", f"text {number}"] for number in range(ROWS)]
    return xlsx([["ticket_id", "opened_at", "subject"], *rows])


SOUND: dict[str, Callable[[], bytes]] = {
    "crm.tickets.parquet": lambda: _parquet(compression="snappy"),
    "crm.tickets.2.parquet": lambda: _parquet(compression="none"),
    "crm.tickets.jsonl": _lines,
    "crm.tickets.json": lambda: b"[" + _lines().replace(b"\n", b",")[:-1] + b"]",
    "crm.tickets.xlsx": _sheet,
    "crm.tickets.xls": lambda: XLS,
    "crm.tickets.ods": ods,
    "crm.tickets.xlsb": xlsb,
    "crm.tickets.csv": lambda: b"ticket_id,opened_at\n" + b'"1",2025-07-01T08:30:00Z\n' * ROWS,
}


def mutate(content: bytes, chance: random.Random) -> bytes:
    """Return the bytes with some of them flipped, cut off, taken out, doubled or put elsewhere."""
    data = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        start = chance.randrange(len(data) or 1)
        stop = min(len(data), start + chance.choice((1, 2, 8, 64, 512)))
        kind = chance.choice(("flip", "flip", "byte", "cut", "remove", "double", "splice", "zero"))
        if kind == "flip" and data:
            data[start] ^= 1 << chance.randrange(8)
        elif kind == "byte" and data:
            data[start] = chance.randrange(256)
        elif kind == "cut":
            del data[start:]
        elif kind == "remove":
            del data[start:stop]
        elif kind == "double":
            data[start:start] = data[start:stop]
        elif kind == "splice":
            data[chance.randrange(len(data) or 1) : 0] = data[start:stop]
        elif kind == "zero":
            data[start:stop] = bytes(stop - start)
    return bytes(data)


def mutate_members(content: bytes, chance: random.Random) -> bytes:
    """Return a zip whose checksums are right and one of whose members is mutated."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members: dict[str, bytes | str] = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice(sorted(members))
    member = members[name]
    assert isinstance(member, bytes)
    return zipped(members | {name: mutate(member, chance)})


def _job(folder: Path, name: str, content: bytes) -> ParsingJob:
    folder.mkdir()
    archived = folder / "archived"
    archived.write_bytes(content)
    (match,) = match_file(name, (), contract_mapping("Asia/Shanghai"))
    key = PseudonymKey("36" * 64, "5c" * 64)
    return ParsingJob(archived, name, match.mapping, match.entries, "Asia/Shanghai", folder, key, 1)


def _survive(tmp_path: Path, count: int, first: int) -> None:
    names = list(SOUND)
    outcomes: dict[str, int] = {}
    with Parser(2 << 30, 30) as parser:
        for number in range(first, first + count):
            chance = random.Random(number)  # noqa: S311 - the same files every time
            name = names[number % len(names)]
            content = SOUND[name]()
            is_inside = content[:2] == b"PK" and chance.random() < 0.7
            mutated = mutate_members(content, chance) if is_inside else mutate(content, chance)
            try:
                (entry,) = parser.parse(_job(tmp_path / str(number), name, mutated)).entries
            except RefusalError as refusal:
                assert refusal.code, number
                assert name in refusal.en, number
                assert name in refusal.zh, number
                outcomes[refusal.code] = outcomes.get(refusal.code, 0) + 1
            else:
                assert entry.rows_accounted == entry.rows_read, number
                outcomes["landed"] = outcomes.get("landed", 0) + 1
        (entry,) = parser.parse(_job(tmp_path / "sound", "crm.tickets.parquet", SOUND["crm.tickets.parquet"]())).entries
        assert entry.rows_loaded == ROWS
    assert outcomes.get("landed", 0) > count // 10, outcomes
    assert outcomes.get("damaged_file", 0) > count // 10, outcomes
    assert "parser_failed" not in outcomes, outcomes


def test_fifty_damaged_files_are_refused_or_accounted_for(tmp_path: Path) -> None:
    _survive(tmp_path, SHORT, 0)


@pytest.mark.soak
def test_five_hundred_damaged_files_are_refused_or_accounted_for(tmp_path: Path) -> None:
    _survive(tmp_path, LONG, SHORT)
