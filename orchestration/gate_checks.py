"""The two gates as asset checks: blocking, so a run stops where its data stops being good.

A check blocks its own run only; that no other run can publish what failed is the publisher's doing.
"""

from collections.abc import Iterator

import dagster as dg

from orchestration import steps
from orchestration.asset_keys import raw_key
from orchestration.gate_reasons import blocking_results, reason_en, reason_zh
from orchestration.lock import hold_refresh_lock
from orchestration.refresh_assets import WRITER_POOL
from warehouse.contract import load_contracts
from warehouse.operations import GateRecord, OperationsStore, RunStatus, Verdict
from warehouse.settings import load_settings


def check_name(schema: str, table: str) -> str:
    """`gx_raw__crm__tickets`: the check of the suite that guards a table."""
    return f"gx_{schema}__{table}"


def _results(record: GateRecord, keys: list[dg.AssetKey]) -> Iterator[dg.AssetCheckResult]:
    """Yield one check per table; a reason that belongs to no table fails them all: nothing passes by mistake."""
    tables = {".".join(key.path): key for key in keys}
    blocking = blocking_results(record)
    unplaced = [result for result in blocking if result.table_name not in tables]
    for address, key in tables.items():
        reasons = [result.reason_en for result in blocking if result.table_name == address]
        reasons += [result.reason_en for result in unplaced]
        yield dg.AssetCheckResult(
            asset_key=key,
            check_name=check_name(*key.path),
            passed=record.verdict is Verdict.PASSED or not reasons,
            severity=dg.AssetCheckSeverity.ERROR,
            metadata={"reasons": "\n".join(reasons), "rules_checked": record.rules_checked},
        )


def _finish_if_stopped(store: OperationsStore, record: GateRecord, run_id: str) -> None:
    if record.verdict is not Verdict.PASSED:
        status = RunStatus.STOPPED if record.verdict is Verdict.FAILED else RunStatus.FAILED
        store.finish_run(run_id, status, reason_en=reason_en(record), reason_zh=reason_zh(record))


def _specs(keys: list[dg.AssetKey]) -> list[dg.AssetCheckSpec]:
    return [dg.AssetCheckSpec(name=check_name(*key.path), asset=key, blocking=True) for key in keys]


def make_extract_gate() -> dg.AssetChecksDefinition:
    """Return gate 1: which of the landed extracts may be used."""
    keys = [raw_key(contract.raw_table) for contract in load_contracts().values()]

    @dg.multi_asset_check(name="gate_extracts", specs=_specs(keys), pool=WRITER_POOL)
    def gate_extracts(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult]:
        settings = load_settings()
        hold_refresh_lock(settings)
        store = OperationsStore(settings)
        record = steps.gate_extracts(settings, store, context.run.run_id)
        _finish_if_stopped(store, record, context.run.run_id)
        yield from _results(record, keys)

    return gate_extracts


def make_build_gate(keys: list[dg.AssetKey]) -> dg.AssetChecksDefinition:
    """Return gate 2: may this build be published?"""

    @dg.multi_asset_check(name="gate_build", specs=_specs(keys), pool=WRITER_POOL)
    def gate_build(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult]:
        settings = load_settings()
        hold_refresh_lock(settings)
        store = OperationsStore(settings)
        record = steps.gate_build(settings, store, context.run.run_id)
        _finish_if_stopped(store, record, context.run.run_id)
        yield from _results(record, keys)

    return gate_build
