"""The form of one entry of a proposal: a line for each contract column, doubtful ones first."""

from collections.abc import Sequence

import streamlit as st

from dashboards.formatting import plain
from dashboards.language import Phrases
from landing.open_decisions import CHOOSE
from landing.wizard.correcting import Correction, Corrections
from landing.wizard.forms import ColumnProposal
from landing.wizard.proposal import EntryProposal
from warehouse.contract import ContractColumn, get_contract

_ORDER = {"decide": 0, "guess": 1, "open": 2, "assumption": 3, "certain": 4}
_BADGES = {"decide": "red", "guess": "orange", "open": "orange", "assumption": "blue", "certain": "green"}
_WIDTHS = (3, 3, 2, 4)


def show_entry_form(entry: EntryProposal, say: Phrases, prefix: str) -> Corrections:
    """Draw the lines of an entry; returns what the reader says otherwise than the proposal."""
    contract = get_contract(entry.contract)
    proposed = {column.column: column for column in entry.columns}
    doubtful = sorted(entry.columns, key=lambda column: _ORDER[column.kind])
    corrections: Corrections = {}
    for column in doubtful:
        correction = _line(entry, contract.column(column.column), column, say, prefix)
        if correction:
            corrections[(entry.contract, column.column)] = correction
    rest = [column for column in contract.columns if column.name not in proposed]
    with st.expander(say("wizard.more_columns", count=len(rest))):
        for more in rest:
            correction = _line(entry, more, None, say, prefix)
            if correction:
                corrections[(entry.contract, more.name)] = correction
    return corrections


def _line(
    entry: EntryProposal, column: ContractColumn, proposed: ColumnProposal | None, say: Phrases, prefix: str
) -> Correction | None:
    key = f"{prefix}_{column.name}"
    name, source, layout, said = st.columns(_WIDTHS, vertical_alignment="center")
    name.markdown(f"`{column.name}`" + (" \\*" if column.required else ""), help=plain(column.meaning))
    chosen = _source(entry, proposed, say, key, source)
    pattern = _format(column, proposed, say, key, layout)
    _show_notes(proposed, say, said)
    values = _values(column, proposed, say, key) if proposed and column.type == "code" else {}
    before = _source_of(proposed)
    if chosen == before and not pattern and not values:
        return None
    return Correction(chosen, pattern, values)


def _source_of(proposed: ColumnProposal | None) -> str | None:
    return proposed.sources[0] if proposed and proposed.sources else None


def _source(
    entry: EntryProposal,
    proposed: ColumnProposal | None,
    say: Phrases,
    key: str,
    place: st.delta_generator.DeltaGenerator,
) -> str | None:
    """A source column; what is computed or constant stays so."""
    before = _source_of(proposed)
    if proposed and before is None:
        made = proposed.form.get("expr", proposed.form.get("const"))
        place.caption(f"`{plain(str(made))}`" if made is not None else say("common.none"))
        return None
    options: Sequence[str | None] = [None, *(profile.name for profile in entry.look.columns)]
    return place.selectbox(
        say("wizard.source"),
        options,
        index=options.index(before),
        format_func=lambda name: say("wizard.nothing") if name is None else name,
        key=f"{key}_source",
        label_visibility="collapsed",
    )


def _format(
    column: ContractColumn,
    proposed: ColumnProposal | None,
    say: Phrases,
    key: str,
    place: st.delta_generator.DeltaGenerator,
) -> str | None:
    if proposed is None or "format" not in proposed.form or column.type not in ("instant", "date"):
        return None
    formats = proposed.form["format"]
    if not isinstance(formats, str):
        place.caption(plain(", ".join(formats)))
        return None
    if formats == CHOOSE:
        profile = next((p for p in proposed.sources), None)
        options = [CHOOSE, *_choices(proposed)]
        chosen = place.selectbox(
            say("wizard.format"),
            options,
            format_func=lambda pattern: say("wizard.choose") if pattern == CHOOSE else pattern,
            key=f"{key}_format_{profile}",
            label_visibility="collapsed",
        )
        return None if chosen == CHOOSE else chosen
    typed = place.text_input(say("wizard.format"), formats, key=f"{key}_format", label_visibility="collapsed")
    return typed if typed and typed != formats else None


def _choices(proposed: ColumnProposal) -> tuple[str, ...]:
    return tuple(choice for note in proposed.notes for choice in note.choices)


def _show_notes(proposed: ColumnProposal | None, say: Phrases, place: st.delta_generator.DeltaGenerator) -> None:
    if proposed is None:
        return
    said = [note.text(say.language) for note in (*proposed.notes, *proposed.remarks)]
    color = _BADGES[proposed.kind]
    mark = f":{color}-badge[{say(f'wizard.kind.{proposed.kind}')}]"
    place.markdown(" ".join([mark, plain("; ".join(said))]))


def _values(column: ContractColumn, proposed: ColumnProposal, say: Phrases, key: str) -> dict[str, str | None]:
    """Codes of texts that are not known, to be chosen; the known ones are shown with theirs."""
    values = proposed.form.get("values") or {}
    unknown = list(proposed.value_notes)
    if not values:
        return {}
    changed: dict[str, str | None] = {}
    label = say("wizard.values", column=column.name, unknown=len(unknown))
    with st.expander(label, expanded=bool(unknown)):
        options: Sequence[str | None] = [None, *column.values]
        lines = st.columns(3)
        for number, text in enumerate([*unknown, *(text for text in values if text not in unknown)]):
            before = values[text]
            chosen = lines[number % 3].selectbox(
                plain(text),
                options,
                index=options.index(before) if before in options else 0,
                format_func=lambda code: say("wizard.unknown") if code is None else code,
                key=f"{key}_value_{number}",
            )
            if chosen != before:
                changed[text] = chosen
    return changed
