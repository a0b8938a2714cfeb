"""What the gates said last: verdict, time, and every rule that did not pass with its reason."""

from typing import Literal

import pandas as pd
import streamlit as st

from dashboards.exports import show_download
from dashboards.formatting import format_instant, format_number, plain
from dashboards.page import Page
from dashboards.queries import runs
from dashboards.tables import Column, show_table
from warehouse.operations import Gate, GateRecord, GateResult, Verdict

_ICONS = {
    Verdict.PASSED: ":material/check_circle:",
    Verdict.FAILED: ":material/cancel:",
    Verdict.BROKEN: ":material/build_circle:",
}
_PASSED = "passed"
#: Reasons written out in full; the table below them has all.
_REASONS_SHOWN = 12

_COLUMNS = (
    Column("severity"),
    Column("reason"),
    Column("gate"),
    Column("file_name"),
    Column("table_name"),
    Column("column_name"),
    Column("observed"),
    Column("expected"),
    Column("rule"),
)


def show_gates(page: Page) -> None:
    """Draw one card per gate, then the rules that did not pass."""
    say = page.phrases
    records = runs.last_gates(page.settings, page.scope)
    if not records:
        st.markdown(say("gates.none"))
        return
    with st.grid(2, min_column_width=280, border=True, key="gate_cards") as grid:
        for gate in Gate:
            with grid.cell():
                _show_gate(page, gate, records.get(gate))
    frame = _findings(page, records)
    if frame.empty:
        st.markdown(say("gates.all_passed"))
        return
    _show_reasons(page, frame)
    with st.expander(say("gates.details")):
        show_table(page, frame, _COLUMNS, "gate_findings")
        show_download(page, frame, "gate_findings", say("filter.none"))


def _show_reasons(page: Page, frame: pd.DataFrame) -> None:
    say = page.phrases
    warning = say("severity.warning")
    lines = []
    for severity, reason in zip(frame["severity"][:_REASONS_SHOWN], frame["reason"], strict=False):
        colour = "orange" if severity == warning else "red"
        lines.append(f"- :{colour}-badge[{plain(severity)}] {plain(reason)}")
    if len(frame) > _REASONS_SHOWN:
        lines.append(f"- {say('gates.more', more=len(frame) - _REASONS_SHOWN)}")
    st.markdown("\n".join(lines))


def _show_gate(page: Page, gate: Gate, record: GateRecord | None) -> None:
    say = page.phrases
    st.markdown(f"**{say(f'gate.{gate}')}**", help=say(f"gate_help.{gate}"))
    if record is None:
        st.badge(say("gates.never"), icon=":material/remove:", color="gray")
        return
    colour: Literal["green", "red"] = "green" if record.verdict is Verdict.PASSED else "red"
    st.badge(say(f"verdict.{record.verdict}"), icon=_ICONS[record.verdict], color=colour)
    outcomes = [_severity(result) for result in record.results]
    st.markdown(
        say(
            "gates.counts",
            checked=format_number(record.rules_checked),
            stopped=outcomes.count("critical") + outcomes.count("errored"),
            warned=outcomes.count("warning"),
        )
    )
    st.caption(
        say("gates.judged", at=format_instant(record.judged_at, page.zone), zone=page.zone, build_id=record.build_id)
    )


def _severity(result: GateResult) -> str:
    """Return `passed`, `warning`, `critical`, or `errored` for a rule that could not be evaluated."""
    return result.severity if result.outcome == "failed" else result.outcome


def _findings(page: Page, records: dict[Gate, GateRecord]) -> pd.DataFrame:
    say = page.phrases
    rows = [
        {
            "severity": say.code("severity", _severity(result)),
            "reason": say.pick(result.reason_en, result.reason_zh),
            "gate": say(f"gate.{gate}"),
            "file_name": result.file_name,
            "table_name": result.table_name,
            "column_name": result.column_name,
            "observed": result.observed,
            "expected": result.expected,
            "rule": result.rule,
        }
        for gate, record in records.items()
        for result in record.results
        if result.outcome != _PASSED
    ]
    rows.sort(key=lambda row: row["severity"] == say("severity.warning"))
    return pd.DataFrame(rows, columns=[column.name for column in _COLUMNS]).fillna("")
