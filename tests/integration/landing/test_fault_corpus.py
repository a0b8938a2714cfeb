"""Every file of the corpus, landed in one run of the real thing: each has the outcome that its line says."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from landing.delivery import land
from landing.mapping import load_mappings
from tests.integration.landing.fault_corpus import CASES, Case
from warehouse.settings import load_settings


def _mapping(number: int, case: Case) -> dict[str, Any]:
    key = "ticket_id" if case.contract == "crm.tickets" else "work_order_id"
    opened = {"opened_at": {"const": "2025-01-01 08:00"}} if case.contract == "crm.tickets" else {}
    entry = {
        "contract": case.contract,
        "from": {"files": f"{number:03}_{case.name}", **case.source},
        "columns": {key: case.key, **opened, **case.columns},
    }
    return {"system": f"case{number:03}", "time_zone": "Asia/Shanghai", "tables": [entry]}


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse after one run over all files; their names begin with the number of their case."""
    home = tmp_path_factory.mktemp("corpus")
    settings = load_settings(home=home, zone="Asia/Shanghai", threads=1, pseudonym_key="a key for the tests only")
    settings.make_folders()
    sources = home / "sources"
    sources.mkdir()
    for number, case in enumerate(CASES.values()):
        (settings.landing_dir / f"{number:03}_{case.name.split('/')[0]}").write_bytes(case.data)
        (sources / f"case{number:03}.yml").write_text(yaml.safe_dump(_mapping(number, case), allow_unicode=True))
    land(settings, run_id="run", landing_dir=settings.landing_dir, mappings=load_mappings(sources))
    with duckdb.connect(str(settings.warehouse_file), read_only=True) as connection:
        yield connection


@pytest.mark.parametrize("name", CASES)
def test_the_outcome_is_what_the_corpus_says(landed: duckdb.DuckDBPyConnection, name: str) -> None:
    case = CASES[name]
    file = f"{list(CASES).index(name):03}_{name}"
    found = landed.execute(
        "select state, reason_code, reason_en, reason_zh, extract_id from meta.extracts where file_name = $file",
        {"file": file},
    ).fetchall()
    assert len(found) == 1
    state, code, en, zh, extract_id = found[0]
    if case.code:
        assert (state, code) in {("refused", code) for code in case.code.split("|")}, en
        assert file.split("/")[0] in en
        assert file.split("/")[0] in zh
        return
    assert state == "candidate", en
    table = f"raw.{case.contract.replace('.', '__')}"
    columns = ", ".join(case.columns)
    rows = landed.execute(
        f"select {columns} from {table} where _extract_id = $id order by _row_number",
        {"id": extract_id},
    ).fetchall()
    assert [row if len(row) > 1 else row[0] for row in rows] == case.values
    told = "select row_number, reason_code from meta.{} where extract_id = $id"
    assert dict(landed.execute(told.format("quarantine"), {"id": extract_id}).fetchall()) == case.rejected
    assert dict(landed.execute(told.format("bad_cells"), {"id": extract_id}).fetchall()) == case.bad
    counts = landed.execute(
        "select rows_read, rows_loaded, rows_rejected + rows_quarantined from meta.extract_entries"
        " where extract_id = $id",
        {"id": extract_id},
    ).fetchone()
    assert counts == (len(rows) + len(case.rejected), len(rows), len(case.rejected))


def test_the_corpus_is_large_enough() -> None:
    assert len(CASES) >= 60
    assert {Path(name).suffix for name in CASES} >= {".csv", ".gz", ".jsonl", ".json", ".parquet", ".xlsx", ".xls",
                                                     ".xlsb", ".ods", ".zip"}  # fmt: skip
