"""Title slide and summary."""

from typing import Any

from reviews import findings
from reviews.judgement import ChangeVerdict, TargetVerdict
from reviews.model import Achievement, Review
from reviews.numbers import Numbers
from reviews.sentences import look_at_lines, summary_sentence, what_is_unsure
from reviews.slides import theme
from reviews.slides.elements import Box, Deck, Line, add_panel, add_text, fitting_lines, write_lines
from reviews.wording import change_text, period_text, scope_text, target_text, value_text

_TILE_HEIGHT, _GAP = 1.42, 0.2
_LIST_SIZE, _HEAD_SIZE = 12, 13
_VERDICT_COLOURS = {TargetVerdict.MET: theme.GOOD, TargetVerdict.MISSED: theme.BAD}


def add_title_slide(deck: Deck, review: Review, numbers: Numbers) -> None:
    """Add the first slide: what it is, of which period, made from what, and the one sentence."""
    say, header = numbers.say, review.header
    slide = deck.presentation.slides.add_slide(theme.title_layout(deck.presentation))
    add_panel(slide, Box(0, 0, 0.35, theme.HEIGHT), theme.VALUE)
    title = [Line(say(f"review_name.{header.period.kind}"), 38, bold=True), Line(period_text(header, numbers), 28)]
    write_lines(slide.shapes.title.text_frame, title, deck.language)
    write_lines(
        slide.placeholders[1].text_frame,
        [Line(summary_sentence(review, numbers), 20, colour=theme.VALUE)],
        deck.language,
    )
    facts = [Line(scope_text(header, numbers), 14)]
    if not header.is_over:
        facts.append(Line(say("stamp.running", day=numbers.day(header.as_of_day)), 12, colour=theme.MUTED))
    facts.append(Line(say("title.made_from"), 12, colour=theme.MUTED))
    add_text(slide, Box(0.9, 5.2, theme.WIDTH - 1.8, 1.5), facts, deck.language)
    deck.add_footer(slide)


def add_summary(deck: Deck, review: Review, numbers: Numbers) -> None:
    """Add the slide that says it all: tiles of the headline KPIs and three short lists."""
    slide = deck.add_slide(summary_sentence(review, numbers))
    _add_tiles(deck, slide, review, numbers)
    before = numbers.period(findings.previous(review))
    lists = {
        numbers.say("summary.off_target"): _missed_lines(review, numbers),
        numbers.say("summary.changed", before=before): _changed_lines(review, numbers),
        numbers.say("summary.look_at"): look_at_lines(review, numbers),
    }
    top = theme.BODY_TOP + _TILE_HEIGHT + 0.3
    width = (theme.BODY_WIDTH - 2 * _GAP) / 3
    for position, (head, texts) in enumerate(lists.items()):
        left = theme.MARGIN + position * (width + _GAP)
        heading = Line(head, _HEAD_SIZE, bold=True, colour=theme.VALUE)
        add_text(slide, Box(left, top, width, 0.3), [heading], deck.language)
        box = Box(left, top + 0.34, width, theme.BODY_BOTTOM - top - 0.34)
        add_text(slide, box, _shortened(texts, box, numbers), deck.language)


def _add_tiles(deck: Deck, slide: Any, review: Review, numbers: Numbers) -> None:
    rows = findings.tiles(review.achievements)
    width = (theme.BODY_WIDTH - _GAP * (len(rows) - 1)) / max(len(rows), 1)
    for position, row in enumerate(rows):
        box = Box(theme.MARGIN + position * (width + _GAP), theme.BODY_TOP + 0.05, width, _TILE_HEIGHT)
        add_panel(slide, box)
        inner = Box(box.left + 0.12, box.top + 0.08, box.width - 0.24, box.height - 0.14)
        add_text(slide, inner, _tile_lines(row, review, numbers), deck.language)


def _tile_lines(row: Achievement, review: Review, numbers: Numbers) -> list[Line]:
    say, definition = numbers.say, row.definition
    label = Line(say.word(definition.label), 10.5, bold=True)
    lines = [label, Line(value_text(row.now, definition, numbers), 22, bold=True, colour=theme.VALUE)]
    verdict = row.target_verdict
    if verdict is not TargetVerdict.NO_TARGET:
        target = target_text(row.now, definition, numbers)
        text = say("summary.tile_target", verdict=say(f"verdict.{verdict}"), target=target)
        lines.append(Line(text, 9.5, colour=_VERDICT_COLOURS.get(verdict, theme.MUTED)))
    change = change_text(row.now, row.before, definition, numbers, row.change)
    before = numbers.period(findings.previous(review))
    lines.append(Line(say("summary.tile_before", change=change, before=before), 9.5, colour=theme.MUTED))
    return lines


def _missed_lines(review: Review, numbers: Numbers) -> list[str]:
    lines = [
        numbers.say(
            "summary.missed_line",
            kpi=numbers.say.word(row.definition.label),
            value=value_text(row.now, row.definition, numbers),
            target=target_text(row.now, row.definition, numbers),
        )
        for row in findings.missed(review.achievements)
    ]
    return lines or [numbers.say("summary.nothing_missed")]


def _changed_lines(review: Review, numbers: Numbers) -> list[str]:
    lines = [
        numbers.say(
            "summary.change_line",
            word=numbers.say(f"change.{verdict}").capitalize(),
            kpi=numbers.say.word(row.definition.label),
            before=value_text(row.before, row.definition, numbers),
            now=value_text(row.now, row.definition, numbers),
        )
        for verdict in (ChangeVerdict.WORSE, ChangeVerdict.BETTER)
        for row in findings.changed(review.achievements, verdict)
    ]
    return (lines or [numbers.say("summary.nothing_changed")]) + what_is_unsure(review, numbers)


def _shortened(texts: list[str], box: Box, numbers: Numbers) -> list[Line]:
    """Return the lines that fit; the last one then says how many are left out."""
    lines = [Line(text, _LIST_SIZE, is_bullet=True, space_before=4) for text in texts]
    kept = fitting_lines(lines, box)
    if len(kept) == len(lines):
        return kept
    kept = fitting_lines(lines, Box(box.left, box.top, box.width, box.height - 0.3))
    more = numbers.say("summary.more", count=len(lines) - len(kept))
    return [*kept, Line(more, _LIST_SIZE, colour=theme.MUTED, is_bullet=True, space_before=4)]
