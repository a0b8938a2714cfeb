"""A ticket table with several rows per ticket is a log: its last rows are the tickets, its changes are the events."""

from typing import Any

from landing.wizard.forms import ColumnProposal
from landing.wizard.looking import TableLook
from landing.wizard.notes import Note
from landing.wizard.proposal import EntryProposal
from landing.wizard.sql_names import column_sql, is_one_of

_EVENT_PLACES = {
    "created": 0,
    "reopened": 1,
    "assigned": 2,
    "transferred": 2,
    "status_changed": 3,
    "resolved": 4,
    "closed": 5,
}


def log_entries(
    table: TableLook, columns: tuple[ColumnProposal, ...], key: str, joins: tuple[Note, ...]
) -> list[EntryProposal]:
    """Return the tickets of a log and the events that its changes are."""
    by_name = {column.column: column for column in columns}
    profile = table.column(key)
    constant = table.facts_of.get(key, ())
    changed = by_name.get("updated_at")
    is_log = changed is not None and changed.sources and changed.sources[0] not in constant
    fold: dict[str, Any] = {"key": key, "keep": "last"}
    each = profile.filled / max(profile.distinct, 1)
    if not is_log:
        note = Note(
            "guess",
            f"{key} repeats, {each:.1f} rows each, and no column tells when a row was changed: the last row counts",
            f"“{key}”重复（平均 {each:.1f} 行），且没有变更时间列：取最后一行",
        )
        return [EntryProposal("crm.tickets", table, "delta", columns, (note, *joins), None, fold)]
    notes = [
        Note(
            "certain",
            f"a log of changes: {profile.filled} rows for {profile.distinct} tickets, {each:.1f} each; the last row in "
            "the order of the file is how a ticket stands",
            f"变更日志：{profile.distinct} 个工单共 {profile.filled} 行，平均 {each:.1f} 行；"
            "按文件顺序最后一行为工单现状",
        ),
        *joins,
    ]
    tickets = EntryProposal("crm.tickets", table, "log", columns, tuple(notes), None, fold)
    return [tickets, *_events(table, by_name, key)]


def _events(table: TableLook, columns: dict[str, ColumnProposal], key: str) -> list[EntryProposal]:
    changed = columns["updated_at"]
    entries = []
    if "opened_at" in columns:
        entries.append(
            _event(table, columns, key, "created", columns["opened_at"], ("status", "priority", "region_id"),
                   fold={"key": key, "keep": "first"}, sequence="min(_row_number) * 10")
        )  # fmt: skip
    quoted = column_sql(key)
    over = f"over (partition by {quoted} order by _row_number)"
    if "team_id" in columns:
        team = column_sql(columns["team_id"].sources[0])
        before = f"lag({team} ignore nulls) {over}"
        person = column_sql(columns["agent_id"].sources[0]) if "agent_id" in columns else None
        first = f"{team} is not null and {before} is null"
        handed = f" or ({team} = {before} and {person} is distinct from lag({person}) {over})" if person else ""
        entries.append(
            _event(table, columns, key, "assigned", changed, ("team_id", "agent_id"), where=f"({first}){handed}")
        )
        entries.append(
            _event(table, columns, key, "transferred", changed, ("team_id", "agent_id"), where=f"{team} <> {before}")
        )
    elif "agent_id" in columns:
        person = column_sql(columns["agent_id"].sources[0])
        where = f"{person} is not null and {person} is distinct from lag({person} ignore nulls) {over}"
        entries.append(_event(table, columns, key, "assigned", changed, ("agent_id",), where=where))
    if "status" in columns:
        entries += _status_events(table, columns, key, over)
    return entries


def _status_events(table: TableLook, columns: dict[str, ColumnProposal], key: str, over: str) -> list[EntryProposal]:
    changed, status = columns["updated_at"], columns["status"]
    codes = status.form.get("values") or {value: value for value, _ in table.column(status.sources[0]).top}
    meaning = {code: tuple(text for text, target in codes.items() if target == code) for code in set(codes.values())}
    unknown = tuple(text for text, target in codes.items() if target is None)
    name = column_sql(status.sources[0])
    # a text without known meaning is passed over: a status is compared with the last one known before it
    known = f"case when not ({is_one_of(name, unknown)}) then {name} end" if unknown else name
    before = f"lag({known} ignore nulls) {over}"
    entries = [_event(table, columns, key, "status_changed", changed, ("status",), where=f"{known} <> {before}")]
    resolved, closed = meaning.get("resolved", ()), meaning.get("closed", ())
    done = (*resolved, *closed)
    people = ("team_id", "agent_id")
    if done:
        window = over[:-1] + " rows between unbounded preceding and 1 preceding)"
        never = f"not coalesce(bool_or({is_one_of(name, done)}) {window}, false)"
        into = [f"({is_one_of(name, resolved)} and ({is_one_of(before, resolved)}) is not true)"] if resolved else []
        into += [f"({is_one_of(name, closed)} and {never})"] if closed else []
        entries.append(
            _event(table, columns, key, "resolved", changed, people, where=" or ".join(into), status="resolved")
        )
        entries.append(
            _event(table, columns, key, "reopened", changed, ("status",),
                   where=f"not ({is_one_of(known, done)}) and {is_one_of(before, done)}")
        )  # fmt: skip
    if closed:
        where = f"{is_one_of(name, closed)} and ({is_one_of(before, closed)}) is not true"
        entries.append(_event(table, columns, key, "closed", changed, (), where=where, status="closed"))
    return entries


def _event(
    table: TableLook,
    columns: dict[str, ColumnProposal],
    key: str,
    kind: str,
    moment: ColumnProposal,
    carried: tuple[str, ...],
    *,
    where: str | None = None,
    fold: dict[str, Any] | None = None,
    sequence: str | None = None,
    status: str | None = None,
) -> EntryProposal:
    """An event of one kind; several of one row keep their order by their sequence."""
    place = _EVENT_PLACES[kind]
    proposals = [
        ColumnProposal("ticket_id", {"from": key}),
        ColumnProposal("event_type", {"const": kind}),
        ColumnProposal("occurred_at", moment.form),
        ColumnProposal("sequence", {"expr": sequence or f"_row_number * 10 + {place}"}),
    ]
    if status:
        proposals.append(ColumnProposal("status", {"const": status}))
    proposals += [ColumnProposal(name, columns[name].form) for name in carried if name in columns]
    return EntryProposal("crm.ticket_events", table, "log", tuple(proposals), (), where, fold)
