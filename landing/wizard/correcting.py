"""What a person says instead of a proposal, column by column."""

from dataclasses import dataclass, field, replace
from typing import Any

from landing.wizard.fitting import Fit
from landing.wizard.forms import ColumnProposal, propose_column
from landing.wizard.looking import TableLook
from warehouse.contract import Contract


@dataclass(frozen=True)
class Correction:
    """Another source column (None leaves the contract column out), another format, other codes for texts.

    What is None or not in `values` stays as it was found.
    """

    source: str | None
    format: str | None = None
    values: dict[str, str | None] = field(default_factory=dict)


#: Corrections by contract and contract column.
Corrections = dict[tuple[str, str], Correction]


def correct_columns(
    columns: tuple[ColumnProposal, ...], look: TableLook, contract: Contract, corrections: Corrections
) -> tuple[ColumnProposal, ...]:
    """Return the columns of an entry with the corrections of its contract, in the order of the contract."""
    by_name = {column.column: column for column in columns}
    known = {profile.name for profile in look.columns}
    for (target, name), correction in corrections.items():
        if target != contract.name or (correction.source is not None and correction.source not in known):
            continue
        if correction.source is None:
            by_name.pop(name, None)
        else:
            by_name[name] = _corrected(by_name.get(name), name, look, contract, correction)
    return tuple(by_name[name] for name in contract.column_names if name in by_name)


def _corrected(
    proposed: ColumnProposal | None, name: str, look: TableLook, contract: Contract, correction: Correction
) -> ColumnProposal:
    source = correction.source or ""
    column = proposed
    if column is None or column.sources != (source,):
        column = propose_column(Fit(contract.column(name), look.column(source), 1.0, 1.0, ""), look)
    form: dict[str, Any] = dict(column.form)
    notes = column.notes
    if correction.format:
        form["format"] = correction.format
        notes = tuple(note for note in notes if note.kind != "decide")
    if correction.values:
        form["values"] = form.get("values", {}) | correction.values
    decided = set(correction.values)
    doubts = {text: note for text, note in column.value_notes.items() if text not in decided}
    return replace(column, form=form, notes=notes, value_notes=doubts)
