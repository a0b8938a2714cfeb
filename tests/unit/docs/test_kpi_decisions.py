"""The page of decisions about numbers knows every ruling and every KPI that the catalogue names."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "kpi_decisions.md").read_text(encoding="utf-8")

#: The last ruling of each letter; the page carries all of them, whether or not a KPI names them.
LAST_RULINGS = {"A": 17, "B": 21, "C": 8, "D": 20, "E": 9, "F": 10, "G": 9}

_COHORT_ROW = re.compile(r"^\| (`[^|]+`) \| `(\w+)` \|", re.MULTILINE)
_TABLE_ROW = re.compile(r"^\| \*\*(?P<decision>.+?)\*\* \((?P<ids>[^)]*)\) \|", re.MULTILINE)


@pytest.fixture(scope="module")
def kpis() -> list[dict[str, Any]]:
    path = ROOT / "dbt_project" / "models" / "marts" / "kpi" / "_kpi_catalogue.yml"
    with path.open(encoding="utf-8") as file:
        # the C loader is a safe one, and ten times as fast
        catalogue = yaml.load(file, Loader=yaml.CSafeLoader)
    entries: list[dict[str, Any]] = catalogue["models"][0]["config"]["meta"]["kpis"]
    return entries


def explained_rulings() -> set[str]:
    """Return the ids that head an entry of the page; ids in the text of an entry explain nothing."""
    return {ruling for row in _TABLE_ROW.finditer(PAGE) for ruling in row["ids"].split(", ")}


def test_every_ruling_is_explained() -> None:
    rulings = {f"{letter}{number}" for letter, last in LAST_RULINGS.items() for number in range(1, last + 1)}
    assert rulings - explained_rulings() == set()


def test_every_ruling_that_a_kpi_names_is_explained(kpis: list[dict[str, Any]]) -> None:
    named = {ruling for kpi in kpis for ruling in kpi["rulings"]}
    assert named - explained_rulings() == set()


def test_every_kpi_has_its_cohort(kpis: list[dict[str, Any]]) -> None:
    listed = [(key, cohort) for keys, cohort in _COHORT_ROW.findall(PAGE) for key in re.findall(r"`(\w+)`", keys)]
    assert sorted(listed) == sorted((kpi["key"], kpi["cohort_basis"]) for kpi in kpis)
