"""`aftercare check` and `quality`."""

import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from data_quality.build_gate import judge_build
from data_quality.extract_gate import judge_extracts
from orchestration.commands.output import print_json, print_rows, say
from orchestration.gate_reasons import reason_en
from orchestration.lock import hold_refresh_lock, release_refresh_lock
from orchestration.logs import log_to_file
from warehouse.builds import build_file
from warehouse.connections import reader, writer
from warehouse.errors import BuildError, GateError, RefreshError
from warehouse.manifest import Extract, ExtractState, UnreadTable, list_extracts, list_unread
from warehouse.operations import Gate, GateRecord, OperationsStore, Verdict
from warehouse.quarantine import FileAccount, QuarantineGroup, file_accounts, open_rows, quarantine_groups
from warehouse.quarantine_file import QuarantinedRow, file_stem, to_csv, to_table, to_xlsx
from warehouse.reading import current_reader
from warehouse.run_context import read_context
from warehouse.settings import Settings, load_settings

_BAD_CELLS = """
select contract, column_name, reason_code, count(*) as cells, any_value(file_name) as example_file,
       any_value(row_number) as example_row
from meta.bad_cells
semi join (from meta.extracts where state in ('accepted', 'candidate', 'refused') and replaced_by is null)
    using (extract_id)
group by contract, column_name, reason_code order by contract, cells desc
"""
_REJECTED = """
select contract, reason_code, count(*) as rows, min(file_name) as example_file,
       arg_min(row_number, file_name) as example_row
from core.fct_quarantined_rows where reason_code in ('event_before_opening', 'event_out_of_order')
group by contract, reason_code order by rows desc
"""
_GONE = """
select contract, source_system, gone_since, count(*) as rows, min(row_id) as example
from core.fct_gone_rows group by contract, source_system, gone_since order by gone_since desc, contract
"""


def run_check(*, as_json: bool) -> None:
    """Run the gates that have something to judge; raises GateError with the reason when one does not pass."""
    settings = load_settings()
    log_to_file(settings)
    store = OperationsStore(settings)
    hold_refresh_lock(settings)
    try:
        records = _judge(settings, store)
    finally:
        release_refresh_lock(settings)
    if as_json:
        print_json([_summary(record) for record in records])
    else:
        for record in records:
            say(f"gate {record.gate}: {record.verdict} ({record.rules_checked} rules)")
    for record in records:
        if record.verdict is not Verdict.PASSED:
            raise GateError(reason_en(record))


def _judge(settings: Settings, store: OperationsStore) -> list[GateRecord]:
    run_id = str(uuid.uuid4())
    records = [judge_extracts(settings, store, run_id=run_id, build_id=run_id)]
    with writer(settings.warehouse_file, settings) as connection:
        try:
            context = read_context(connection)
        except RefreshError:
            return records
    if build_file(settings, context.build_id).is_file():
        records.append(judge_build(settings, store, context))
    return records


def _summary(record: GateRecord) -> dict[str, Any]:
    return {
        "gate": record.gate,
        "verdict": record.verdict,
        "judged_at": record.judged_at,
        "rules_checked": record.rules_checked,
        "not_passed": [vars(result) for result in record.results if result.outcome != "passed"],
    }


