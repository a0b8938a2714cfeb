"""What the wizard proposes for a set of files: a mapping as plain values, with what is doubtful about each part."""

from dataclasses import dataclass, field
from typing import Any

from landing.wizard.forms import ColumnProposal
from landing.wizard.looking import FileLook, TableLook
from landing.wizard.notes import Note


@dataclass(frozen=True)
class EntryProposal:
    """One contract fed from one table; `where` and `one_row_per` as in a mapping."""

    contract: str
    look: TableLook
    delivery: str
    columns: tuple[ColumnProposal, ...]
    notes: tuple[Note, ...] = ()
    where: str | None = None
    one_row_per: dict[str, Any] | None = None

    def column(self, name: str) -> ColumnProposal | None:
        """Return the proposal of a contract column, None when there is none."""
        return next((column for column in self.columns if column.column == name), None)


@dataclass(frozen=True)
class LeftOut:
    """A source column that nothing is made of, and why; examples are masked where they may be personal."""

    look: TableLook
    column: str
    fill_share: float
    examples: tuple[str, ...]
    reason: Note
    personal: str | None = None


@dataclass(frozen=True)
class Proposal:
    """A mapping to be."""

    system: str
    time_zone: str
    entries: tuple[EntryProposal, ...]
    left_out: tuple[LeftOut, ...]
    notes: tuple[Note, ...] = ()
    looks: tuple[FileLook, ...] = field(default=(), repr=False)

    @property
    def decisions(self) -> int:
        """How many things a person must decide before the mapping loads."""
        columns = [column for entry in self.entries for column in entry.columns]
        notes = [*self.notes, *(note for entry in self.entries for note in entry.notes)]
        return sum(column.kind == "decide" for column in columns) + sum(note.kind == "decide" for note in notes)
