"""From looks at files to a mapping: which contracts they feed, with which columns, in which shape."""

import re
import unicodedata
from dataclasses import replace

from landing.wizard.correcting import Corrections, correct_columns
from landing.wizard.fitting import Fit, fit_table
from landing.wizard.forms import ColumnProposal, lost_time_of_day, propose_column
from landing.wizard.history_entries import field_history_entries
from landing.wizard.leftovers import left_out
from landing.wizard.log_entries import log_entries
from landing.wizard.looking import FileLook, TableLook
from landing.wizard.notes import Note
from landing.wizard.profiles import shared_part
from landing.wizard.proposal import EntryProposal, Proposal
from landing.wizard.side_entries import side_entries
from landing.wizard.sql_names import column_sql, is_one_of
from landing.wizard.vocabulary import boolean_of, match_name, normal_name, system_of, table_score
from warehouse.contract import Contract, get_contract, load_contracts

#: A table feeds a contract for whose rows it stands only if the evidence adds up to this.
_LEAST_EVIDENCE = 1.5
_SAME_THINGS = 0.8
#: Columns of a contract in the order in which things happen.
_ORDER = {
    "crm.tickets": ("opened_at", ("first_response_at", "resolved_at", "closed_at", "updated_at")),
    "erp.work_orders": ("requested_at", ("accepted_at", "departed_at", "arrived_at", "completed_at")),
    "survey.responses": ("invited_at", ("responded_at",)),
}


def propose(
    looks: tuple[FileLook, ...], zone: str, system: str | None = None, corrections: Corrections | None = None
) -> Proposal:
    """Return the mapping that fits the files, with its doubts; the same files always give the same proposal.

    `corrections` are what a person says instead.

    `entries` is empty when no contract fits: the notes say so.
    """
    tables = [table for look in looks for table in look.tables]
    primary = _primaries(tables)
    names = tuple(column.name for table in tables for column in table.columns)
    entries: list[EntryProposal] = []
    notes: list[Note] = []
    for table in tables:
        history = field_history_entries(table, tables)
        if history:
            entries += history
            continue
        contract = primary.get(id(table))
        if contract is None:
            continue
        decided, joins = _joined(table, contract, tables, primary)
        entries += _entries(table, contract, decided, joins, corrections or {})
    if not entries:
        notes.append(
            Note(
                "decide",
                "no contract table fits these columns: see warehouse/contracts, and write the entries by hand",
                "没有契约表符合这些列：请参考 warehouse/contracts 手工编写",
            )
        )
    if any(_uses_local_time(entry) for entry in entries):
        notes.append(
            Note(
                "assumption",
                f"times without zone are taken as local time of {zone}: change time_zone if the system exports others",
                f"不带时区的时间按 {zone} 的当地时间处理；如果系统导出其他时区，请修改 time_zone",
            )
        )
    chosen = system or system_of(names) or _system_name(looks[0].file_name, entries)
    return Proposal(chosen, zone, tuple(entries), left_out(tables, entries), tuple(notes), looks)


def _uses_local_time(entry: EntryProposal) -> bool:
    for column in entry.columns:
        profile = next((p for p in entry.look.columns if p.name in column.sources and p.is_moment), None)
        if profile and profile.typed != "zoned" and not (profile.times and profile.times.is_zoned):
            return True
    return False


def _system_name(file_name: str, entries: list[EntryProposal]) -> str:
    stem = unicodedata.normalize("NFKC", file_name.split("/")[-1]).split(".")[0]
    name = re.sub(r"[^A-Za-z]+", "_", stem).strip("_").lower()
    source = entries[0].contract.split(".")[0] if entries else "my"
    return name if len(name) > 2 else f"{source}_export"


def _primaries(tables: list[TableLook]) -> dict[int, Contract]:
    """The contract of each table; of two tables of one contract, one that points to the other's rows is none of it."""
    primary = {id(table): found for table in tables if (found := _primary(table))}
    for table in tables:
        contract = primary.get(id(table))
        if contract and any(
            _points_to(table, other, contract) for other in tables if primary.get(id(other)) == contract
        ):
            found = _primary(table, without=contract)
            primary.pop(id(table))
            if found:
                primary[id(table)] = found
    return primary


def _points_to(table: TableLook, other: TableLook, contract: Contract) -> bool:
    """True when a column of the table, not its key, holds keys of the other table."""
    mine, theirs = (fit_table(look, contract).get(contract.key[0]) for look in (table, other))
    if other is table or mine is None or theirs is None or shared_part(mine.profile, theirs.profile) >= _SAME_THINGS:
        return False
    return any(
        shared_part(column, theirs.profile) >= _SAME_THINGS
        for column in table.columns
        if column.name != mine.profile.name
        and not column.is_moment
        # numbers are shared by chance: they need the name as well
        and (not column.numbers or match_name(column.name, contract.name, contract.key[0]))
    )