def run_quality(export: Path | None = None, *, as_xlsx: bool = False, as_json: bool = False) -> None:
    """Print the last gates, what was refused, and what lies in quarantine; or write the quarantine as files."""
    settings = load_settings()
    if export:
        _export(settings, export, as_xlsx=as_xlsx)
        return
    store = OperationsStore(settings)
    records = [record for gate in Gate if (record := store.last_gate(gate))]
    state = _state_of_landing(settings)
    if as_json:
        print_json(
            {
                "gates": [_summary(record) for record in records],
                "refused": [vars(extract) for extract in state.refused],
                "unread": [vars(table) for table in state.unread],
                "quarantine": [vars(group) for group in state.groups],
                "quarantine_files": [vars(account) for account in state.accounts],
                "rejected_by_models": state.rejected,
                "gone": state.gone,
                "bad_cells": state.bad_cells,
            }
        )
        return
    if not records:
        say("no gate has run yet; run `aftercare refresh`")
    for record in records:
        say(
            f"gate {record.gate}: {record.verdict} at {record.judged_at:%Y-%m-%d %H:%M} UTC, "
            f"{record.rules_checked} rules"
        )
        for result in record.results:
            if result.outcome != "passed":
                say(f"  {result.severity}: {result.reason_en}")
    for extract in state.refused:
        say(f"refused {extract.file_name} ({extract.extract_id}): {extract.reason_en}")
    for table in state.unread:
        say(f"not read at {table.failed_at:%Y-%m-%d %H:%M} UTC: {table.reason_en}")
    _print_quarantine(state)


def _print_quarantine(state: "_Landing") -> None:
    if state.groups:
        rows = [vars(group) | {"column_name": group.column_name or "-"} for group in state.groups]
        print_rows(
            rows, ["contract", "reason_code", "column_name", "rows", "files", "examples", "reason"], "Quarantine"
        )
        say("`aftercare quality --export FOLDER` writes these rows as files to correct and put into the landing folder")
    if any(account.released for account in state.accounts):
        rows = [vars(account) for account in state.accounts if account.released]
        print_rows(rows, ["file_name", "contract", "rows", "open", "released"], "Corrected rows, by file")
    for found, title in (
        (state.rejected, "Events that the last build rejected"),
        (state.gone, "Rows that their source no longer has"),
        (state.bad_cells, "Bad cells"),
    ):
        if found:
            print_rows(found, list(found[0]), title)


def _export(settings: Settings, folder: Path, *, as_xlsx: bool) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if not settings.warehouse_file.is_file():
        raise RefreshError("nothing has landed yet; run `aftercare refresh`")
    with reader(settings.warehouse_file, settings) as connection:
        reasons = dict.fromkeys((group.contract, group.reason_code) for group in quarantine_groups(connection))
        for contract, reason_code in reasons:
            header, lines = to_table(
                QuarantinedRow(*row) for row in open_rows(connection, contract, reason_code)
            )  # fmt: skip
            path = folder / f"{file_stem(contract, reason_code)}.{'xlsx' if as_xlsx else 'csv'}"
            path.write_bytes(to_xlsx(header, lines) if as_xlsx else to_csv(header, lines))
            say(f"{path}: {len(lines)} rows")
    if not reasons:
        say("no row is in quarantine")


@dataclass(frozen=True)
class _Landing:
    """What landing left, in the words of its tables."""

    refused: list[Extract] = field(default_factory=list)
    unread: list[UnreadTable] = field(default_factory=list)
    groups: list[QuarantineGroup] = field(default_factory=list)
    accounts: list[FileAccount] = field(default_factory=list)
    bad_cells: list[dict[str, Any]] = field(default_factory=list)
    rejected: list[dict[str, Any]] = field(default_factory=list)
    gone: list[dict[str, Any]] = field(default_factory=list)


def _state_of_landing(settings: Settings) -> _Landing:
    if not settings.warehouse_file.is_file():
        return _Landing()
    with reader(settings.warehouse_file, settings) as connection:
        cursor = connection.execute(_BAD_CELLS)
        names = [column[0] for column in cursor.description or ()]
        bad_cells = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        refused, unread = list_extracts(connection, states=(ExtractState.REFUSED,)), list_unread(connection)
        groups, accounts = quarantine_groups(connection), file_accounts(connection)
    try:
        build = current_reader(settings)
    except BuildError:  # a build of an earlier version says nothing of it
        build = None
    if build is None:
        return _Landing(refused, unread, groups, accounts, bad_cells)
    return _Landing(refused, unread, groups, accounts, bad_cells, build.rows(_REJECTED), build.rows(_GONE))
