"""Results of rules, in the words that people read, and the record that they make together."""

from collections.abc import Sequence
from typing import Any

from data_quality.check import Check
from data_quality.rule import Rule, Severity, rule
from warehouse.clock import now_utc
from warehouse.operations import Gate, GateRecord, GateResult, Verdict


def failed(
    item: Rule,
    suite: str,
    *,
    value: float,
    severity: Severity | None = None,
    table: str = "",
    column: str = "",
    detail: str = "",
    extract_id: str | None = None,
    file_name: str | None = None,
) -> GateResult:
    """Return the result of a violated rule; `value` is what was measured, `severity` the limit that it broke."""
    broken = severity or item.severity
    limit = item.limits[broken]
    values = {"file": file_name or "", "table": table or suite, "column": column, "detail": detail}
    return GateResult(
        suite=suite,
        rule=item.id,
        kind=item.kind,
        severity=broken,
        outcome="failed",
        reason_en=item.say("en", observed=item.show(value), limit=item.expected(limit), **values),
        reason_zh=item.say("zh", observed=item.show(value), limit=item.expected(limit, "zh"), **values),
        table_name=table or suite,
        column_name=column or None,
        observed=item.show(value),
        expected=item.expected(limit),
        extract_id=extract_id,
        file_name=file_name,
    )


def passed(check: Check, suite: str) -> GateResult:
    """Return the result of a rule that holds."""
    where = f"{check.table}.{check.column}" if check.column else check.table
    expected = check.rule.expected(check.rule.limits[check.severity])
    return GateResult(
        suite=suite,
        rule=check.rule.id,
        kind=check.rule.kind,
        severity=check.severity,
        outcome="passed",
        reason_en=f"{where}: {check.rule.id} holds",
        reason_zh=f"{where}：{check.rule.id} 符合",
        table_name=check.table,
        column_name=check.column,
        expected=expected,
    )


def errored(suite: str, detail: str, error: str, checked: Rule | None = None) -> GateResult:
    """Return the result of a rule that could not be evaluated; `error` says why in the words of the tool."""
    words = rule("evaluated")
    item = checked or words
    values = {"table": suite, "detail": detail, "observed": error}
    return GateResult(
        suite=suite,
        rule=item.id,
        kind=item.kind,
        severity="critical",
        outcome="errored",
        reason_en=words.say("en", **values),
        reason_zh=words.say("zh", **values),
        table_name=suite,
        observed=error,
    )


def verdict_of(results: Sequence[GateResult]) -> Verdict:
    """Broken when a rule could not be evaluated, failed when a critical one does not hold, else passed."""
    if any(result.outcome == "errored" for result in results):
        return Verdict.BROKEN
    if any(result.outcome == "failed" and result.severity == "critical" for result in results):
        return Verdict.FAILED
    return Verdict.PASSED


def make_record(
    gate: Gate,
    build_id: str,
    run_id: str,
    results: Sequence[GateResult],
    *,
    file_sha256: str | None = None,
    checksums: dict[str, Any] | None = None,
) -> GateRecord:
    """Return the record of a gate with the verdict that follows from its results."""
    return GateRecord(
        gate=gate,
        build_id=build_id,
        run_id=run_id,
        verdict=verdict_of(results),
        judged_at=now_utc(),
        rules_checked=len({(item.suite, item.rule, item.column_name) for item in results}),
        file_sha256=file_sha256,
        checksums=checksums or {},
        results=tuple(results),
    )