def _primary(table: TableLook, without: Contract | None = None) -> Contract | None:
    """The contract whose rows the table's rows are: its key and required columns are there, and most of the rest."""
    best: tuple[float, int, Contract] | None = None
    for position, contract in enumerate(load_contracts().values()):
        if contract is without or _is_named_otherwise(table, contract):
            continue
        fits = fit_table(table, contract)
        evidence = _evidence(table, contract, fits)
        if evidence >= _LEAST_EVIDENCE and (best is None or evidence > best[0]):
            best = (evidence, -position, contract)
    return best[2] if best else None


def _stem(table: TableLook) -> str:
    return table.options.sheet or table.file_name.split("/")[-1].split(".")[0]


def _is_named_otherwise(table: TableLook, contract: Contract) -> bool:
    """Rows of a file that is called the history of tickets are no tickets, however much they look like them."""
    return contract.name == "crm.tickets" and table_score("crm.ticket_events", _stem(table)) > 0.95


def _evidence(table: TableLook, contract: Contract, fits: dict[str, Fit]) -> float:
    """Sum of scores; a column that many contracts have says little about which of them it is."""
    needed = [name for name in contract.required_columns if name not in fits]
    key = contract.key[0]
    if needed and not (contract.name == "survey.responses" and needed == ["response_id"] and "ticket_id" in fits):
        return 0.0
    if contract.name == "survey.responses" and not {"csat_score", "nps_score"} & set(fits):
        return 0.0
    total = 0.0
    for name, fit in fits.items():
        owners = sum(name in other.column_names for other in load_contracts().values())
        total += fit.score / owners**0.5
    if key in fits and fits[key].profile.is_unique:
        total += 0.5
    if contract.name == "crm.ticket_events" and "event_type" in fits:
        total += 1.0
    total += 1.5 * table_score(contract.name, _stem(table))
    # a contract of which little is there fits worse than one of which much is there
    return total * (0.6 + 0.4 * len(fits) / max(len(contract.columns), 1))


def _joined(
    table: TableLook, contract: Contract, tables: list[TableLook], primary: dict[int, Contract]
) -> tuple[dict[str, str], tuple[Note, ...]]:
    """Columns that hold the keys of another file's rows: same things, whatever they are called."""
    decided: dict[str, str] = {}
    notes: list[Note] = []
    for other in tables:
        target = primary.get(id(other))
        if other is table or target is None or target.name == contract.name:
            continue
        key = target.key[0]
        if key not in contract.column_names or key in contract.key:
            continue
        keys = fit_table(other, target).get(key)
        if keys is None:
            continue
        sharing = [
            column
            for column in table.columns
            if shared_part(column, keys.profile) >= _SAME_THINGS
            and (match_name(column.name, contract.name, key) or column.distinct > 3)
            and not column.is_moment
        ]
        if sharing and key not in decided:
            column = max(sharing, key=lambda c: (bool(match_name(c.name, contract.name, key)), c.distinct))
            decided[key] = column.name
            notes.append(
                Note(
                    "certain",
                    f"{column.name} holds the values of {keys.profile.name} in {other.file_name}",
                    f"“{column.name}”的值与 {other.file_name} 的“{keys.profile.name}”一致",
                )
            )
    return decided, tuple(notes)


def _entries(
    table: TableLook,
    contract: Contract,
    decided: dict[str, str],
    joins: tuple[Note, ...],
    corrections: Corrections,
) -> list[EntryProposal]:
    fits = fit_table(table, contract, decided)
    columns = _columns(table, contract, fits)
    if contract.name == "survey.responses" and "response_id" not in fits:
        note = Note("guess", "no number of its own: one response per ticket", "没有单独编号：每个工单按一份答卷处理")
        key = ColumnProposal("response_id", {"from": fits["ticket_id"].profile.name}, (note,))
        columns = (key, *columns)
    columns = correct_columns(columns, table, contract, corrections)
    key_fit = fits.get(contract.key[0])
    is_repeated = bool(key_fit and not key_fit.profile.is_unique and len(contract.key) == 1)
    if contract.name == "crm.tickets" and is_repeated and key_fit:
        return [
            *log_entries(table, columns, key_fit.profile.name, joins),
            *_sides(table, columns, contract, corrections),
        ]
    entry = _plain(table, contract, columns, joins)
    if is_repeated and key_fit:
        entry = _folded(entry, key_fit)
    return [entry, *_sides(table, columns, contract, corrections)]


def _sides(
    table: TableLook, columns: tuple[ColumnProposal, ...], contract: Contract, corrections: Corrections
) -> list[EntryProposal]:
    return [
        replace(side, columns=correct_columns(side.columns, table, get_contract(side.contract), corrections))
        for side in side_entries(table, columns, contract.name)
    ]


