"""Logs of field changes (field, old value, new value, as Salesforce and Jira keep them) as events of tickets."""

from typing import Any

from landing.wizard.fitting import fit_table
from landing.wizard.forms import ColumnProposal, propose_column
from landing.wizard.looking import TableLook
from landing.wizard.notes import Note
from landing.wizard.profiles import ColumnProfile, shared_part
from landing.wizard.proposal import EntryProposal
from landing.wizard.sql_names import column_sql, is_one_of
from landing.wizard.vocabulary import code_of, history_part
from warehouse.contract import get_contract


def field_history_entries(table: TableLook, tables: list[TableLook]) -> list[EntryProposal]:
    """Return the events of a log of field changes; none when the table is no such log."""
    parts = {
        part: next((c for c in table.columns if history_part(part, c.name)), None) for part in ("field", "old", "new")
    }
    contract = get_contract("crm.ticket_events")
    field, old, new = (parts[name] for name in ("field", "old", "new"))
    if field is None or old is None or new is None:
        return []
    fits = fit_table(table, contract)
    if "occurred_at" not in fits or "ticket_id" not in fits:
        return []
    ticket, note = _ticket(table, tables, fits["ticket_id"].profile)
    moment = propose_column(fits["occurred_at"], table)
    base = [
        ColumnProposal("ticket_id", {"from": ticket.name}, note),
        ColumnProposal("occurred_at", moment.form, moment.notes),
    ]
    entries = []
    about = {
        part: [value for value, _ in field.top if history_part(part, value)]
        for part in ("status", "team", "agent", "priority")
    }
    created = [value for value, _ in field.top if value.lower() in ("created", "create")]
    if created:
        entries.append(_event(table, base, "created", is_one_of(column_sql(field.name), created)))
    if about["status"]:
        entries += _status_events(table, base, is_one_of(column_sql(field.name), about["status"]), old, new, tables)
    for part, column in (("team", "team_id"), ("agent", "agent_id")):
        if about[part]:
            where = f"{is_one_of(column_sql(field.name), about[part])} and {column_sql(new.name)} is not null"
            kind = "transferred" if part == "team" else "assigned"
            if part == "team":
                where += f" and {column_sql(old.name)} is not null"
            doubt = Note(
                "guess", f"the new value is taken for the {part}", f"新值视为{'班组' if part == 'team' else '人员'}"
            )
            entries.append(_event(table, base, kind, where, [ColumnProposal(column, {"from": new.name}, (doubt,))]))
    return entries


def _ticket(
    table: TableLook, tables: list[TableLook], default: ColumnProfile
) -> tuple[ColumnProfile, tuple[Note, ...]]:
    """The column that holds keys of another file's rows, if there is one."""
    for other in tables:
        keys = fit_table(other, get_contract("crm.tickets")).get("ticket_id") if other is not table else None
        for column in (default, *table.columns) if keys else ():
            if column.is_moment or not keys or shared_part(column, keys.profile) < 0.8:
                continue
            return column, (
                Note(
                    "certain",
                    f"holds the values of {keys.profile.name} in {other.file_name}",
                    f"值与 {other.file_name} 的“{keys.profile.name}”一致",
                ),
            )
    return default, ()


def _status_events(
    table: TableLook, base: list[ColumnProposal], is_status: str, old: ColumnProfile, new: ColumnProfile,
    tables: list[TableLook],
) -> list[EntryProposal]:  # fmt: skip
    """Statuses are those of the tickets where another file tells them, else what the log's values can be."""
    tickets = [fit_table(other, get_contract("crm.tickets")).get("status") for other in tables if other is not table]
    known = {value for fit in tickets if fit for value, _ in fit.profile.top}
    texts = [value for value, _ in new.top if value in known or code_of("status", value)]
    texts += [value for value, _ in old.top if value not in texts and (value in known or code_of("status", value))]
    values: dict[str, Any] = {text: code_of("status", text) for text in sorted(texts)}
    doubts = {
        text: Note("open", "no known meaning, so unknown until you choose", "含义未知，在您选择之前按未知处理")
        for text, code in values.items()
        if code is None
    }
    status = ColumnProposal("status", {"from": new.name, "values": values, "otherwise": None}, (), doubts)
    done = [text for text, code in values.items() if code in ("resolved", "closed")]
    entries = [_event(table, base, "status_changed", is_status, [status])]
    if done:
        now, before = (is_one_of(column_sql(column.name), done) for column in (new, old))
        closed = [text for text in done if values[text] == "closed"]
        entries.append(
            _event(table, base, "resolved", f"{is_status} and {now} and ({before}) is not true",
                   [ColumnProposal("status", {"const": "resolved"})])
        )  # fmt: skip
        entries.append(_event(table, base, "reopened", f"{is_status} and {before} and ({now}) is not true", [status]))
        if closed:
            now, before = (is_one_of(column_sql(column.name), closed) for column in (new, old))
            entries.append(
                _event(table, base, "closed", f"{is_status} and {now} and ({before}) is not true",
                       [ColumnProposal("status", {"const": "closed"})])
            )  # fmt: skip
    return entries


def _event(
    table: TableLook, base: list[ColumnProposal], kind: str, where: str, more: list[ColumnProposal] | None = None
) -> EntryProposal:
    columns = (base[0], ColumnProposal("event_type", {"const": kind}), base[1], *(more or ()))
    return EntryProposal("crm.ticket_events", table, "log", columns, (), where)
