"""What every page begins with: settings, language, reader, scope, header line, banner, empty state."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import streamlit as st

from dashboards.auth import current_scope
from dashboards.formatting import format_instant, plain
from dashboards.language import LANGUAGES, Phrases
from dashboards.queries import runs
from dashboards.url_state import choose_segment, read_one
from warehouse.errors import AftercareError
from warehouse.reading import BuildReader, current_reader
from warehouse.scope import Scope
from warehouse.settings import Language, Settings, load_settings

#: Reasons come with or without one; the banner adds its own.
_FULL_STOPS = ".\u3002"

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True)
class Page:
    """What a page works with. One reader from start to end, so that all its numbers are of one build."""

    subject: str
    settings: Settings
    phrases: Phrases
    scope: Scope
    reader: BuildReader

    @property
    def zone(self) -> str:
        return self.reader.build.zone

    @property
    def as_of(self) -> str:
        """The instant that the build shows, in local time."""
        return format_instant(self.reader.build.as_of, self.zone)


def page_phrases() -> Phrases:
    """Return the texts in the language of the address, else of the settings, else in the first language."""
    chosen = read_one("lang", LANGUAGES, _default_language())
    return Phrases(next(language for language in LANGUAGES if language == chosen))


@dataclass(frozen=True)
class Tool:
    """What a page works with that needs no build."""

    subject: str
    settings: Settings
    phrases: Phrases
    scope: Scope


def start_tool(subject: str) -> Tool | None:
    """Draw what `start_page` draws for a page that works without a build, too; None when the settings are wrong."""
    opened = _open(subject)
    if opened is None:
        return None
    tool, page = opened
    if page:
        _show_header(page)
    else:
        st.info(tool.phrases("page.no_build"), icon=":material/hourglass_empty:")
    show_trouble(tool.settings, tool.scope, tool.phrases, page)
    return tool


def start_page(subject: str) -> Page | None:
    """Draw title, question, language switch, header line and banner.

    Returns None when nothing can be shown; the reason then stands on the page in words.
    """
    opened = _open(subject)
    if opened is None:
        return None
    tool, page = opened
    if page is None:
        show_trouble(tool.settings, tool.scope, tool.phrases, None)
        st.info(tool.phrases("page.no_build"), icon=":material/hourglass_empty:")
        st.caption(tool.phrases("page.no_build_what_to_do"))
        return None
    _show_header(page)
    show_trouble(tool.settings, tool.scope, tool.phrases, page)
    return page


def _open(subject: str) -> tuple[Tool, Page | None] | None:
    """Draw the title and read settings and build; None, with the reason on the page, when they cannot be read."""
    phrases = page_phrases()
    _show_title(subject, phrases)
    try:
        settings = load_settings()
        scope = current_scope()
        reader = current_reader(settings)
    except AftercareError as error:
        _LOGGER.exception("page %s cannot start", subject)
        st.error(phrases("page.unreadable"), icon=":material/error:")
        st.caption(plain(error))
        return None
    page = Page(subject, settings, phrases, scope, reader) if reader else None
    return Tool(subject, settings, phrases, scope), page


def _show_header(page: Page) -> None:
    st.caption(page.phrases("page.header", as_of=page.as_of, zone=page.zone, build_id=page.reader.build.build_id))


def show_trouble(settings: Settings, scope: Scope, phrases: Phrases, page: Page | None) -> None:
    """Say on top of a page that the newest refresh did not publish: why, since when, whose numbers these are."""
    trouble = runs.last_trouble(settings, scope)
    if trouble is None:
        return
    zone = page.zone if page else settings.zone
    reason = phrases.pick(trouble.run.reason_en, trouble.run.reason_zh) or phrases("trouble.no_reason")
    shown = (
        phrases("trouble.shown", build_id=page.reader.build.build_id, as_of=page.as_of)
        if page
        else phrases("trouble.nothing_shown")
    )
    sentence = phrases.sentences(
        phrases(f"trouble.{trouble.run.status}", since=format_instant(trouble.since, zone), zone=zone),
        phrases("trouble.reason", reason=plain(reason.rstrip(_FULL_STOPS))),
        shown,
    )
    st.warning(sentence, icon=":material/warning:")


@contextmanager
def section(page: Page, name: str) -> Iterator[None]:
    """Keep a failure in one part of a page from taking the rest with it: the log has the story, the page a sentence."""
    try:
        yield
    except Exception as error:
        _LOGGER.exception("section %s of page %s failed", name, page.subject)
        st.error(page.phrases("page.section_failed"), icon=":material/error:")
        if isinstance(error, AftercareError):
            st.caption(plain(error))


def _show_title(subject: str, phrases: Phrases) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.title(phrases(f"pages.{subject}.title"), anchor=False, width="content")
        choose_segment(
            st.container(width="content"),
            "lang",
            phrases("page.language"),
            {language: phrases(f"language.{language}") for language in LANGUAGES},
            _default_language(),
            label_visibility="collapsed",
        )
    st.markdown(phrases(f"pages.{subject}.question"))


def _default_language() -> Language:
    try:
        return load_settings().language
    except AftercareError:
        return LANGUAGES[0]
