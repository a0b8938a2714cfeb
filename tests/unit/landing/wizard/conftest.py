"""The wizard without its child process: bytes in, proposal, text and trial out."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from landing.landing_folder import match_file
from landing.mapping import contract_mapping, read_mapping
from landing.mapping_model import Mapping
from landing.parsing_job import ParsingJob
from landing.wizard.looking import FileLook, LookJob, look_at_file
from landing.wizard.proposal import Proposal
from landing.wizard.proposing import propose
from landing.wizard.trying import TriedFile, TryJob, try_file
from landing.wizard.yaml_text import write_mapping
from warehouse.pseudonyms import PseudonymKey

FIXTURES = Path(__file__).parents[3] / "fixtures"
ZONE = "Asia/Shanghai"


@dataclass(frozen=True)
class Wizard:
    """A folder of files that the wizard is shown."""

    folder: Path

    def write(self, name: str, content: bytes | str) -> Path:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def look(self, path: Path) -> FileLook:
        working = self.folder / f"working_{path.name}"
        working.mkdir(exist_ok=True)
        return look_at_file(LookJob(path, path.name, working, 1), "1GB")

    def propose(self, *paths: Path, **options: Any) -> Proposal:
        return propose(tuple(self.look(path) for path in paths), ZONE, **options)

    def of(self, content: bytes | str, name: str = "tickets.csv", **options: Any) -> Proposal:
        return self.propose(self.write(name, content), **options)

    def mapping(self, proposal: Proposal) -> Mapping:
        return read_mapping(write_mapping(proposal, "en"), Path("proposed.yml"))

    def try_out(self, path: Path, mapping: Mapping) -> TriedFile:
        (match,) = match_file(path.name, (mapping,), contract_mapping(ZONE))
        working = self.folder / f"trying_{path.name}"
        working.mkdir(exist_ok=True)
        key = PseudonymKey("36" * 64, "5c" * 64)
        return try_file(TryJob(ParsingJob(path, path.name, mapping, match.entries, ZONE, working, key, 1)), "1GB")


@pytest.fixture
def wizard(tmp_path: Path) -> Wizard:
    return Wizard(tmp_path)


@pytest.fixture
def document() -> Callable[[Proposal], dict[str, Any]]:
    """Return a function that reads the text of a proposal back as YAML."""
    return lambda proposal: yaml.safe_load(write_mapping(proposal, "en"))


def columns_of(proposal: Proposal, contract: str) -> dict[str, Any]:
    """The first entry of a contract: forms by contract column, bare names where only `from` is said."""
    entry = next(entry for entry in proposal.entries if entry.contract == contract)
    return {c.column: c.form["from"] if set(c.form) == {"from"} else c.form for c in entry.columns}
