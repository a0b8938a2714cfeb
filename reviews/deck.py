"""The review as a deck: PPTX, 16:9, native tables and charts."""

import io
from datetime import UTC

from reviews.model import Review
from reviews.numbers import Numbers
from reviews.phrases import Phrases
from reviews.sentences import summary_sentence
from reviews.slides.causes import add_causes, add_concentrations
from reviews.slides.definitions import add_definitions
from reviews.slides.elements import Deck
from reviews.slides.kpi_tables import add_kpi_tables
from reviews.slides.moves import add_clear_changes, add_moves
from reviews.slides.quality import add_quality
from reviews.slides.summary import add_summary, add_title_slide
from reviews.slides.theme import empty_presentation
from reviews.slides.trends import add_trends
from reviews.slides.volumes import add_volumes
from reviews.wording import period_text, source_text
from warehouse.settings import Language


def deck_bytes(review: Review, language: Language) -> bytes:
    """Return the deck of a review as the bytes of a .pptx file."""
    numbers = Numbers(Phrases(language), review.header.currency)
    deck = Deck(empty_presentation(), source_text(review.header, numbers), language)
    add_title_slide(deck, review, numbers)
    add_summary(deck, review, numbers)
    add_kpi_tables(deck, review, numbers)
    add_volumes(deck, review, numbers)
    add_trends(deck, review, numbers)
    add_moves(deck, review, review.regions, numbers)
    add_moves(deck, review, review.teams, numbers)
    add_clear_changes(deck, review, numbers)
    add_causes(deck, review, numbers)
    add_concentrations(deck, review, numbers)
    add_quality(deck, review, numbers)
    add_definitions(deck, review, numbers)
    _describe(deck, review, numbers)
    written = io.BytesIO()
    deck.presentation.save(written)
    return written.getvalue()


def _describe(deck: Deck, review: Review, numbers: Numbers) -> None:
    """Fill in the properties of the file; its dates are the as-of instant, so that they say what the numbers say."""
    say, properties = numbers.say, deck.presentation.core_properties
    name = say(f"review_name.{review.header.period.kind}")
    properties.title = f"{name} {period_text(review.header, numbers)}"
    properties.subject = summary_sentence(review, numbers)
    properties.author = properties.last_modified_by = say("stamp.author")
    properties.comments = deck.footer
    properties.keywords = review.header.build_id
    properties.language = deck.language
    properties.created = properties.modified = review.header.as_of.replace(tzinfo=UTC)
