"""What a mapping makes of the uploaded files: first rows before and after, and what is not taken."""

import pandas as pd
import streamlit as st

from dashboards.formatting import plain
from dashboards.language import Phrases
from landing.wizard.trying import TriedEntry, TriedFile


def show_trial(tried: tuple[TriedFile, ...], say: Phrases) -> None:
    """Draw the outcome of a trial, entry by entry."""
    problems = sum(file.problem_count for file in tried)
    if problems:
        st.warning(say("wizard.trial.problems", count=problems), icon=":material/rule:")
    elif not any(file.refusal for file in tried):
        st.success(say("wizard.trial.clean"), icon=":material/check_circle:")
    for file in tried:
        name = plain(file.file_name)
        if file.refusal:
            st.error(plain(say.pick(*file.refusal)), icon=":material/error:")
        elif not file.entries:
            st.info(say("wizard.trial.no_entry", file=name))
        for entry in file.entries:
            _show_entry(name, entry, say)


def _show_entry(name: str, entry: TriedEntry, say: Phrases) -> None:
    title = say(
        "wizard.trial.entry", file=name, contract=entry.contract, loaded=entry.rows_loaded, read=entry.rows_read
    )
    with st.expander(title, expanded=entry.entry == 0 or bool(entry.problems)):
        if entry.counts:
            parts = [f"{say(f'wizard.trial.counts.{kind}')} {count}" for kind, count in entry.counts.items()]
            st.caption(say("common.semicolon").join(parts))
        if entry.columns:
            st.dataframe(_rows(entry, say), hide_index=True, width="stretch")
        for problem in entry.problems:
            kind = "row" if problem.is_row else "cell"
            column = plain(problem.column or "")
            st.markdown(f"**{say(f'wizard.trial.{kind}', count=problem.count, column=column)}** `{problem.code}`")
            for number, reason in problem.examples:
                st.caption(say("wizard.trial.example", row=number, reason=plain(reason)))
        for column in entry.absent_columns:
            st.caption(say("wizard.trial.absent", column=plain(column)))


def _rows(entry: TriedEntry, say: Phrases) -> pd.DataFrame:
    """One line for each contract column, one column for each of the first rows."""
    lines = []
    for column in entry.columns:
        line: dict[str, str | None] = {
            say("wizard.contract_column"): column.column,
            say("wizard.source"): column.made_of,
        }
        for number, before, after in zip(entry.row_numbers, column.before, column.after, strict=True):
            none = say("common.none")
            shown = after or none
            line[say("wizard.trial.row_head", row=number)] = shown if before in (None, after) else f"{before} → {shown}"
        lines.append(line)
    return pd.DataFrame(lines)
