"""`aftercare check` and `quality`."""

import uuid
from typing import Any

from data_quality.build_gate import judge_build
from data_quality.extract_gate import judge_extracts
from orchestration.commands.output import print_json, print_rows, say
from orchestration.gate_reasons import reason_en
from orchestration.lock import hold_refresh_lock, release_refresh_lock
from orchestration.logs import log_to_file
from warehouse.builds import build_file
from warehouse.connections import reader, writer
from warehouse.errors import GateError, RefreshError
from warehouse.manifest import ExtractState, UnreadTable, list_extracts, list_unread
from warehouse.operations import Gate, GateRecord, OperationsStore, Verdict
from warehouse.run_context import read_context
from warehouse.settings import Settings, load_settings

_QUARANTINE = """
select contract, reason_code, count(*) as rows, any_value(file_name) as example_file,
       any_value(row_number) as example_row, any_value(column_name) as example_column
from meta.quarantine group by contract, reason_code order by contract, rows desc
"""
_BAD_CELLS = """
select contract, column_name, reason_code, count(*) as cells, any_value(file_name) as example_file,
       any_value(row_number) as example_row
from meta.bad_cells group by contract, column_name, reason_code order by contract, cells desc
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


def run_quality(*, as_json: bool) -> None:
    """Print the last gates, what was refused, and what lies in quarantine."""
    settings = load_settings()
    store = OperationsStore(settings)
    records = [record for gate in Gate if (record := store.last_gate(gate))]
    refused, quarantine, bad_cells = _state_of_landing(settings)
    unread = _unread(settings)
    if as_json:
        print_json(
            {
                "gates": [_summary(record) for record in records],
                "refused": [vars(extract) for extract in refused],
                "unread": [vars(table) for table in unread],
                "quarantine": quarantine,
                "bad_cells": bad_cells,
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
    for extract in refused:
        say(f"refused {extract.file_name}: {extract.reason_en}")
    for table in unread:
        say(f"not read at {table.failed_at:%Y-%m-%d %H:%M} UTC: {table.reason_en}")
    if quarantine:
        print_rows(quarantine, list(quarantine[0]), "Quarantined rows")
    if bad_cells:
        print_rows(bad_cells, list(bad_cells[0]), "Bad cells")


def _unread(settings: Settings) -> list[UnreadTable]:
    if not settings.warehouse_file.is_file():
        return []
    with reader(settings.warehouse_file, settings) as connection:
        return list_unread(connection)


def _state_of_landing(settings: Settings) -> tuple[list[Any], list[dict[str, Any]], list[dict[str, Any]]]:
    if not settings.warehouse_file.is_file():
        return [], [], []
    with reader(settings.warehouse_file, settings) as connection:
        refused = list_extracts(connection, states=(ExtractState.REFUSED,))
        groups = []
        for sql in (_QUARANTINE, _BAD_CELLS):
            cursor = connection.execute(sql)
            names = [column[0] for column in cursor.description or ()]
            groups.append([dict(zip(names, row, strict=True)) for row in cursor.fetchall()])
    return refused, groups[0], groups[1]
