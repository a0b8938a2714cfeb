"""Gate 1: which of the extracts that just landed may be used.

Each extract is judged alone. A refused one stays in raw and in the archive, and staging never reads it; the next run
goes on without it.
"""

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from data_quality.check import Check
from data_quality.contract_suite import contract_checks, landed_rows, promise
from data_quality.entry_metrics import Entry, EntryMetrics, measure_entries
from data_quality.entry_store import (
    METRICS_TABLE,
    RefusedExtract,
    candidate_ids,
    count_rows_in_raw,
    count_vanished,
    has_manifest,
    read_entries,
    refused_extracts,
    write_metrics,
)
from data_quality.entry_suite import entry_checks, words
from data_quality.gate_file import GateFile, open_gate_file
from data_quality.offenders import count_by_extract, disagreement
from data_quality.result import errored, failed, make_record, passed, verdict_of
from data_quality.rule import rule
from warehouse.connections import writer
from warehouse.contract import load_contracts
from warehouse.manifest import ExtractState, set_state, settle_replacements
from warehouse.operations import Gate, GateRecord, GateResult, OperationsStore, Verdict
from warehouse.settings import Settings

_LOG = logging.getLogger(__name__)


def judge_extracts(settings: Settings, store: OperationsStore, *, run_id: str, build_id: str) -> GateRecord:
    """Accept or refuse every candidate extract, record the verdict and return it.

    The verdict is failed when any extract was refused in this run, by landing or here; broken when a rule could not
    be evaluated: then candidates stay candidates and the next run judges them again. Without candidates and
    refusals it is passed with no rule checked, and not recorded.
    """
    candidates: list[str] = []
    try:
        candidates, results = _judge(settings, run_id)
    except Exception as error:  # whatever broke, the gate must say that it did not pass
        _LOG.exception("gate 1 broke in run %s", run_id)
        results = [errored("meta.extracts", "gate 1", str(error).splitlines()[0] if str(error) else repr(error))]
    if verdict_of(results) is not Verdict.BROKEN and candidates:
        _set_states(settings, candidates, results)
    record = make_record(Gate.RAW, build_id, run_id, results)
    if record.results:
        # a run without news judged nothing: the last verdict that means something stays the last one
        store.record_gate(record)
    return record


def _judge(settings: Settings, run_id: str) -> tuple[list[str], list[GateResult]]:
    if not settings.warehouse_file.is_file():
        return [], []
    with open_gate_file(settings.warehouse_file, settings) as file:
        if not has_manifest(file):
            return [], []
        results = [_landing_result(extract) for extract in refused_extracts(file, run_id)]
        candidates = candidate_ids(file)
        if not candidates:
            return [], results
        entries = read_entries(file, ExtractState.CANDIDATE)
        accepted = read_entries(file, ExtractState.ACCEPTED)
        metrics = measure_entries(entries, accepted, count_rows_in_raw(file, entries), count_vanished(file, entries))
        results += _extracts_without_entries(candidates, entries)
        results += _judge_rows(file, entries)
    results += _judge_entries(settings, metrics, settings.temp_dir / f"gate-{run_id}.duckdb")
    waived = {entry.extract_id: entry.waived for entry in entries}
    return candidates, [_as_a_person_decided(result, waived) for result in results]


def _as_a_person_decided(result: GateResult, waived: dict[str, tuple[str, ...]]) -> GateResult:
    """What a person has accepted for a file is told and no longer stops it."""
    if result.outcome == "failed" and result.rule in waived.get(result.extract_id or "", ()):
        return replace(result, severity="warning")
    return result


def _landing_result(extract: RefusedExtract) -> GateResult:
    result = failed(
        rule("extract_landed"),
        "meta.extracts",
        value=1,
        extract_id=extract.extract_id,
        file_name=extract.file_name,
    )
    english = rule("extract_landed").say("en", file=extract.file_name, detail=extract.reason_en)
    chinese = rule("extract_landed").say("zh", file=extract.file_name, detail=extract.reason_zh)
    return GateResult(**{**vars(result), "reason_en": english, "reason_zh": chinese, "observed": extract.reason_code})


def _extracts_without_entries(candidates: Sequence[str], entries: Sequence[Entry]) -> list[GateResult]:
    """Fail the candidates about which landing wrote nothing down: no rule could see them."""
    known = {entry.extract_id for entry in entries}
    return [
        failed(rule("file_has_rows"), METRICS_TABLE, value=0, extract_id=extract_id, file_name=extract_id)
        for extract_id in candidates
        if extract_id not in known
    ]


