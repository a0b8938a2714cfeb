"""The appendix: how every KPI is defined, and what to mind."""

from reviews.model import Review
from reviews.numbers import UNKNOWN, Numbers
from reviews.slides import theme
from reviews.slides.elements import Box, Deck
from reviews.slides.table import Cell, Column, add_table, pages, row
from reviews.wording import unit_name

_SIZE = 9.5


def add_definitions(deck: Deck, review: Review, numbers: Numbers) -> None:
    """Add as many slides as the definitions need."""
    say = numbers.say
    columns = [
        Column(say("column.kpi"), 2.6),
        Column(say("column.unit"), 1.1),
        Column(say("column.definition"), 5.3),
        Column(say("column.caveat"), theme.BODY_WIDTH - 9.0),
    ]
    rows = [
        row(
            Cell(say.word(entry.definition.label), bold=True),
            unit_name(entry.definition.unit, numbers),
            say.word(entry.definition.definition),
            say.word(entry.definition.caveat) or UNKNOWN,
        )
        for entry in review.achievements
    ]
    height = theme.BODY_BOTTOM - theme.BODY_TOP - 0.1
    tables = pages(rows, columns, height, _SIZE)
    for number, page in enumerate(tables, start=1):
        key = "definitions.title" if len(tables) > 1 else "definitions.title_one"
        slide = deck.add_slide(say(key, page=number, pages=len(tables)))
        box = Box(theme.MARGIN, theme.BODY_TOP + 0.1, theme.BODY_WIDTH, height)
        add_table(slide, box, columns, page, deck.language, _SIZE)
