"""What is wrong with the demo's extracts on purpose: every kind of dirt that real ones carry, counted."""

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from demo.clock import HOUR, NEVER, Window
from demo.columns import instants

#: Share of the rows that some contracts repeat identically; the small ones stay clean.
IDENTICAL_SHARE = 0.003
IDENTICAL_IN = (
    "crm.tickets",
    "crm.ticket_events",
    "crm.customers",
    "erp.work_orders",
    "erp.parts_requests",
    "survey.responses",
)
#: Contract → optional column → a value that does not belong there; BAD_CELL_SHARE of its filled cells.
BAD_CELLS = {
    "crm.tickets": {"channel": "fax", "reopened_count": "n/a"},
    "crm.customers": {"registered_at": "2025-13-40"},
    "erp.work_orders": {"labour_hours": "two"},
    "survey.responses": {"csat_score": "130"},
}
BAD_CELL_SHARE = 0.003
#: Rows of each of the kinds below, in the history of a contract; small demos get fewer.
HANDFUL, TICKETS_PER_HANDFUL_ROW = 3, 300
#: Contract → required column that some extra rows leave empty (such rows are quarantined).
EMPTY_REQUIRED = {"crm.tickets": "opened_at", "crm.ticket_events": "occurred_at", "survey.responses": "response_id"}
#: Contracts with extra rows whose ticket does not exist.
ORPHANS = ("crm.ticket_events", "survey.responses")
#: Contract → two instants that some rows have the wrong way round.
SWAPPED = {"erp.work_orders": ("requested_at", "arrived_at"), "survey.responses": ("invited_at", "responded_at")}
#: Customers that the snapshot lists twice, with different telephone numbers.
CONFLICTING_ROWS = 2
#: Old versions of tickets that arrive again with the last delivery.
LATE_ROWS = 5
OUT_OF_ORDER_SEQUENCE = 900


def _with_column(table: pa.Table, name: str, values: pa.Array) -> pa.Table:
    return table.set_column(table.column_names.index(name), name, values)


def _replaced(table: pa.Table, name: str, rows: np.ndarray, value: str | None) -> pa.Table:
    mask = np.zeros(table.num_rows, dtype=bool)
    mask[rows] = True
    return _with_column(table, name, pc.if_else(pa.array(mask), pa.scalar(value, pa.string()), table[name]))


