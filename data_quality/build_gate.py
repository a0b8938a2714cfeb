"""Gate 2: may this build be published? It audits the very file that would be published and never writes to it."""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from data_quality.audit_copy import open_audit_copy
from data_quality.build_tables import BuildTables, read_build_tables
from data_quality.check import Check
from data_quality.file_suite import SOURCE, SUITE, file_checks, quoting_checks
from data_quality.gate_file import GateFile, open_gate_file
from data_quality.kpi_suite import kpi_checks
from data_quality.mart_suite import mart_checks, needs_of
from data_quality.marts import MARTS, Mart
from data_quality.offenders import disagreement
from data_quality.reconciliation_suite import reconciliation_checks
from data_quality.result import errored, failed, make_record, passed
from data_quality.rule import rule
from warehouse.builds import Build, build_file, get_build, readable_build
from warehouse.checksums import exchanged_checksum, file_sha256, table_checksums
from warehouse.connections import reader
from warehouse.errors import GateError
from warehouse.increment.merged import new_rows_file, read_exchanged
from warehouse.increment.workplace import workplace_file
from warehouse.operations import Gate, GateRecord, GateResult, OperationsStore
from warehouse.run_context import RunContext
from warehouse.settings import Settings

_LOG = logging.getLogger(__name__)

#: So many offenders are named in a sentence.
_NAMED = 5


def judge_build(settings: Settings, store: OperationsStore, context: RunContext) -> GateRecord:
    """Audit the file of a build, record the verdict and return it.

    The record carries the SHA-256 of the audited bytes and the checksums of the audited tables: the publisher
    demands both. Broken means that a rule could not be evaluated, or that the file changed during the audit.
    """
    path = build_file(settings, context.build_id)
    sha256: str | None = None
    checksums: dict[str, Any] = {}
    try:
        sha256 = file_sha256(path)
        exchanged = read_exchanged(workplace_file(settings)) if context.base_build_id else {}
        results = _audit(settings, path, context, exchanged)
        with reader(path, settings) as connection:
            checksums = table_checksums(connection)
        if context.base_build_id:
            results += _exchange_adds_up(get_build(settings, context.base_build_id), exchanged, checksums)
        if file_sha256(path) != sha256:
            raise GateError(f"the file of build {context.build_id} changed while it was audited")
    except Exception as error:  # whatever broke, the gate must say that it did not pass
        _LOG.exception("gate 2 broke for build %s", context.build_id)
        results = [errored(SUITE, "gate 2", str(error).splitlines()[0] if str(error) else repr(error))]
    record = make_record(Gate.BUILD, context.build_id, context.run_id, results, file_sha256=sha256, checksums=checksums)
    store.record_gate(record)
    return record


def _audit(settings: Settings, path: Path, context: RunContext, exchanged: Collection[str]) -> list[GateResult]:
    """Evaluate every check. Of facts in `exchanged` the rows that came are judged, where they were built: the others
    were judged by the same rules when they came, and `_exchange_adds_up` proves that they are what they were.
    """
    with open_gate_file(path, settings) as file:
        tables = read_build_tables(file)
        results = _missing_tables(tables)
        results += _evaluate(file, SUITE, SOURCE, file_checks())
        checks = [check for mart in MARTS.values() for check in mart_checks(mart, tables, context)]
        checks += reconciliation_checks(tables, context, readable_build(settings))
        checks += kpi_checks() + quoting_checks()
        answerable, missing = _split(checks, tables)
        results += missing
        came = [mart for mart in MARTS.values() if mart.table in exchanged or mart.follows in exchanged]
        alone = [check for check in answerable if check.table in _names(came) and not check.is_of_table]
        for mart in MARTS.values():
            if not mart.is_copied:
                results += _evaluate(file, mart.table, mart.source, _of(mart, answerable, without=alone))
    if came:
        with open_gate_file(new_rows_file(settings), settings) as file:
            for mart in came:
                results += _evaluate(file, mart.table, mart.source, _of(mart, alone))
    copied = [mart for mart in MARTS.values() if mart.is_copied and _of(mart, answerable, without=alone)]
    with open_audit_copy(path, settings, copied, _checks_of(copied, answerable)) as copy:
        for mart in copied:
            results += _evaluate(copy, mart.table, mart.copied, _of(mart, answerable, without=alone))
    return results


