"""Who stands behind missed targets, by region or team, and which changes are beyond chance."""

from typing import Any

from reviews import findings
from reviews.judgement import ChangeVerdict
from reviews.model import KpiMoves, Review, SliceMoves
from reviews.numbers import UNKNOWN, Numbers
from reviews.sentences import clear_changes, clear_sentence, moves_note, moves_sentence
from reviews.slides import theme
from reviews.slides.chart import add_bars
from reviews.slides.elements import Box, Deck, Line, add_text, lines_height
from reviews.slides.table import Cell, Column, Row, add_table, pages, row
from reviews.wording import change_text, member_name, unit_name, value_text

_BARS = 10
_CHART_WIDTH, _GAP = 4.6, 0.3
_MOST_ROWS = 14
_NOTE_SIZE = 9.5


def add_moves(deck: Deck, review: Review, moves: SliceMoves, numbers: Numbers) -> None:
    """Add the slide of one slice: the parts in the miss that is furthest off, and the first members of every miss."""
    slide = deck.add_slide(moves_sentence(moves, numbers))
    kpi = findings.focus(moves)
    notes = [Line(moves_note(moves, review, numbers), _NOTE_SIZE, colour=theme.MUTED)]
    if kpi is None:
        top = Box(theme.MARGIN, theme.BODY_TOP + 0.2, theme.BODY_WIDTH, 1)
        add_text(slide, top, [Line(moves_note(moves, review, numbers), 14)], deck.language)
        _add_nearest(deck, slide, moves, numbers)
        return
    notes.insert(0, Line(numbers.say("moves.table_note"), _NOTE_SIZE, colour=theme.MUTED))
    note_height = lines_height(notes, theme.BODY_WIDTH) + 0.05
    bottom = theme.BODY_BOTTOM - note_height - 0.05
    box = Box(theme.MARGIN, theme.BODY_TOP + 0.1, _CHART_WIDTH, bottom - theme.BODY_TOP - 0.1)
    _add_parts(slide, box, kpi, numbers)
    left = theme.MARGIN + _CHART_WIDTH + _GAP
    table = Box(left, theme.BODY_TOP + 0.1, theme.BODY_WIDTH - _CHART_WIDTH - _GAP, box.height)
    columns = _miss_columns(moves, numbers, table.width)
    rows = [_miss_row(found, numbers) for found in findings.miss_rows(moves, _MOST_ROWS)]
    add_table(slide, table, columns, pages(rows, columns, table.height)[0], deck.language)
    add_text(slide, Box(theme.MARGIN, bottom + 0.05, theme.BODY_WIDTH, note_height), notes, deck.language)


def add_clear_changes(deck: Deck, review: Review, numbers: Numbers) -> None:
    """Add the slide of changes beyond chance, if there are any; the workbook has all of them."""
    changes = clear_changes(review)
    if not changes:
        return
    say = numbers.say
    period = review.header.period
    columns = [
        Column(say("column.member"), 2.7),
        Column(say("column.kpi"), 3.6),
        Column(numbers.period(period.moved(-1)), 1.4, is_number=True),
        Column(numbers.period(period), 1.4, is_number=True),
        Column(say("column.change"), 2.0),
        Column(say("column.z"), theme.BODY_WIDTH - 11.1, is_number=True),
    ]
    rows = [
        row(
            member_name(change.member, numbers),
            say.word(change.definition.label),
            value_text(change.before, change.definition, numbers),
            Cell(value_text(change.now, change.definition, numbers), bold=True),
            Cell(
                change_text(change.now, change.before, change.definition, numbers),
                colour=theme.GOOD if change.verdict is ChangeVerdict.BETTER else theme.BAD,
            ),
            numbers.signed(change.z),
        )
        for change in changes
    ]
    compared = review.regions.compared + review.teams.compared
    note = [Line(say("clear.note", compared=numbers.count(compared)), _NOTE_SIZE, colour=theme.MUTED)]
    note_height = lines_height(note, theme.BODY_WIDTH)
    height = theme.BODY_BOTTOM - theme.BODY_TOP - 0.2 - note_height
    slide = deck.add_slide(clear_sentence(review, numbers))
    box = Box(theme.MARGIN, theme.BODY_TOP + 0.1, theme.BODY_WIDTH, height)
    add_table(slide, box, columns, pages(rows, columns, height)[0], deck.language)
    add_text(slide, Box(theme.MARGIN, box.bottom + 0.08, theme.BODY_WIDTH, note_height), note, deck.language)


def _add_parts(slide: Any, box: Box, kpi: KpiMoves, numbers: Numbers) -> None:
    say, unit = numbers.say, kpi.definition.unit
    scale = 100.0 if unit == "fraction" else 1.0
    shown, rest = findings.pooled(kpi, _BARS)
    bars = [(member_name(move.member, numbers), scale * (move.miss_part or 0.0)) for move in shown]
    if rest is not None:
        bars.append((say("common.others", count=rest.members), scale * rest.miss_part))
    name = say("unit_name.percentage_points") if unit == "fraction" else unit_name(unit, numbers)
    title = say("moves.chart", kpi=say.word(kpi.definition.label), unit=name)
    add_bars(slide, box, title, say("moves.chart_series"), bars, "+#,##0.00;\u2212#,##0.00;0")


def _miss_columns(moves: SliceMoves, numbers: Numbers, width: float) -> list[Column]:
    say = numbers.say
    fixed = [
        Column(say("column.total"), 0.85, is_number=True),
        Column(say(f"slice.{moves.slice_name}"), 1.4),
        Column(say("column.value"), 0.85, is_number=True),
        Column(say("column.n"), 0.5, is_number=True),
        Column(say("column.miss_part"), 1.1, is_number=True),
        Column(say("column.contribution"), 1.1, is_number=True),
    ]
    return [Column(say("column.kpi"), width - sum(column.width for column in fixed)), *fixed]


def _miss_row(found: findings.MissRow, numbers: Numbers) -> Row:
    definition, move = found.kpi.definition, found.move
    return row(
        numbers.say.word(definition.label),
        value_text(found.kpi.now, definition, numbers),
        Cell(member_name(move.member, numbers), bold=True),
        Cell(value_text(move.now, definition, numbers), bold=True),
        numbers.count(move.now.n) if move.now else UNKNOWN,
        numbers.gap(move.miss_part, definition.unit),
        numbers.gap(move.contribution, definition.unit),
    )


def _add_nearest(deck: Deck, slide: Any, moves: SliceMoves, numbers: Numbers) -> None:
    """Where nothing is missed or can be split, show every KPI's member that is furthest from the target."""
    rows = []
    for kpi in moves.kpis:
        ranked = [move for move in kpi.moves if move.is_ranked and move.miss_part is not None]
        if ranked:
            rows.append(_miss_row(findings.MissRow(kpi, ranked[0]), numbers))
    if not rows:
        return
    box = Box(theme.MARGIN, theme.BODY_TOP + 0.9, theme.BODY_WIDTH, theme.BODY_BOTTOM - theme.BODY_TOP - 0.9)
    columns = _miss_columns(moves, numbers, box.width)
    add_table(slide, box, columns, pages(rows, columns, box.height)[0], deck.language)
