"""The review as a workbook: XLSX, the same sections as the deck, every member and every number."""

import io

from reviews.model import Review
from reviews.numbers import Numbers
from reviews.phrases import Phrases
from reviews.sentences import summary_sentence
from reviews.sheets.causes import add_causes, add_concentrations
from reviews.sheets.kpis import add_achievement, add_definitions, add_summary, add_trends
from reviews.sheets.members import add_clear_changes, add_moves
from reviews.sheets.quality import add_quality
from reviews.sheets.volumes import add_volumes
from reviews.sheets.writer import Book, open_workbook
from reviews.wording import period_text, scope_text, source_text
from warehouse.settings import Language


def workbook_bytes(review: Review, language: Language) -> bytes:
    """Return the workbook of a review as the bytes of an .xlsx file."""
    numbers = Numbers(Phrases(language), review.header.currency)
    written = io.BytesIO()
    workbook = open_workbook(written)
    book = Book(workbook, _stamp(review, numbers), numbers.say("workbook.empty"))
    add_summary(book, review, numbers)
    add_achievement(book, review, numbers)
    add_volumes(book, review, numbers)
    add_trends(book, review, numbers)
    add_moves(book, review, review.regions, numbers)
    add_moves(book, review, review.teams, numbers)
    add_clear_changes(book, review, numbers)
    add_causes(book, review, numbers)
    add_concentrations(book, review, numbers)
    add_quality(book, review, numbers)
    add_definitions(book, review, numbers)
    workbook.set_properties(
        {
            "title": f"{numbers.say(f'review_name.{review.header.period.kind}')} {period_text(review.header, numbers)}",
            "subject": summary_sentence(review, numbers),
            "author": numbers.say("stamp.author"),
            "keywords": review.header.build_id,
            "comments": source_text(review.header, numbers),
            "created": review.header.as_of,
        }
    )
    workbook.close()
    return written.getvalue()


def _stamp(review: Review, numbers: Numbers) -> list[str]:
    """Return the lines that stand on every sheet: period, filters, source with build and as-of."""
    say, header = numbers.say, review.header
    filters = say("workbook.no_filter") if header.regions is None else scope_text(header, numbers)
    return [
        say("workbook.period", period=period_text(header, numbers)),
        say("workbook.filters", filters=filters),
        source_text(header, numbers),
    ]
