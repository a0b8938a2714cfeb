"""`aftercare map`: what it writes, what it prints, what it refuses."""

import json
from pathlib import Path
from typing import Any

import pytest

from landing.mapping import UndecidedError, load_mappings
from landing.wizard.saving import mapping_path, save_mapping
from orchestration.commands.mapping import run_map
from warehouse.errors import MappingError

DECIDED = "ticket id,opened at,status\nT1,25/06/2025 08:00,Closed\nT2,26/06/2025 09:00,Open\nT3,,Open\n"
UNDECIDED = DECIDED.replace("25/06", "05/06").replace("26/06", "07/08")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Return a function that runs the command on one file."""
    monkeypatch.setenv("AFTERCARE_HOME", str(tmp_path / "home"))

    def command(content: str, **options: Any) -> None:
        file = tmp_path / "tickets.csv"
        file.write_text(content, encoding="utf-8")
        defaults = {"output": None, "check": False, "mapping": None, "system": None, "language": "en", "force": False}
        run_map([file], **(defaults | {"as_json": False} | options))

    return command


def test_a_proposal_is_written_tried_and_never_overwritten(run, tmp_path: Path, capsys) -> None:
    output = tmp_path / "sources" / "desk.yml"
    run(DECIDED, output=output, check=True)
    printed = capsys.readouterr().out
    assert f"wrote {output}: 1 entries, 0 to decide" in printed
    assert "tickets.csv → crm.tickets (entry 1): 2 of 3 rows, 1 quarantined" in printed
    assert "25/06/2025 08:00 → 2025-06-25 00:00:00Z" in printed
    assert "1 rows to quarantine: missing_required in opened_at" in printed
    assert printed.rstrip().endswith("nothing was landed")
    assert load_mappings(output)[0].tables[0].columns["opened_at"].format == ("%d/%m/%Y %H:%M",)
    assert not list((tmp_path / "home" / "temp").iterdir())
    with pytest.raises(MappingError, match=r"desk\.yml exists"):
        run(DECIDED, output=output)


def test_a_decision_is_printed_and_the_mapping_is_refused_until_it_is_taken(run, tmp_path: Path, capsys) -> None:
    output = tmp_path / "desk.yml"
    run(UNDECIDED, output=output)
    assert 'opened_at: format: DECIDE: "%d/%m/%Y %H:%M" or "%m/%d/%Y %H:%M"' in capsys.readouterr().out
    with pytest.raises(UndecidedError, match=r"desk\.yml: there is one decision to take"):
        load_mappings(output)
    output.write_text(output.read_text(encoding="utf-8").replace("CHOOSE}", '"%m/%d/%Y %H:%M"}'), encoding="utf-8")
    run(UNDECIDED, mapping=output, check=True)
    assert "2 of 3 rows" in capsys.readouterr().out


def test_machines_get_all_of_it_as_json(run, capsys) -> None:
    run(DECIDED, check=True, as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert (told["system"], told["entries"], told["decide"]) == ("tickets", 1, 0)
    (file,) = told["check"]
    assert file["entries"][0]["problems"][0]["code"] == "missing_required"
    assert "system: tickets" in told["mapping"]


@pytest.mark.parametrize("name", ["../x", "", ".hidden", "a b", "a/b", "x" * 80, "a\n"])
def test_names_that_are_no_file_names_are_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="no name of a mapping"):
        mapping_path(tmp_path, name)


def test_saving_is_whole_and_replaces_only_when_told(tmp_path: Path) -> None:
    path = mapping_path(tmp_path / "sources", "desk")
    save_mapping(path, "system: a\n")
    with pytest.raises(MappingError, match="exists already"):
        save_mapping(path, "system: b\n")
    assert path.read_text(encoding="utf-8") == "system: a\n"
    save_mapping(path, "system: b\n", replace=True)
    assert path.read_text(encoding="utf-8") == "system: b\n"
    assert [file.name for file in path.parent.iterdir()] == ["desk.yml"]
