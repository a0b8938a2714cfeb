"""Files in any order, in any batches, again and again: the same marts."""

import random
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from landing.delivery import land
from landing.mapping import load_mappings
from landing.mapping_model import Mapping
from tests.integration.increment.building import Model, run_models
from tests.unit.landing.conftest import InProcessParser
from warehouse.connections import writer
from warehouse.manifest import ExtractState, list_extracts, set_state, settle_replacements
from warehouse.run_context import RunContext, write_context
from warehouse.settings import Settings, load_settings

_MAPPING = """
system: acme
time_zone: UTC
extracted_at: {file_name: '_(\\d{8})', format: '%Y%m%d'}
tables:
  - contract: crm.tickets
    from: {files: 'cases_*.csv'}
    delivery: snapshot
    columns: &cases
      {ticket_id: id, opened_at: opened, updated_at: updated, status: status, region_id: region, product_id: product}
  - contract: crm.tickets
    from: {files: 'changes_*.csv'}
    columns: *cases
  - contract: crm.ticket_events
    from: {files: 'log_*.csv'}
    delivery: log
    columns: {ticket_id: id, event_type: type, occurred_at: at, agent_id: agent}
  - contract: erp.products
    from: {files: 'products_*.csv'}
    delivery: snapshot
    columns: {product_id: id, product_name: name, category: category}
  - contract: survey.responses
    from: {files: 'survey_*.csv'}
    columns: {response_id: id, ticket_id: case, csat_score: {from: score, scale: [1, 5]}, responded_at: at}
"""
_DAYS = range(1, 6)
#: What is the same whichever way the files came, but for when and in which run.
_OF_THE_RUN = {"core.dim_run": ("*",), "core.dim_extract_entries": ("loaded_at",)}


def _deliveries(draws: random.Random) -> dict[str, str]:
    """The files of a small company over some days, by name."""
    files: dict[str, str] = {}
    cases = {f"T{number}": ["2025-06-01 08:00", "2025-06-01 08:00", "new", "R1", "P1"] for number in range(8)}
    products = {f"P{number}": (f"product {number}", "printer") for number in range(5)}
    for day in _DAYS:
        date = f"2025-06-0{day}"
        for case in draws.sample(sorted(cases), k=3):
            updated = draws.choice(("", cases[case][1], f"{date} 0{draws.randrange(10)}:00"))
            cases[case][1:] = [updated, draws.choice(("assigned", "resolved", "closed")), draws.choice(("R1", "R2")),
                               f"P{draws.randrange(6)}"]  # fmt: skip
        cases[f"N{day}"] = [f"{date} 09:00", f"{date} 09:00", "new", "R1", "P2"]
        gone = set(draws.sample(sorted(cases), k=draws.choice((0, 1, 2))))
        listed = "".join(f"{case},{','.join(row)}\n" for case, row in sorted(cases.items()) if case not in gone)
        head = "id,opened,updated,status,region,product\n"
        is_listed = draws.random() < 0.7
        # one case is there on the first day and not on the last
        lost = "L1,2025-06-01 08:00,,new,R1,P1\n" if day < _DAYS[-1] else ""
        if is_listed or day in (_DAYS[0], _DAYS[-1]):
            files[f"cases_2025060{day}.csv"] = head + listed + lost
        # a case without opening goes to quarantine; its older row stays in force (ruling B1)
        few = "".join(f"{case},{','.join(cases[case])}\n" for case in draws.sample(sorted(cases), k=2))
        files[f"changes_2025060{day}.csv"] = head + few + f"T{draws.randrange(8)},,,closed,R1,P1\n"
        events = "".join(
            f"{case},{draws.choice(('assigned', 'responded', 'resolved', 'reopened'))},"
            f"{date} 1{draws.randrange(10)}:00,A{draws.randrange(3)}\n"
            for case in draws.choices(sorted(cases), k=6)
        )
        files[f"log_2025060{day}.csv"] = "id,type,at,agent\n" + events
        kept = {key: row for key, row in products.items() if draws.random() < 0.8}
        files[f"products_2025060{day}.csv"] = "id,name,category\n" + "".join(
            f"{key},{name},{category}\n" for key, (name, category) in kept.items()
        )
        files[f"survey_2025060{day}.csv"] = "id,case,score,at\n" + "".join(
            f"S{draws.randrange(4)},{case},{draws.randrange(1, 6)},{date} 18:00\n"
            for case in draws.sample(sorted(cases), k=2)
        )
    return files