def _exchange_adds_up(base: Build, exchanged: Mapping[str, Any], found: Mapping[str, Any]) -> list[GateResult]:
    """Every exchanged fact is what it was in the base, without the rows that went and with those that came."""
    results = []
    for table, rows in exchanged.items():
        check = Check(rule("exchange_adds_up"), table, "", "")
        expected = exchanged_checksum(base.checksums[table], rows["gone"], rows["come"])
        if found[table] == expected:
            results.append(passed(check, table))
        else:
            detail = f"{found[table]['rows']:,} / {expected['rows']:,}"
            results.append(failed(check.rule, table, value=1, table=table, detail=detail))
    return results


def _names(marts: Sequence[Mart]) -> set[str]:
    return {mart.table for mart in marts}


def _of(mart: Mart, checks: Sequence[Check], without: Sequence[Check] = ()) -> list[Check]:
    return [check for check in checks if check.table == mart.table and check not in without]


def _checks_of(marts: Sequence[Mart], checks: Sequence[Check]) -> list[Check]:
    return [check for check in checks if check.table in _names(marts)]


def _missing_tables(tables: BuildTables) -> list[GateResult]:
    """Fail for every required table that is not there and every column that generic checks rely on."""
    results = []
    for mart in MARTS.values():
        is_absent = mart.table not in tables.columns
        if is_absent and mart.is_required:
            results.append(failed(rule("table_present"), mart.table, value=1))
        if not is_absent:
            found = tables.missing(needs_of(mart))
            if found:
                results.append(
                    failed(rule("columns_present"), mart.table, value=1, column=found[1], detail="grain_is_unique")
                )
    return results


def _split(checks: Sequence[Check], tables: BuildTables) -> tuple[list[Check], list[GateResult]]:
    """Separate the checks that can be asked from those whose tables or columns are not there: these have failed."""
    answerable, results = [], []
    for check in checks:
        if check.table not in tables.columns:
            continue  # its absence was told once, or it is optional
        found = tables.missing(dict(check.needs))
        if found is None:
            answerable.append(check)
        elif check.rule.severity == "critical":
            results.append(
                failed(
                    rule("columns_present"), check.table, value=1, table=found[0], column=found[1], detail=check.rule.id
                )
            )
    return answerable, results


def _evaluate(file: GateFile, suite: str, source: str, checks: Sequence[Check]) -> list[GateResult]:
    """Evaluate checks on one table, twice: by Great Expectations and by our own SQL."""
    results: list[GateResult] = []
    stopped: set[str] = set()
    for check, seen in zip(checks, file.evaluate(suite, source, checks), strict=True):
        bad_rows = check.bad_rows_of(source)
        count = int(file.number(f"select count(*) from ({bad_rows})"))  # noqa: S608
        broken = disagreement(suite, check, seen, count)
        if broken is not None:
            results.append(broken)
        elif count == 0:
            results.append(passed(check, suite))
        elif check.rule.id not in stopped or check.rule.warning is None:
            # critical limits come first: who broke one is not told about the milder one as well
            stopped.add(check.rule.id)
            results.append(_failure(file, suite, source, check, count))
    return results


def _failure(file: GateFile, suite: str, source: str, check: Check, count: int) -> GateResult:
    value: float = count
    if check.measured is not None:
        value = float(file.number(check.measured.replace("{batch}", f"({source})")))
    result = failed(
        check.rule,
        suite,
        value=value,
        severity=check.severity,
        table=check.table,
        column=check.column or "",
        detail=check.detail or _name_offenders(file, check.bad_rows_of(source)),
    )
    return replace(result, table_name=check.table)


def _name_offenders(file: GateFile, bad_rows: str) -> str:
    """Return the first offenders in words: their column `detail`, else their first columns."""
    rows: Sequence[Mapping[str, Any]] = file.records(f"select * from ({bad_rows}) limit {_NAMED}")  # noqa: S608
    texts = [
        str(row["detail"]) if "detail" in row else ", ".join(f"{name}={row[name]}" for name in list(row)[:4])
        for row in rows
    ]
    return "; ".join(texts)
