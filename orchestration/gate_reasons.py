"""Why a gate did not pass, in one sentence per language."""

from collections.abc import Callable

from warehouse.operations import GateRecord, GateResult

_MOST = 3


def blocking_results(record: GateRecord) -> list[GateResult]:
    """Return the results that stopped the gate: failed critical rules and rules that broke."""
    return [r for r in record.results if r.outcome == "errored" or (r.outcome == "failed" and r.severity == "critical")]


def _join(results: list[GateResult], text: Callable[[GateResult], str], more: str) -> str:
    # the same cause may fail several rules; people want it once
    sentences = list(dict.fromkeys(text(result) for result in results))
    rest = f" {more.format(n=len(sentences) - _MOST)}" if len(sentences) > _MOST else ""
    return "; ".join(sentence.rstrip(".。") for sentence in sentences[:_MOST]) + rest


def reason_en(record: GateRecord) -> str:
    """Return the reasons in English, the first three of them."""
    return _join(blocking_results(record), lambda result: result.reason_en, "(and {n} more)")


def reason_zh(record: GateRecord) -> str:
    """Return the reasons in Chinese, the first three of them."""
    return _join(blocking_results(record), lambda result: result.reason_zh, "（另有 {n} 条）")
