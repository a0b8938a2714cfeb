"""What the data quality says of the period."""

from reviews.model import Quality, Review, SourceState
from reviews.numbers import UNKNOWN, Numbers
from reviews.quality_lines import quality_lines, reach_text
from reviews.sentences import quality_sentence
from reviews.slides import theme
from reviews.slides.elements import Box, Deck, Line, add_text, fitting_lines
from reviews.slides.table import Cell, Column, Row, add_table, pages, row

_TABLE_WIDTH, _GAP = 7.4, 0.35


def add_quality(deck: Deck, review: Review, numbers: Numbers) -> None:
    """Add horizons per source on the left, what was left out on the right."""
    say, quality = numbers.say, review.quality
    slide = deck.add_slide(quality_sentence(review, numbers))
    top = theme.BODY_TOP + 0.1
    heads = {theme.MARGIN: say("quality.sources"), theme.MARGIN + _TABLE_WIDTH + _GAP: say("quality.counts")}
    for left, head in heads.items():
        add_text(slide, Box(left, top, 4, 0.3), [Line(head, 13, bold=True, colour=theme.VALUE)], deck.language)
    columns = _columns(numbers)
    box = Box(theme.MARGIN, top + 0.36, _TABLE_WIDTH, theme.BODY_BOTTOM - top - 0.36)
    rows = [_row(source, review, numbers) for source in _useful_first(quality)]
    add_table(slide, box, columns, pages(rows, columns, box.height)[0], deck.language)
    width = theme.BODY_WIDTH - _TABLE_WIDTH - _GAP
    right = Box(theme.MARGIN + _TABLE_WIDTH + _GAP, box.top, width, box.height)
    lines = [Line(text, 12, is_bullet=True, space_before=4) for text in quality_lines(review, numbers)]
    add_text(slide, right, fitting_lines(lines, right), deck.language)


def _useful_first(quality: Quality) -> list[SourceState]:
    return sorted(quality.sources, key=lambda source: (not source.feeds_kpis, -(source.days_short or 0)))


def _columns(numbers: Numbers) -> list[Column]:
    say = numbers.say
    return [
        Column(say("column.contract"), 1.9),
        Column(say("column.source_system"), 1.45),
        Column(say("column.horizon"), 1.1),
        Column(say("column.reaches"), 1.45),
        Column(say("column.last_extracted_at"), 1.5),
    ]


def _row(source: SourceState, review: Review, numbers: Numbers) -> Row:
    colour = theme.BAD if source.days_short else theme.TEXT if source.feeds_kpis else theme.MUTED
    return row(
        Cell(numbers.say.code("contract", source.contract), bold=source.feeds_kpis),
        source.source_system,
        numbers.day(source.horizon),
        Cell(reach_text(source, numbers), colour=colour),
        numbers.instant(source.last_extracted_at, review.header.zone) if source.last_extracted_at else UNKNOWN,
    )
