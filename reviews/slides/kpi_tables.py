"""KPI achievement: every KPI against target, last period and last year, by family."""

from itertools import groupby

from reviews import findings
from reviews.judgement import ChangeVerdict, TargetVerdict
from reviews.model import Achievement, Review
from reviews.numbers import Numbers
from reviews.sentences import achievement_sentence
from reviews.slides import theme
from reviews.slides.elements import Box, Deck
from reviews.slides.table import Cell, Column, Row, add_table, pages, row
from reviews.wording import comparison_text, interval_text, n_text, remarks, target_text, value_text

_VERDICT_COLOURS = {
    TargetVerdict.MET: theme.GOOD,
    TargetVerdict.MISSED: theme.BAD,
    TargetVerdict.NO_TARGET: theme.MUTED,
    TargetVerdict.NOT_JUDGED: theme.MUTED,
}
_CHANGE_COLOURS = {ChangeVerdict.BETTER: theme.GOOD, ChangeVerdict.WORSE: theme.BAD}


def add_kpi_tables(deck: Deck, review: Review, numbers: Numbers) -> None:
    """Add as many slides as the KPIs need."""
    columns = _columns(review, numbers)
    rows: list[Row] = []
    owners: dict[int, Achievement] = {}
    for family, members in groupby(review.achievements, key=lambda entry: entry.definition.family):
        rows.append(row(Cell(numbers.say.code("family", family), bold=True, colour=theme.VALUE)))
        for entry in members:
            line = _row(entry, review, numbers)
            owners[id(line)] = entry
            rows.append(line)
    height = theme.BODY_BOTTOM - theme.BODY_TOP - 0.1
    for page in pages(rows, columns, height):
        shown = [owners[id(line)] for line in page if id(line) in owners]
        families = list(dict.fromkeys(entry.definition.family for entry in shown))
        slide = deck.add_slide(achievement_sentence(shown, families, numbers))
        box = Box(theme.MARGIN, theme.BODY_TOP + 0.1, theme.BODY_WIDTH, height)
        add_table(slide, box, columns, page, deck.language)


def _columns(review: Review, numbers: Numbers) -> list[Column]:
    say, period = numbers.say, review.header.period
    before = [Column(say("column.before", period=numbers.period(period.moved(-1))), 1.85)]
    year = [Column(say("column.year_before", period=numbers.period(period.year_before)), 1.85)]
    comparisons = year if findings.is_year(review) else before + year
    fixed = [
        Column(say("column.value"), 0.95, is_number=True),
        Column(say("column.target"), 1.0, is_number=True),
        Column(say("column.verdict"), 0.95),
        *comparisons,
        Column(say("column.n"), 0.6, is_number=True),
        Column(say("column.interval"), 1.35),
        Column(say("column.remark"), 1.6),
    ]
    used = sum(column.width for column in fixed)
    return [Column(say("column.kpi"), theme.BODY_WIDTH - used), *fixed]


def _row(entry: Achievement, review: Review, numbers: Numbers) -> Row:
    definition, verdict = entry.definition, entry.target_verdict
    comparisons = [(entry.before, entry.change), (entry.year_before, entry.year_change)]
    if findings.is_year(review):
        comparisons = comparisons[1:]
    return row(
        numbers.say.word(definition.label),
        Cell(value_text(entry.now, definition, numbers), bold=True),
        target_text(entry.now, definition, numbers),
        Cell(numbers.say(f"verdict.{verdict}"), colour=_VERDICT_COLOURS[verdict]),
        *(
            Cell(
                comparison_text(entry.now, figure, change, definition, numbers),
                colour=_CHANGE_COLOURS.get(change, theme.TEXT),
            )
            for figure, change in comparisons
        ),
        n_text(entry.now, numbers),
        interval_text(entry.now, definition, numbers),
        Cell(numbers.say("common.semicolon").join(remarks(entry, numbers)), colour=theme.MUTED),
    )