def _judge_rows(file: GateFile, entries: Sequence[Entry]) -> list[GateResult]:
    """Judge the landed rows of all candidates, one suite per contract table."""
    results: list[GateResult] = []
    for name, contract in load_contracts().items():
        mine = [entry for entry in entries if entry.contract == name]
        if not mine:
            continue
        files = {entry.extract_id: entry.file_name for entry in mine}
        snapshots = sorted({entry.extract_id for entry in mine if entry.delivery == "snapshot"})
        checks = contract_checks(contract, snapshots)
        suite, source = f"raw.{contract.raw_table}", landed_rows(contract, sorted(files))
        seen = file.evaluate(suite, source, checks)
        counted = count_by_extract(file, source, checks, "_extract_id")
        for check, observation, bad in zip(checks, seen, counted, strict=True):
            broken = disagreement(suite, check, observation, sum(bad.values()))
            if broken is not None:
                results.append(broken)
            elif not bad:
                results.append(passed(check, suite))
            for extract_id, count in {} if broken else bad.items():
                results.append(
                    failed(
                        check.rule,
                        suite,
                        value=count,
                        table=name,
                        column=(check.column or "").removeprefix("_extract_id, "),
                        detail=promise(contract, check.column or ""),
                        extract_id=extract_id,
                        file_name=files[extract_id],
                    )
                )
    return results


def _judge_entries(settings: Settings, metrics: Sequence[EntryMetrics], path: Path) -> list[GateResult]:
    """Judge each file as a whole; the metrics get a file of their own, because the gate never writes to raw."""
    if not metrics:
        return []
    checks = entry_checks()
    source = f"select *, extract_id || '/' || entry as subject from {METRICS_TABLE}"  # noqa: S608
    write_metrics(path, settings, metrics)
    try:
        with open_gate_file(path, settings) as file:
            seen = file.evaluate(METRICS_TABLE, source, checks)
            counted = count_by_extract(file, source, checks, "subject")
    finally:
        path.unlink(missing_ok=True)
    by_subject = {f"{item.extract_id}/{item.entry}": item for item in metrics}
    results: list[GateResult] = []
    stopped: dict[str, set[str]] = defaultdict(set)
    for check, observation, bad in zip(checks, seen, counted, strict=True):
        broken = disagreement(METRICS_TABLE, check, observation, sum(bad.values()))
        if broken is not None:
            results.append(broken)
            continue
        # critical limits come first: who broke one is not told about the milder one as well
        told = [subject for subject in bad if subject not in stopped[check.rule.id]]
        stopped[check.rule.id].update(told)
        if not told and not stopped[check.rule.id]:
            results.append(passed(check, METRICS_TABLE))
        results += [_entry_result(check, by_subject[subject]) for subject in told]
    return results


def _entry_result(check: Check, metrics: EntryMetrics) -> GateResult:
    column, detail = words(check.rule, metrics)
    return failed(
        check.rule,
        METRICS_TABLE,
        value=getattr(metrics, str(check.rule.measure)),
        severity=check.severity,
        table=metrics.contract,
        column=column,
        detail=detail,
        extract_id=metrics.extract_id,
        file_name=metrics.file_name,
    )


def _set_states(settings: Settings, candidates: Sequence[str], results: Sequence[GateResult]) -> None:
    """Accept the candidates without a critical failure and refuse the others, all in one transaction."""
    reasons: dict[str, list[GateResult]] = defaultdict(list)
    for result in results:
        if result.outcome == "failed" and result.severity == "critical" and result.extract_id in candidates:
            reasons[str(result.extract_id)].append(result)
    accepted = [extract_id for extract_id in candidates if extract_id not in reasons]
    with writer(settings.warehouse_file, settings) as connection:
        connection.begin()
        set_state(connection, accepted, ExtractState.ACCEPTED)
        for extract_id, found in reasons.items():
            set_state(
                connection,
                [extract_id],
                ExtractState.REFUSED,
                reason_code=found[0].rule,
                reason_en="; ".join(item.reason_en for item in found),
                reason_zh="；".join(item.reason_zh for item in found),
            )
        settle_replacements(connection)
        connection.commit()
