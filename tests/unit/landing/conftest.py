"""A parsing bench (one file, in this process) and a landing site (a whole home folder, with the child process)."""

import gzip
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from landing.corrections import CorrectedRows, CorrectionJob
from landing.delivery import LandingReport, land
from landing.landing_folder import match_file
from landing.mapping import Mapping, contract_mapping, load_mappings
from landing.parsing import parse_file, read_correction
from landing.parsing_job import ParsedEntry, ParsedFile, ParsingJob
from warehouse.pseudonyms import PseudonymKey
from warehouse.settings import Settings, load_settings

ZONE = "Asia/Shanghai"


@dataclass(frozen=True)
class Bench:
    """Parses bytes under a mapping and shows what came out."""

    folder: Path

    def mapping(self, document: dict[str, Any] | str) -> Mapping:
        path = self.folder / "acme.yml"
        text = document if isinstance(document, str) else yaml.safe_dump(document, allow_unicode=True, sort_keys=False)
        path.write_text(text, encoding="utf-8")
        return load_mappings(path)[0]

    def parse(self, name: str, content: bytes | str, mapping: Mapping | None = None) -> list["Rows"]:
        match = match_file(name, (mapping,) if mapping else (), contract_mapping(ZONE))[0]
        archived = self.folder / "archived"
        archived.write_bytes(content if isinstance(content, bytes) else content.encode())
        working = self.folder / "working"
        working.mkdir(exist_ok=True)
        key = PseudonymKey("36" * 64, "5c" * 64)
        job = ParsingJob(archived, name, match.mapping, match.entries, ZONE, working, key, 1)
        return [Rows(entry) for entry in parse_file(job, "1GB").entries]

    def table(self, columns: dict[str, Any], contract: str = "crm.tickets", **entry: Any) -> Mapping:
        """A mapping with one entry over `in*.csv` in UTC; the columns that tickets need are filled if missing."""
        needed = {"ticket_id": "id", "opened_at": {"const": "2025-10-31 08:30"}} if contract == "crm.tickets" else {}
        source = entry.pop("source", {"files": "in*"})
        top = {key: entry.pop(key) for key in ("id_prefix", "time_zone") if key in entry}
        document = {"contract": contract, "from": source, "columns": needed | columns} | entry
        return self.mapping({"system": "acme", "time_zone": "UTC", "tables": [document]} | top)


@dataclass(frozen=True)
class Rows:
    """One parsed entry with its Parquet files read back."""

    entry: ParsedEntry

    def _read(self, path: Path | None) -> list[dict[str, Any]]:
        if path is None:
            return []
        cursor = duckdb.execute(f"select * from read_parquet('{path}')")
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    @property
    def rows(self) -> list[dict[str, Any]]:
        return self._read(self.entry.rows_file)

    @property
    def quarantine(self) -> list[dict[str, Any]]:
        return self._read(self.entry.quarantine_file)

    @property
    def bad_cells(self) -> list[dict[str, Any]]:
        return self._read(self.entry.bad_cells_file)

    @property
    def identities(self) -> list[dict[str, Any]]:
        return self._read(self.entry.identities_file)

    def column(self, name: str) -> list[Any]:
        return [row[name] for row in self.rows]


@dataclass(frozen=True)
class Site:
    """A home folder with its landing folder."""

    settings: Settings
    runs: list[str] = field(default_factory=list)

    def deliver(self, name: str, content: bytes | str) -> Path:
        path = self.settings.landing_dir / name
        path.parent.mkdir(parents=True, exist_ok=True)
        data = content if isinstance(content, bytes) else content.encode()
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return path

    def land(self, *mappings: Mapping, **options: Any) -> LandingReport:
        self.runs.append(f"run{len(self.runs)}")
        return land(
            self.settings, run_id=self.runs[-1], landing_dir=self.settings.landing_dir, mappings=mappings, **options
        )

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.settings.warehouse_file), read_only=True) as connection:
            connection.execute("set TimeZone = 'UTC'")
            return connection.execute(sql).fetchall()


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    folder = tmp_path / "bench"
    folder.mkdir()
    return Bench(folder)


@pytest.fixture
def make_site(tmp_path: Path) -> Callable[..., Site]:
    def make(**overrides: Any) -> Site:
        limits = {"threads": 1, "memory_limit": "512MB", "pseudonym_key": "a key for the tests only"}
        settings = load_settings(home=tmp_path / "home", zone=ZONE, **(limits | overrides))
        settings.make_folders()
        return Site(settings)

    return make


class InProcessParser:
    """Parses without a child process, which costs a second to start; test_parser_process.py tests the real one."""

    def __init__(self, memory_bytes: int, seconds: float) -> None:
        self.limits = (memory_bytes, seconds)
        self.is_abandoned = False

    def __enter__(self) -> "InProcessParser":
        return self

    def __exit__(self, *_: object) -> None: ...

    def abandon(self) -> None:
        self.is_abandoned = True

    def parse(self, job: ParsingJob) -> ParsedFile:
        return parse_file(job, "1GB")

    def read_correction(self, job: CorrectionJob) -> CorrectedRows:
        return read_correction(job, "1GB")


@pytest.fixture
def site(make_site: Callable[..., Site], monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setattr("landing.delivery.Parser", InProcessParser)
    return make_site()