def _columns(table: TableLook, contract: Contract, fits: dict[str, Fit]) -> tuple[ColumnProposal, ...]:
    columns = {name: propose_column(fit, table) for name, fit in fits.items()}
    first, later = _ORDER.get(contract.name, ("", ()))
    if first in columns and "from" in columns[first].form:
        for name in later:
            if name in columns and columns[name].sources:
                columns[name] = _in_order(table, columns[name], columns[first])
    if contract.name == "crm.tickets":
        columns |= _from_what_is_said_otherwise(table, columns)
    return tuple(columns[name] for name in contract.column_names if name in columns)


def _from_what_is_said_otherwise(table: TableLook, columns: dict[str, ColumnProposal]) -> dict[str, ColumnProposal]:
    """Resolution of systems that only close, and deletion of systems that only mark."""
    found = {}
    status, closed, updated = (columns.get(name) for name in ("status", "closed_at", "updated_at"))
    codes = set((status.form.get("values") or {}).values()) if status else set()
    if closed and closed.sources and "resolved_at" not in columns and "resolved" not in codes:
        note = Note("guess", "no status means resolved: what is closed is resolved", "没有“已解决”状态：关闭即视为解决")
        found["resolved_at"] = replace(closed, column="resolved_at", notes=(note,))
    if "customer_id" not in columns:
        found |= _customer(table)
    marks = [c for c in table.columns if normal_name(c.name) in ("is deleted", "deleted", "是否删除", "已删除")]
    texts = [value for value, _ in marks[0].top if boolean_of(value)] if marks else []
    if texts and "deleted_at" not in columns and updated and updated.sources:
        form = {key: value for key, value in updated.form.items() if key != "from"}
        sql = f"case when {is_one_of(column_sql(marks[0].name), texts)} then {column_sql(updated.sources[0])} end"
        note = Note(
            "guess", "marked as deleted: its last change was the deletion", "标记为已删除：以最后修改时间为删除时间"
        )
        found["deleted_at"] = ColumnProposal("deleted_at", {"expr": sql, **form}, (note,))
    return found


def _customer(table: TableLook) -> dict[str, ColumnProposal]:
    """Without a number, a customer is known by telephone, else by name; both become pseudonyms."""
    fits = fit_table(table, get_contract("crm.customers"))
    for name, english, chinese in (("phone", "telephone number", "电话"), ("customer_name", "name", "名称")):
        if name in fits and fits[name].name >= 0.6 and fits[name].profile.fill_share >= 0.9:
            note = Note(
                "guess",
                f"customers have no number here: who has the same {english} is taken for the same",
                f"没有客户编号：{chinese}相同即视为同一客户",
            )
            return {"customer_id": ColumnProposal("customer_id", {"from": fits[name].profile.name}, (note,))}
    return {}


def _in_order(table: TableLook, column: ColumnProposal, first: ColumnProposal) -> ColumnProposal:
    """Say when values lie before what they follow; where only the time of day was lost, make it unknown."""
    pair = (first.sources[0], column.sources[0])
    disorder = next((d for d in table.disorders if (d.earlier, d.later) == pair), None)
    if disorder is None:
        return column
    if disorder.reversed_rows == disorder.reversed_at_midnight and disorder.reversed_rows < 0.5 * disorder.rows:
        return lost_time_of_day(column, first.form, disorder.reversed_rows)
    note = Note(
        "guess",
        f"{disorder.reversed_rows} of {disorder.rows} lie before {pair[0]}",
        f"{disorder.rows} 个值中有 {disorder.reversed_rows} 个早于“{pair[0]}”",
    )
    return replace(column, notes=(*column.notes, note))


def _plain(
    table: TableLook, contract: Contract, columns: tuple[ColumnProposal, ...], joins: tuple[Note, ...]
) -> EntryProposal:
    if contract.name in ("crm.ticket_events", "survey.responses"):
        return EntryProposal(contract.name, table, "log", columns, joins)
    note = Note(
        "assumption",
        "delta: new and changed rows; write snapshot if every file has all rows, so that missing ones count as deleted",
        "delta：新增和变更的行；如果每个文件都包含全部数据，请写 snapshot，缺失的行即视为已删除",
    )
    return EntryProposal(contract.name, table, "delta", columns, (note, *joins))


def _folded(entry: EntryProposal, key: Fit) -> EntryProposal:
    repeats = key.profile.filled - key.profile.distinct
    note = Note(
        "guess",
        f"{key.profile.name} repeats in {repeats} rows: the last row of each counts",
        f"“{key.profile.name}”有 {repeats} 行重复：取每组最后一行",
    )
    return replace(entry, one_row_per={"key": key.profile.name, "keep": "last"}, notes=(*entry.notes, note))