@dataclass
class Dirt:
    """Spoils tables on their way into files and counts what it did, by kind.

    `window` gives an instant before the first ticket, `tickets` the size of the demo.
    """

    window: Window
    tickets: int
    random: np.random.Generator
    counts: Counter[str] = field(default_factory=Counter)
    _given: set[tuple[str, str]] = field(default_factory=set)

    @property
    def handful(self) -> int:
        return min(HANDFUL, self.tickets // TICKETS_PER_HANDFUL_ROW)

    def spoil(self, contract: str, table: pa.Table, *, is_history: bool = True) -> pa.Table:
        """Return the table with its dirt; the handfuls go into the first table of the history that can carry them."""
        if not table.num_rows:
            return table
        for column, value in BAD_CELLS.get(contract, {}).items():
            filled = table[column].is_valid().to_numpy(zero_copy_only=False)
            rows = np.flatnonzero(filled & (self.random.random(table.num_rows) < BAD_CELL_SHARE))
            table = _replaced(table, column, rows, value)
            self.counts[f"bad cell {contract}.{column}"] += len(rows)
        if is_history and contract in SWAPPED:
            table = self._swap(contract, table)
        extra = [table]
        if contract in IDENTICAL_IN:
            repeated = np.flatnonzero(self.random.random(table.num_rows) < IDENTICAL_SHARE)
            self.counts[f"identical row {contract}"] += len(repeated)
            extra.append(table.take(pa.array(repeated)))
        if is_history and table.num_rows >= 2 * HANDFUL:
            extra.extend(self._handfuls(contract, table))
        return pa.concat_tables(extra)

    def late(self, contract: str, old: pa.Table, delivered: pa.Table) -> pa.Table:
        """Return old versions of tickets, of which the last delivery has none; LATE_ROWS in the whole run."""
        absent = pc.invert(pc.is_in(old["ticket_id"], value_set=delivered["ticket_id"].combine_chunks()))
        stale = old.filter(absent).slice(0, LATE_ROWS - self.counts[f"late row {contract}"])
        self.counts[f"late row {contract}"] += stale.num_rows
        return stale

    def conflict(self, contract: str, table: pa.Table, column: str) -> pa.Table:
        """Return the table with a few rows of a known key and a different value in `column`, at most 0.2 %."""
        number = min(CONFLICTING_ROWS, table.num_rows // 500)
        rows = table.slice(7, number)
        other = pa.array([f"129{index:08d}" for index in range(number)], type=pa.string())
        self.counts[f"conflicting row {contract}"] += number
        return pa.concat_tables([table, _with_column(rows, column, other)])

    def _swap(self, contract: str, table: pa.Table) -> pa.Table:
        first, second = SWAPPED[contract]
        both = pc.and_(table[first].is_valid(), table[second].is_valid()).to_numpy(zero_copy_only=False)
        rows = np.flatnonzero(both)[: self.handful]
        if (contract, "swap") in self._given or len(rows) < self.handful:
            return table
        self._given.add((contract, "swap"))
        self.counts[f"negative duration {contract}"] += len(rows)
        mask = np.zeros(table.num_rows, dtype=bool)
        mask[rows] = True
        swapped = _with_column(table, first, pc.if_else(pa.array(mask), table[second], table[first]))
        return _with_column(swapped, second, pc.if_else(pa.array(mask), table[first], table[second]))

    def _handfuls(self, contract: str, table: pa.Table) -> list[pa.Table]:
        if (contract, "handfuls") in self._given or not self.handful:
            return []
        self._given.add((contract, "handfuls"))
        some = table.slice(0, self.handful)
        every = np.arange(some.num_rows)
        key = table.column_names[0]
        extra = []
        if contract in EMPTY_REQUIRED:
            empty = EMPTY_REQUIRED[contract]
            rows = _with_column(some, key, self._names("BAD", some.num_rows))
            extra.append(_replaced(rows, empty, every, None))
            self.counts[f"empty required {contract}.{empty}"] += some.num_rows
        if contract in ORPHANS:
            rows = _with_column(some, "ticket_id", self._names("ORPHAN", some.num_rows))
            extra.append(
                rows if key == "ticket_id" else _with_column(rows, key, self._names("SV-ORPHAN", some.num_rows))
            )
            self.counts[f"orphan {contract}"] += some.num_rows
        if contract == "crm.ticket_events":
            extra.extend(self._wrong_times(table))
        return extra

    def _wrong_times(self, events: pa.Table) -> list[pa.Table]:
        """One event before its ticket was opened, and one whose number is too high for its instant."""
        answer = events.filter(pc.equal(events["event_type"], "first_response")).slice(0, 1)
        before = instants(np.array([self.window.start - HOUR]), NEVER)[0].as_py()
        first = np.array([0])
        early = _replaced(_replaced(answer, "occurred_at", first, before), "sequence", first, None)
        closed = events.filter(pc.equal(events["event_type"], "closed")).slice(0, 1)["ticket_id"]
        created = pc.and_(
            pc.equal(events["event_type"], "created"), pc.is_in(events["ticket_id"], value_set=closed.combine_chunks())
        )
        message = _replaced(events.filter(created).slice(0, 1), "event_type", first, "responded")
        out_of_order = _replaced(message, "sequence", first, str(OUT_OF_ORDER_SEQUENCE))
        self.counts["event before opening crm.ticket_events"] += early.num_rows
        self.counts["event out of order crm.ticket_events"] += out_of_order.num_rows
        return [early, out_of_order]

    @staticmethod
    def _names(prefix: str, count: int) -> pa.Array:
        return pa.array([f"{prefix}-{index + 1}" for index in range(count)], type=pa.string())
