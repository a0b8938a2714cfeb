"""Volumes by case type, as they stand and made comparable."""

from reviews.model import ALL_CASE_TYPES, Review
from reviews.numbers import Numbers
from reviews.slides import theme
from reviews.slides.elements import Box, Deck, Line, add_text, lines_height
from reviews.slides.table import Cell, Column, Row, add_table, pages, row
from reviews.volume_wording import volume_cells, volume_columns, volume_notes, volume_sentence

_NOTE_SIZE = 9.5
_WIDTHS = {
    "value": 1.2, "before": 2.0, "per_working_day": 1.2, "year_before": 2.0, "year_per_working_day": 1.2,
    "festival": 2.0, "attainment": 1.0,
}  # fmt: skip
_NUMBERS = ("value", "per_working_day", "year_per_working_day", "attainment")


def add_volumes(deck: Deck, review: Review, numbers: Numbers) -> None:
    """Add a table of the volumes, if the build has any."""
    if not review.volumes:
        return
    names = volume_columns(review.volumes, review.header.period)
    columns = _columns(names, review, numbers)
    rows: list[Row] = []
    for volume in review.volumes:
        rows.append(row(Cell(numbers.say.word(volume.definition.label), bold=True, colour=theme.VALUE)))
        for entry in volume.rows:
            cells, is_total = volume_cells(volume, entry, numbers), entry.case_type == ALL_CASE_TYPES
            rows.append(row(*(Cell(cells[name], bold=is_total or name == "value") for name in names)))
    notes = [Line(numbers.say.sentences(*volume_notes(review.volumes, numbers)), _NOTE_SIZE, colour=theme.MUTED)]
    note_height = lines_height(notes, theme.BODY_WIDTH)
    note_box = Box(theme.MARGIN, theme.BODY_BOTTOM - note_height, theme.BODY_WIDTH, note_height)
    height = note_box.top - theme.BODY_TOP - 0.25
    for page in pages(rows, columns, height):
        slide = deck.add_slide(volume_sentence(review.volumes[0], review.header.period, numbers))
        add_table(
            slide, Box(theme.MARGIN, theme.BODY_TOP + 0.1, theme.BODY_WIDTH, height), columns, page, deck.language
        )
        add_text(slide, note_box, notes, deck.language)


def _columns(names: list[str], review: Review, numbers: Numbers) -> list[Column]:
    say, period = numbers.say, review.header.period
    labels = {
        "value": numbers.period(period),
        "before": say("column.before", period=numbers.period(period.moved(-1))),
        "year_before": say("column.year_before", period=numbers.period(period.year_before)),
    }
    first = theme.BODY_WIDTH - sum(_WIDTHS[name] for name in names[1:])
    return [
        Column(labels.get(name) or say(f"column.{name}"), _WIDTHS.get(name, first), is_number=name in _NUMBERS)
        for name in names
    ]
