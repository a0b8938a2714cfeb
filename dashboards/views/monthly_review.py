"""Monthly review: did we keep our promises, why not, and what is behind it? Also for quarters and years."""

from functools import partial

import streamlit as st

from dashboards import periods
from dashboards.filters import Selection
from dashboards.formatting import format_period
from dashboards.page import Page, section, start_page
from dashboards.panels import review_sections
from dashboards.panels.ticket_drill import show_drill
from dashboards.panels.volume_table import show_volumes
from dashboards.periods import PeriodKind
from dashboards.queries import catalogue
from dashboards.queries.reviews import REVIEWED_KINDS, review_file, review_of
from dashboards.url_state import choose_one, choose_segment
from reviews.files import FORMATS, MIME_TYPES, file_name
from reviews.model import Review
from reviews.numbers import Numbers
from reviews.phrases import Phrases
from reviews.sentences import clear_changes

_ICONS = {"pptx": ":material/slideshow:", "xlsx": ":material/table_view:"}


def _show_page(page: Page) -> None:
    code = _choose_period(page)
    if code is None:
        return
    review = review_of(page.reader, page.scope, code)
    numbers = Numbers(Phrases(page.phrases.language), review.header.currency)
    _show_downloads(page, review, code)
    with section(page, "summary"):
        review_sections.show_summary(review, numbers)
    _head(page, "achievement")
    with section(page, "achievement"):
        review_sections.show_achievement(page, review, numbers)
    if review.volumes:
        _head(page, "volumes")
        with section(page, "volumes"):
            show_volumes(page, review.volumes, review.header.period, numbers)
    for moves in (review.regions, review.teams):
        _head(page, f"by_{moves.slice_name}")
        with section(page, moves.slice_name):
            review_sections.show_moves(page, review, moves, numbers)
    if clear_changes(review):
        _head(page, "clear_changes")
        with section(page, "clear_changes"):
            review_sections.show_clear_changes(page, review, numbers)
    _head(page, "causes")
    with section(page, "causes"):
        review_sections.show_causes(page, review, numbers)
    _head(page, "quality")
    with section(page, "quality"):
        review_sections.show_quality(page, review, numbers)
    with section(page, "drill"):
        period = review.header.period
        selection = Selection(PeriodKind(period.kind), period.start, filters=())
        show_drill(page, catalogue.kpi_definitions(page.reader, page.scope, page.phrases), selection)


def _head(page: Page, name: str) -> None:
    st.markdown(f"#### {page.phrases(f'review.head_{name}')}")


def _choose_period(page: Page) -> str | None:
    """Draw kind and period, which are in the address; returns the period's code, None when there are no numbers."""
    say = page.phrases
    bar = st.container(horizontal=True, vertical_alignment="bottom", key="review_bar")
    kind = PeriodKind(
        choose_segment(
            bar,
            "period_kind",
            say("filter.period_kind"),
            {str(kind): say(f"period_kind.{kind}") for kind in REVIEWED_KINDS},
            str(PeriodKind.MONTH),
        )
    )
    available = catalogue.available_periods(page.reader, page.scope, kind)
    if not available:
        st.info(say("page.no_periods"), icon=":material/event_busy:")
        return None
    names = {periods.code(period.start, kind): format_period(period.start, kind, say) for period in available}
    running = {periods.code(period.start, kind) for period in available if not period.is_over}
    labels = {
        code: say("filter.running_period", period=name) if code in running else name for code, name in names.items()
    }
    newest_over = next((code for code in names if code not in running), next(iter(names)))
    return choose_one(bar, "period", say("filter.period"), labels, newest_over, width=170)


def _show_downloads(page: Page, review: Review, code: str) -> None:
    """Offer the review as files in the language of the page; they are made when somebody clicks."""
    language = page.phrases.language
    with st.container(horizontal=True, key="review_downloads"):
        for file_format in FORMATS:
            st.download_button(
                page.phrases(f"review.download_{file_format}"),
                partial(review_file, page.reader, page.scope, code, language, file_format),
                file_name=file_name(review, language, file_format),
                mime=MIME_TYPES[file_format],
                icon=_ICONS[file_format],
                key=f"download_review_{file_format}",
                on_click="ignore",
            )


if (opened := start_page("monthly_review")) is not None:
    with section(opened, "page"):
        _show_page(opened)