class Company:
    """A home that files are put into in some order."""

    def __init__(self, home: Path, mappings: tuple[Mapping, ...]) -> None:
        self.settings: Settings = load_settings(home=home, threads=1, pseudonym_key="a key for the tests only")
        self.settings.make_folders()
        self.mappings = mappings

    def land(self, files: dict[str, str]) -> None:
        """Put files into the folder, land them, and accept them as gate 1 would."""
        for name, content in files.items():
            (self.settings.landing_dir / name).write_text(content)
        report = land(
            self.settings, run_id="run", landing_dir=self.settings.landing_dir, mappings=self.mappings
        )  # fmt: skip
        assert not report.refused
        with writer(self.settings.warehouse_file, self.settings) as connection:
            waiting = list_extracts(connection, states=(ExtractState.CANDIDATE,))
            set_state(connection, [extract.extract_id for extract in waiting], ExtractState.ACCEPTED)
            settle_replacements(connection)

    def withdraw(self, name: str) -> None:
        with writer(self.settings.warehouse_file, self.settings) as connection:
            ids = [e.extract_id for e in list_extracts(connection) if e.file_name == name]
            set_state(connection, ids, ExtractState.WITHDRAWN)

    def build(self, models: list[Model], seeds: Path) -> Path:
        moment = datetime(2025, 6, 30)
        context = RunContext("build", "run", moment, moment, "UTC", "CN", "CNY", False)
        with writer(self.settings.warehouse_file, self.settings) as connection:
            write_context(connection, context)
        run_models(self.settings.warehouse_file, models, seeds)
        return self.settings.build_dir / "building.duckdb"


def _marts(file: Path) -> dict[str, list[str]]:
    """Every table of a build as sorted texts of its rows."""
    with duckdb.connect(str(file), read_only=True) as connection:
        tables = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() where not internal order by 1"
        ).fetchall()
        found = {}
        for (table,) in tables:
            left_out = _OF_THE_RUN.get(table, ())
            if left_out == ("*",):
                continue
            columns = f"* exclude ({', '.join(left_out)})" if left_out else "*"
            rows = connection.execute(f"select cast(line as varchar) from (select {columns} from {table}) as line")
            found[table] = sorted(row[0] for row in rows.fetchall())
    return found


def _compare(tmp_path: Path, compiled: tuple[list[Model], Path], seed: int, orders: int) -> None:
    draws = random.Random(seed)  # noqa: S311 - no secret
    models, seeds = compiled
    path = tmp_path / "acme.yml"
    path.write_text(_MAPPING)
    mappings = load_mappings(path)
    files = _deliveries(draws)
    withdrawn = draws.choice(sorted(files))
    expected: dict[str, list[str]] = {}
    for order in range(orders):
        company = Company(tmp_path / f"home{order}", mappings)
        names = sorted(files)
        if order:
            draws.shuffle(names)
        taken_back = draws.randrange(len(names)) if order else len(names)
        while names:
            batch = [names.pop(0) for _ in range(min(len(names), draws.choice((1, 3, 8)) if order else len(names)))]
            # what lies in the folder is delivered again with every run
            company.land({name: files[name] for name in batch})
            if withdrawn in batch and len(names) <= taken_back:
                company.withdraw(withdrawn)
        company.withdraw(withdrawn)
        marts = _marts(company.build(models, seeds))
        if not expected:
            expected = marts
            assert len(marts["core.fct_tickets"]) >= 8
            assert marts["core.fct_quarantined_rows"]
            assert marts["measures.measures_tickets"]
            gone = [row for row in marts["core.fct_gone_rows"] if "crm.tickets" in row]
            assert gone or withdrawn.startswith("cases_")
        different = [table for table in expected if expected[table] != marts[table]]
        assert not different, f"seed {seed}, order {order}: {different}"


@pytest.fixture(autouse=True)
def _in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("landing.delivery.Parser", InProcessParser)


@pytest.mark.parametrize("seed", [0])
def test_any_order_gives_the_same_marts(tmp_path: Path, compiled: tuple[list[Model], Path], seed: int) -> None:
    _compare(tmp_path, compiled, seed, orders=2)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 120))
def test_many_orders_give_the_same_marts(tmp_path: Path, compiled: tuple[list[Model], Path], seed: int) -> None:
    _compare(tmp_path, compiled, seed, orders=4)
