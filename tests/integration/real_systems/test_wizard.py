"""The wizard on the real extracts, measured against the presets that people wrote for them."""

from pathlib import Path

import pytest

from landing.expressions import check_expression
from landing.mapping import load_mappings
from landing.wizard.looking import LookJob, look_at_file
from landing.wizard.proposal import Proposal
from landing.wizard.proposing import propose
from tests.integration.real_systems.published_alone import CHECKOUT, DATA

FILES = {
    "servicenow_incidents": DATA / "servicenow_incidents" / "incident_events.csv.gz",
    "field_work_orders": DATA / "field_work_orders" / "sampledataworkorders.xlsx",
    "support_csat": DATA / "support_csat" / "tickets_with_csat.csv.gz",
}
#: Columns of the presets, by preset: right, wrong, left open. More right is better; none may be wrong.
FIGURES = {"servicenow_incidents": (57, 0, 0), "field_work_orders": (13, 0, 1), "support_csat": (22, 0, 8)}

for _file in FILES.values():
    if not _file.is_file():
        pytest.skip(f"the real extracts are not here: {_file}", allow_module_level=True)


def _proposed(proposal: Proposal) -> dict[tuple[str, str, str], set[str]]:
    """Source columns by contract, kind of event and contract column."""
    found: dict[tuple[str, str, str], set[str]] = {}
    for entry in proposal.entries:
        kind = entry.column("event_type")
        event = str(kind.form.get("const")) if kind else ""
        for column in entry.columns:
            expr = column.form.get("expr")
            sources = set(check_expression(expr).columns) if expr else set(column.sources)
            found[(entry.contract, event, column.column)] = sources or {repr(column.form.get("const"))}
    return found


def _wanted(preset: str) -> dict[tuple[str, str, str], set[str]]:
    (mapping,) = load_mappings(CHECKOUT / "sources" / "presets" / f"{preset}.yml")
    wanted: dict[tuple[str, str, str], set[str]] = {}
    for entry in mapping.tables:
        kind = entry.columns.get("event_type")
        event = str(kind.const) if kind else ""
        for name, form in entry.columns.items():
            sources = set(form.source_columns) or {repr(form.const)}
            wanted.setdefault((entry.contract, event, name), set()).update(sources)
    return wanted


def measure(proposal: Proposal, preset: str) -> tuple[list[str], list[str], list[str]]:
    """Columns of a preset that the wizard proposes from the same source columns, from others, and not at all."""
    proposed, wanted = _proposed(proposal), _wanted(preset)
    right, wrong, left_open = [], [], []
    for key, sources in wanted.items():
        mine = proposed.get(key)
        target = left_open if mine is None else right if mine & sources else wrong
        target.append(" ".join(part for part in key if part))
    return right, wrong, left_open


@pytest.mark.parametrize("preset", FILES)
def test_the_wizard_finds_what_people_found(preset: str, tmp_path: Path) -> None:
    path = FILES[preset]
    proposal = propose((look_at_file(LookJob(path, path.name, tmp_path, 2), "2GB"),), "Asia/Shanghai")
    assert proposal.decisions == 0
    right, wrong, left_open = measure(proposal, preset)
    assert wrong == []
    assert (len(right), len(wrong), len(left_open)) == FIGURES[preset], left_open
