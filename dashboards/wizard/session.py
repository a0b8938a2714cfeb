"""The wizard's page from upload to saving. Between clicks the look at the files is remembered, not the files."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from dashboards.formatting import plain
from dashboards.language import Phrases
from dashboards.page import Tool
from dashboards.wizard.column_form import show_entry_form
from dashboards.wizard.trial import show_trial
from dashboards.wizard.uploads import MAX_BYTES, MAX_FILES, digest_of, kept_for_now
from landing.mapping import UndecidedError, read_mapping
from landing.refusal import RefusalError
from landing.wizard.correcting import Corrections
from landing.wizard.looking import FileLook
from landing.wizard.proposal import Proposal
from landing.wizard.proposing import propose
from landing.wizard.saving import mapping_path, save_mapping
from landing.wizard.session import look_at, try_mapping
from landing.wizard.yaml_text import count_kinds, write_mapping
from warehouse.errors import AftercareError

_LOOKS = "wizard_looks"
_LOGGER = logging.getLogger(__name__)


def show_wizard(tool: Tool) -> None:
    """Draw the page: upload, proposal, form, trial, saving."""
    say = tool.phrases
    uploads: Sequence[Any] = st.file_uploader(
        say("wizard.upload"), accept_multiple_files=True, help=say("wizard.upload_help")
    )
    if not uploads:
        st.session_state.pop(_LOOKS, None)
        return
    if len(uploads) > MAX_FILES or sum(upload.size for upload in uploads) > MAX_BYTES:
        st.error(say("wizard.too_much", files=MAX_FILES, megabytes=MAX_BYTES >> 20), icon=":material/error:")
        return
    try:
        looks = _looks(tool, uploads)
    except AftercareError as error:
        _show_error(error, say)
        return
    first = propose(looks, tool.settings.zone)
    system, zone = st.columns(2)
    name = system.text_input(say("wizard.system"), first.system, help=say("wizard.system_help"))
    local = zone.text_input(say("wizard.zone"), first.time_zone, help=say("wizard.zone_help"))
    corrections = _show_forms(first, say)
    proposal = propose(looks, local, name, corrections)
    text = write_mapping(proposal, say.language)
    _show_text(text, name, say)
    _show_end(tool, uploads, proposal, text, name)


def _looks(tool: Tool, uploads: Sequence[Any]) -> tuple[FileLook, ...]:
    """What the files hold; each set of files is looked at once."""
    digest = digest_of(uploads)
    known = st.session_state.get(_LOOKS)
    if known and known[0] == digest:
        looks: tuple[FileLook, ...] = known[1]
        return looks
    with st.spinner(tool.phrases("wizard.looking")), kept_for_now(tool.settings, uploads) as files:
        looks = look_at(tool.settings, files)
    st.session_state[_LOOKS] = (digest, looks)
    return looks


def _show_error(error: AftercareError, say: Phrases) -> None:
    if isinstance(error, RefusalError):
        message = say.pick(error.en, error.zh)
    elif isinstance(error, UndecidedError):
        message = say.pick(str(error), error.zh)
    else:
        message = str(error)
    st.error(plain(message), icon=":material/error:")


def _show_forms(proposal: Proposal, say: Phrases) -> Corrections:
    counts = count_kinds(proposal)
    st.markdown(f"#### {say('wizard.proposal')}", help=say("wizard.proposal_help"))
    st.markdown(say("wizard.counts", **counts))
    for note in proposal.notes:
        st.caption(plain(note.text(say.language)))
    corrections: Corrections = {}
    seen: set[tuple[str, str]] = set()
    for number, entry in enumerate(proposal.entries):
        place = (entry.contract, f"{entry.look.file_name} {entry.look.options.sheet or ''}")
        if place in seen:
            continue  # further events of the same log follow from the first entry
        seen.add(place)
        title = say("wizard.entry", contract=entry.contract, file=plain(place[1].strip()), rows=entry.look.rows)
        with st.expander(title, expanded=number == 0):
            for note in (*entry.look.notes, *entry.notes):
                st.caption(plain(note.text(say.language)))
            corrections |= show_entry_form(entry, say, f"wizard_{number}")
    if proposal.left_out:
        with st.expander(say("wizard.left_out", count=len(proposal.left_out))):
            for column in proposal.left_out:
                examples = say("common.comma").join(column.examples) or say("common.none")
                share = f"{100 * column.fill_share:.0f}%"
                st.caption(plain(f"{column.column} · {share} · {examples} · {column.reason.text(say.language)}"))
    return corrections


def _show_text(text: str, name: str, say: Phrases) -> None:
    with st.expander(say("wizard.yaml")):
        st.code(text, language="yaml")
        st.download_button(
            say("wizard.download"), text.encode(), f"{name}.yml", "application/yaml", icon=":material/download:",
            on_click="ignore",
        )  # fmt: skip


def _show_end(tool: Tool, uploads: Sequence[Any], proposal: Proposal, text: str, name: str) -> None:
    say = tool.phrases
    st.markdown(f"#### {say('wizard.try_and_save')}")
    try:
        mapping = read_mapping(text, Path(f"{name}.yml"))
    except AftercareError as error:
        _show_error(error, say)
        return
    if st.button(say("wizard.try"), icon=":material/play_arrow:"):
        try:
            with st.spinner(say("wizard.trying")), kept_for_now(tool.settings, uploads) as files:
                show_trial(try_mapping(tool.settings, files, mapping), say)
        except AftercareError as error:
            _show_error(error, say)
    _show_saving(tool, text, name)


def _show_saving(tool: Tool, text: str, name: str) -> None:
    say, folder = tool.phrases, tool.settings.sources
    if folder.is_file() or folder.suffix in (".yml", ".yaml"):
        st.caption(say("wizard.one_file_only"))
        return
    try:
        path = mapping_path(folder, name)
    except AftercareError:
        st.error(say("wizard.bad_name"), icon=":material/error:")
        return
    replaces = path.exists() and st.checkbox(say("wizard.replace", file=path.name))
    if st.button(say("wizard.save", file=path.name), icon=":material/save:", disabled=path.exists() and not replaces):
        try:
            save_mapping(path, text, replace=replaces)
        except AftercareError as error:
            _LOGGER.exception("saving a mapping failed")
            _show_error(error, say)
            return
        st.success(say("wizard.saved", file=path.name), icon=":material/check_circle:")
